"""The activities service put together; importing this has no effect."""

from functools import partial

from infra.kernel.settings import Settings
from infra.runtime.jobs import Job
from infra.runtime.service import Service
from infra.sandbox.pool import SandboxPool
from infra.storage.mongo import Mongo
from services.activities.access import Access
from services.activities.inbound.api import inbound_routes
from services.activities.inbound.handlers import subscribe
from services.activities.inbound.store import Inbound
from services.activities.inbound.use_cases.effects import Effects
from services.activities.inbound.use_cases.enacting import Enacting
from services.activities.inbound.use_cases.intake import Intake
from services.activities.inbound.use_cases.rule_evaluator import RuleEvaluator
from services.activities.plans.api import routes
from services.activities.plans.store import Activities, Mirrors, kinds
from services.activities.seeding import seed


def build(settings: Settings | None = None) -> Service:
    """Settings → MongoDB → stores → HTTP and handlers → service."""
    settings = settings or Settings.of("activities")
    mongo = Mongo(settings)
    activities, known_kinds, mirrors, inbound = Activities(mongo), kinds(mongo), Mirrors(mongo), Inbound(mongo)
    pool = SandboxPool()
    evaluator = RuleEvaluator(pool, known_kinds)
    intake = Intake(inbound, evaluator, Effects(inbound, mirrors, evaluator))
    enacting = Enacting(inbound.drafts, activities, known_kinds)

    service = Service(
        title=("活动", "Activities"),
        settings=settings,
        mongo=mongo,
        routers=[
            *routes(activities, known_kinds, mirrors),
            *inbound_routes(inbound, evaluator, intake, enacting, Access(mirrors)),
        ],
        handlers=subscribe(mirrors, intake, enacting),
        stores=[activities, known_kinds, *inbound.stores],
        others=mirrors.collections,
        jobs=[Job("arrivals.revisited", intake.revisit, pause=5.0)],
        started=[partial(seed, known_kinds, inbound)],
    )
    service.app.router.lifespan_context = pool.around(service.app.router.lifespan_context)
    return service
