"""HTTP in: parse, name the decision, answer. Plans, records, kinds and participation, each in a file of its own."""

from fastapi import APIRouter

from infra.storage.store import Store
from services.activities.access import Access
from services.activities.plans.api import kinds as kinds_api
from services.activities.plans.api import lists, participation
from services.activities.plans.api import plans as filings
from services.activities.plans.model.kind import Kind
from services.activities.plans.store import Activities, Mirrors


def routes(activities: Activities, kinds: Store[Kind], mirrors: Mirrors) -> list[APIRouter]:
    """Every route of this service."""
    access = Access(mirrors)
    return [
        filings.routes(activities, kinds, access),
        filings.record_routes(activities, kinds, access),
        lists.routes(activities, access),
        participation.routes(activities, access),
        kinds_api.routes(kinds),
    ]
