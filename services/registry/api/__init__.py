"""HTTP in: parse, name the decision, answer. One file for each kind of thing that registry owns."""

from fastapi import APIRouter

from services.registry.api import (
    block_types,
    brands,
    calendars,
    drafts,
    hr_files,
    hr_gates,
    hr_mirror,
    hr_proposals,
    hr_runs,
    ledger,
    matrix,
    organisations,
    people,
    programme,
    texts,
)
from services.registry.api.standing import Standings
from services.registry.confirmation import Confirmation
from services.registry.gates import Gates
from services.registry.hearing import Hearing
from services.registry.running import Runs
from services.registry.scim import desk, server
from services.registry.store import Stores


def routes(stores: Stores, runs: Runs, hearing: Hearing, confirmation: Confirmation, gates: Gates) -> list[APIRouter]:
    """Every route of this service."""
    standings = Standings(stores)
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
