"""HTTP in: parse, name the decision, answer. One file for each kind of thing that registry owns."""

from fastapi import APIRouter

from services.registry.access import Access
from services.registry.brands.api import brands, drafts, ledger, matrix, texts
from services.registry.hr.api import files as hr_files
from services.registry.hr.api import holds as hr_holds
from services.registry.hr.api import mirror as hr_mirror
from services.registry.hr.api import proposals as hr_proposals
from services.registry.hr.api import runs as hr_runs
from services.registry.hr.feeds.scim import server
from services.registry.hr.feeds.scim import status as scim_status
from services.registry.hr.use_cases.confirmation import Confirmation
from services.registry.hr.use_cases.events import HrEvents
from services.registry.hr.use_cases.holds import Holds
from services.registry.hr.use_cases.runs import Runs
from services.registry.party.api import organisations, people
from services.registry.programme.api import block_types, calendars, programme
from services.registry.stores import Stores


def routes(
    stores: Stores, runs: Runs, hr_events: HrEvents, confirmation: Confirmation, holds: Holds
) -> list[APIRouter]:
    """Every route of this service."""
    access = Access(stores)
    return [
        organisations.routes(stores, access),
        people.routes(stores, access),
        programme.routes(stores, access),
        block_types.routes(stores, access),
        calendars.routes(stores, access),
        drafts.routes(stores, access),
        brands.routes(stores, access),
        texts.routes(stores, access),
        ledger.routes(stores, access),
        matrix.routes(stores),
        hr_runs.routes(stores, access, runs),
        hr_files.routes(runs),
        hr_holds.routes(stores, access, holds),
        server.routes(stores.scim),
        scim_status.routes(stores.scim),
        hr_proposals.routes(stores, access, confirmation),
        hr_mirror.routes(stores, access, hr_events),
    ]
