"""HTTP in: parse, name the decision, answer. One file for each kind of thing that registry owns."""

from fastapi import APIRouter

from services.registry.access import Access
from services.registry.brands.api import brands, drafts, ledger, matrix, texts
from services.registry.hr.api import files as hr_files
from services.registry.hr.api import holds as hr_gates
from services.registry.hr.api import mirror as hr_mirror
from services.registry.hr.api import proposals as hr_proposals
from services.registry.hr.api import runs as hr_runs
from services.registry.hr.feeds.scim import server
from services.registry.hr.feeds.scim import status as desk
from services.registry.hr.use_cases.confirmation import Confirmation
from services.registry.hr.use_cases.events import HrEvents
from services.registry.hr.use_cases.holds import Holds
from services.registry.hr.use_cases.runs import Runs
from services.registry.party.api import organisations, people
from services.registry.programme.api import block_types, calendars, programme
from services.registry.stores import Stores


def routes(stores: Stores, runs: Runs, hearing: HrEvents, confirmation: Confirmation, gates: Holds) -> list[APIRouter]:
    """Every route of this service."""
    standings = Access(stores)
    return [
        organisations.routes(stores, standings),
        people.routes(stores, standings),
        programme.routes(stores, standings),
        block_types.routes(stores, standings),
        calendars.routes(stores, standings),
        drafts.routes(stores, standings),
        brands.routes(stores, standings),
        texts.routes(stores, standings),
        ledger.routes(stores, standings),
        matrix.routes(stores),
        hr_runs.routes(stores, standings, runs),
        hr_files.routes(runs),
        hr_gates.routes(stores, standings, gates),
        server.routes(stores.scim),
        desk.routes(stores.scim),
        hr_proposals.routes(stores, standings, confirmation),
        hr_mirror.routes(stores, standings, hearing),
    ]
