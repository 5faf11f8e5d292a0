"""The review service put together; importing this has no effect."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from infra.kernel.events import Cause
from infra.kernel.settings import Settings
from infra.runtime.jobs import Job
from infra.runtime.schedule import Due
from infra.runtime.service import Service
from infra.storage.mongo import Mongo
from services.review.campaigns import api as campaigns_api
from services.review.campaigns.handlers import subscribe_campaigns
from services.review.campaigns.use_cases import CampaignUseCases
from services.review.reviews.api import routes
from services.review.reviews.handlers import subscribe
from services.review.reviews.model.decision import overdue
from services.review.reviews.model.procedure import Procedure
from services.review.reviews.model.publication import ship
from services.review.reviews.model.rubric_library import ship as ship_rubric
from services.review.reviews.model.sweep import DAILY, begin, move_on
from services.review.reviews.use_cases import ReviewUseCases
from services.review.shared.scoring.rubric import Rubric
from services.review.standings import api as standing_api
from services.review.standings.handlers import subscribe_standings
from services.review.standings.model import rectifying
from services.review.standings.seeding import put_rules
from services.review.standings.use_cases import StandingUseCases

PROCEDURE = "one-branch-one-brand"
SHIPPED = Path(__file__).parent / "data" / "procedures"
RUBRICS = Path(__file__).parent / "data" / "rubrics"


class ReviewSettings(Settings):
    """What review needs beside what every service needs."""

    procedure: str = PROCEDURE
    """The procedure whose newest version a new review takes."""


def build(settings: Settings | None = None) -> Service:
    """Settings → MongoDB → desk → HTTP and handlers → service."""
    settings = settings or ReviewSettings.of("review")
    mongo = Mongo(settings)
    desk = ReviewUseCases(mongo, settings.procedure if isinstance(settings, ReviewSettings) else PROCEDURE)
    register, subscriptions = StandingUseCases(mongo, desk), subscribe(desk)
    subscribe_standings(subscriptions, register)
    bureau = CampaignUseCases(mongo, register)
    subscribe_campaigns(subscriptions, bureau)
    return Service(
        title=("审核", "Review"),
        settings=settings,
        mongo=mongo,
        routers=[*routes(desk), *standing_api.routes(register), *campaigns_api.routes(bureau)],
        handlers=subscriptions,
        stores=[
            desk.reviews,
            desk.procedures,
            desk.sweeps,
            desk.away,
            desk.unfinished,
            desk.rubrics,
            *register.stores,
            *bureau.stores,
        ],
        others=[*desk.mirrors.collections, desk.calendars, *register.told.collections],
        due=[
            Due(desk.reviews, "due_at", overdue),
            Due(desk.sweeps, "due_at", move_on),
            Due(register.standings, "due_at", rectifying.overdue),
        ],
        jobs=[Job("standing.rounds", register.run_once)],
        started=[partial(put_shipped, desk), partial(begin_sweeping, desk), partial(put_rules, register)],
    )


async def put_shipped(desk: ReviewUseCases) -> None:
    """Publish what comes with the product where there is none; what people changed stays as they made it."""
    for file in sorted(SHIPPED.glob("*.json")):
        procedure = Procedure.model_validate_json(file.read_text(encoding="utf-8"))
        name = f"shipped#{procedure.id}"
        cause = Cause(id=name, at=datetime.now(UTC), correlation=name)
        await desk.procedures.put(procedure.id, partial(ship, procedure=procedure), cause=cause)
    for file in sorted(RUBRICS.glob("*.json")):
        rubric = Rubric.model_validate_json(file.read_text(encoding="utf-8"))
        name = f"shipped-rubric#{rubric.id}"
        cause = Cause(id=name, at=datetime.now(UTC), correlation=name)
        await desk.rubrics.put(rubric.id, partial(ship_rubric, rubric=rubric), cause=cause)


async def begin_sweeping(desk: ReviewUseCases) -> None:
    """Set the first daily sweep."""
    now = datetime.now(UTC)
    cause = Cause(id=f"sweep#{DAILY}", at=now, correlation=f"sweep#{DAILY}")
    await desk.sweeps.put(DAILY, partial(begin, at=now), cause=cause)
