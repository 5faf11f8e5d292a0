"""HTTP in: parse, name the decision, answer. Plans, records, kinds and participation, each in a file of its own."""

from fastapi import APIRouter

from infra.store import Store
from services.activities.api import filings, lists, participation, records
from services.activities.api import kinds as kinds_api
from services.activities.api.desk import Desk
from services.activities.model.kind import Kind
from services.activities.store import Activities, Mirrors


def routes(activities: Activities, kinds: Store[Kind], mirrors: Mirrors) -> list[APIRouter]:
    """Every route of this service."""
    desk = Desk(mirrors)
    return [
        filings.routes(activities, kinds, desk),
        records.routes(activities, kinds, desk),
        lists.routes(activities, desk),
        participation.routes(activities, desk),
        kinds_api.routes(kinds),
    ]
