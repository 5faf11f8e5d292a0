"""The activities service put together; importing this has no effect."""

import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from infra.kernel.events import Cause
from infra.kernel.settings import Settings
from infra.runtime.jobs import Job
from infra.runtime.service import Service
from infra.sandbox.pool import SandboxPool
from infra.storage.mongo import Mongo
from infra.storage.store import Store
from services.activities.access import Access
from services.activities.inbound.api import inbound_routes
from services.activities.inbound.handlers import subscribe
from services.activities.inbound.store import Inbound
from services.activities.inbound.use_cases.effects import Effects
from services.activities.inbound.use_cases.enacting import Enacting
from services.activities.inbound.use_cases.intake import Intake
from services.activities.inbound.use_cases.rule_evaluator import RuleEvaluator
from services.activities.plans.api import routes
from services.activities.plans.model.kind import Kind, ship
from services.activities.plans.store import Activities, Mirrors, kinds
from services.activities.seeding import put_catalogue

DATA = Path(__file__).parent / "data"


def build(settings: Settings | None = None) -> Service:
    """Settings → MongoDB → stores → HTTP and handlers → service."""
    settings = settings or Settings.of("activities")
    mongo = Mongo(settings)
    activities, known_kinds, mirrors, inbound = Activities(mongo), kinds(mongo), Mirrors(mongo), Inbound(mongo)
    room = SandboxPool()
    bench = RuleEvaluator(room, known_kinds)
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
            *inbound_routes(inbound, bench, intake, enacting, Access(mirrors)),
        ],
        handlers=subscribe(mirrors, intake, enacting),
        stores=[activities, known_kinds, *inbound.stores],
        others=mirrors.collections,
        jobs=[Job("arrivals.revisited", intake.revisit, pause=5.0)],
        started=[seed],
    )
    service.app.router.lifespan_context = room.around(service.app.router.lifespan_context)
    return service


def shipped() -> list[Kind]:
    """The kinds of activities that come with the product."""
    return [Kind.model_validate(kind) for kind in json.loads((DATA / "kinds.json").read_text(encoding="utf-8"))]


async def put_shipped(store: Store[Kind]) -> None:
    """Put the shipped kinds in place where they are missing; changed ones stay as people made them."""
    for kind in shipped():
        name = f"shipped#{kind.id}"
        cause = Cause(id=name, at=datetime.now(UTC), correlation=name)
        await store.put(kind.id, partial(ship, kind), cause=cause)
