"""The activities service put together; importing this has no effect."""

from functools import partial
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter

from infra.kernel import clock
from infra.kernel.settings import Settings
from infra.runtime.jobs import Job
from infra.runtime.service import Service
from infra.sandbox.pool import SandboxPool
from infra.storage.mongo import Mongo
from infra.storage.store import Store
from services.activities.access import Access
from services.activities.inbound.api import arrivals, drafts, findings, rules
from services.activities.inbound.handlers import subscribe
from services.activities.inbound.model.department import Department, Registration
from services.activities.inbound.model.rule import Rule, Version, Wording
from services.activities.inbound.store import Inbound
from services.activities.inbound.use_cases.effects import Effects, RuleEvaluator
from services.activities.inbound.use_cases.intake import Intake
from services.activities.plans.api import lists, plans
from services.activities.plans.model.kind import Kind
from services.activities.plans.store import Activities, Kinds, Mirrors

SHIPPED_BY = "shipped"
T = TypeVar("T")


def build(settings: Settings | None = None) -> Service:
    """Settings → MongoDB → stores → HTTP and handlers → service."""
    settings = settings or Settings.of("activities")
    mongo = Mongo(settings)
    activities, known_kinds, mirrors, inbound = Activities(mongo), Kinds(mongo), Mirrors(mongo), Inbound(mongo)
    access, pool = Access(mirrors), SandboxPool()
    effects = Effects(inbound, mirrors, RuleEvaluator(pool, known_kinds), activities)
    intake = Intake(effects)

    service = Service(
        title=("活动", "Activities"),
        settings=settings,
        mongo=mongo,
        routers=[
            plans.routes(activities, known_kinds, access),
            plans.record_routes(activities, known_kinds, access),
            lists.routes(activities, access),
            plans.kind_routes(known_kinds),
            rules.department_routes(effects),
            rules.routes(effects),
            rules.trial_routes(effects),
            arrivals.routes(intake),
            drafts.routes(effects, access),
            findings.routes(inbound, access),
        ],
        handlers=subscribe(mirrors, intake),
        stores=[activities, known_kinds, *inbound.stores],
        others=mirrors.collections,
        jobs=[Job("arrivals.revisited", intake.revisit, pause=5.0)],
        started=[partial(seed, known_kinds, inbound)],
    )
    service.app.router.lifespan_context = pool.around(service.app.router.lifespan_context)
    return service


def shipped(name: str, shape: type[T]) -> T:
    """The content of a data file in its shape."""
    return TypeAdapter(shape).validate_json((Path(__file__).parent / "data" / f"{name}.json").read_bytes())


async def seed(kinds: Store[Kind], inbound: Inbound) -> None:
    """Put in place what is missing; what people made of the rest stays."""
    for kind in shipped("kinds_of_activities", list[Kind]):
        await kinds.seed(kind.id, lambda kind=kind: (kind, []))  # type: ignore[misc]
    for key, registration in shipped("departments", dict[str, Registration]).items():
        department = Department(id=key, **dict(registration))
        await inbound.departments.seed(key, lambda department=department: (department, []))  # type: ignore[misc]
    for key, wording in shipped("rules", dict[str, Wording]).items():
        version = Version(**dict(wording), number=1, by=SHIPPED_BY, at=clock.now())
        rule = Rule(id=key, versions=(version,), published=1)
        await inbound.rules.seed(key, lambda rule=rule: (rule, []))  # type: ignore[misc]
