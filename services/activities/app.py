"""The activities service put together; importing this has no effect."""

import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from infra.events import Cause
from infra.mongo import Mongo
from infra.service import Service
from infra.settings import Settings
from infra.store import Store
from services.activities.api import routes
from services.activities.handlers import hear
from services.activities.model.calendar import Calendar
from services.activities.model.kind import Kind, ship
from services.activities.store import Activities, Mirrors, kinds

HERE = Path(__file__).parent


def build(settings: Settings | None = None) -> Service:
    """Settings → MongoDB → stores → HTTP and handlers → service."""
    settings = settings or Settings.of("activities")
    mongo = Mongo(settings)
    activities, known_kinds, mirrors = Activities(mongo), kinds(mongo), Mirrors(mongo)
    calendar = Calendar.model_validate_json((HERE / "calendar.json").read_text(encoding="utf-8"))

    async def seed() -> None:
        await put_shipped(known_kinds)

    return Service(
        title=("活动", "Activities"),
        settings=settings,
        mongo=mongo,
        routers=routes(activities, known_kinds, mirrors, calendar),
        handlers=hear(mirrors),
        stores=[activities, known_kinds],
        others=mirrors.collections,
        started=[seed],
    )


def shipped() -> list[Kind]:
    """The kinds of activities that come with the product."""
    return [Kind.model_validate(kind) for kind in json.loads((HERE / "kinds.json").read_text(encoding="utf-8"))]


async def put_shipped(store: Store[Kind]) -> None:
    """Put the shipped kinds in place where they are missing; changed ones stay as people made them."""
    for kind in shipped():
        name = f"shipped#{kind.id}"
        cause = Cause(id=name, at=datetime.now(UTC), correlation=name)
        await store.put(kind.id, partial(ship, kind), cause=cause)
