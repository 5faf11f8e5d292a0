"""HTTP in: parse, name the decision, answer. Plans and records, what everyone sees, kinds."""

from fastapi import APIRouter

from services.activities.access import Access
from services.activities.plans.api import kinds as kinds_api
from services.activities.plans.api import lists
from services.activities.plans.api import plans as filings
from services.activities.plans.store import Activities, Kinds, Mirrors


def routes(activities: Activities, kinds: Kinds, mirrors: Mirrors) -> list[APIRouter]:
    """Every route of this service."""
    access = Access(mirrors)
    return [
        filings.routes(activities, kinds, access),
        filings.record_routes(activities, kinds, access),
        lists.routes(activities, access),
        kinds_api.routes(kinds),
    ]
