"""The activities service put together; importing this has no effect."""

import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from infra.events import Cause
from infra.mongo import Mongo
from infra.schedule import Job
from infra.service import Service
from infra.settings import Settings
from infra.store import Store
from services.activities.api import routes
from services.activities.api.desk import Desk
from services.activities.api.inbound import inbound_routes
from services.activities.effects import Effects
from services.activities.enacting import Enacting
from services.activities.handlers import hear
from services.activities.intake import Intake
from services.activities.model.kind import Kind, ship
from services.activities.rules.bench import Bench
from services.activities.rules.room import Room
from services.activities.shipped import put_catalogue
from services.activities.store import Activities, Inbound, Mirrors, kinds

HERE = Path(__file__).parent


def build(settings: Settings | None = None) -> Service:
    """Settings → MongoDB → stores → HTTP and handlers → service."""
    settings = settings or Settings.of("activities")
    mongo = Mongo(settings)
    activities, known_kinds, mirrors, inbound = Activities(mongo), kinds(mongo), Mirrors(mongo), Inbound(mongo)
    room = Room()
    bench = Bench(room, known_kinds)
    intake = Intake(inbound, bench, Effects(inbound, mirrors, bench))
    enacting = Enacting(inbound.drafts, activities, known_kinds)

    async def seed() -> None:
        await put_shipped(known_kinds)
        await put_catalogue(inbound)

    service = Service(
        title=("活动", "Activities"),
        settings=settings,
        mongo=mongo,
        routers=[
            *routes(activities, known_kinds, mirrors),
            *inbound_routes(inbound, bench, intake, enacting, Desk(mirrors)),
        ],
        handlers=hear(mirrors, intake, enacting),
        stores=[activities, known_kinds, *inbound.stores],
        others=mirrors.collections,
        jobs=[Job("arrivals.revisited", intake.revisit, pause=5.0)],
        started=[seed],
    )
    service.app.router.lifespan_context = room.around(service.app.router.lifespan_context)
    return service


def shipped() -> list[Kind]:
    """The kinds of activities that come with the product."""
    return [Kind.model_validate(kind) for kind in json.loads((HERE / "kinds.json").read_text(encoding="utf-8"))]


async def put_shipped(store: Store[Kind]) -> None:
    """Put the shipped kinds in place where they are missing; changed ones stay as people made them."""
    for kind in shipped():
        name = f"shipped#{kind.id}"
        cause = Cause(id=name, at=datetime.now(UTC), correlation=name)
        await store.put(kind.id, partial(ship, kind), cause=cause)
