"""HTTP in: parse, name the decision, answer. One file for each kind of thing that registry owns."""

from fastapi import APIRouter

from services.registry.api import block_types, brands, drafts, ledger, matrix, organisations, people, programme, texts
from services.registry.api.standing import Standings
from services.registry.store import Stores


def routes(stores: Stores) -> list[APIRouter]:
    """Every route of this service."""
    standings = Standings(stores)
    return [
        organisations.routes(stores, standings),
        people.routes(stores, standings),
        programme.routes(stores, standings),
        block_types.routes(stores, standings),
        drafts.routes(stores, standings),
        brands.routes(stores, standings),
        texts.routes(stores, standings),
        ledger.routes(stores, standings),
        matrix.routes(stores),
    ]
