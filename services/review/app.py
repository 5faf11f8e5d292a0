"""The review service put together; importing this has no effect."""

from functools import partial
from pathlib import Path

from infra.kernel import clock
from infra.kernel.settings import Settings
from infra.runtime.jobs import Job
from infra.runtime.schedule import Due
from infra.runtime.service import Service
from infra.storage.mongo import Mongo
from services.review.absences import api as absences_api
from services.review.campaigns.api import pages as campaigns_api
from services.review.campaigns.handlers import subscribe_campaigns
from services.review.campaigns.use_cases import CampaignUseCases
from services.review.reviews.api import routes
from services.review.reviews.handlers import subscribe
from services.review.reviews.model.deadlines import DAILY, begin_sweep, sweep_again
from services.review.reviews.model.decision import overdue
from services.review.reviews.model.procedure.procedure import Procedure
from services.review.reviews.model.procedure.publication import publish, publish_rubric
from services.review.reviews.use_cases import ReviewUseCases
from services.review.shared.scoring.rubric import Rubric
from services.review.standings.api import standings as standing_api
from services.review.standings.handlers import subscribe_standings
from services.review.standings.model import sanctions
from services.review.standings.model.rules import KEY, Drawn
from services.review.standings.model.rules import publish as publish_rules
from services.review.standings.use_cases import StandingUseCases

PROCEDURE = "one-branch-one-brand"
SHIPPED = Path(__file__).parent / "data"


class ReviewSettings(Settings):
    """What review needs beside what every service needs."""

    procedure: str = PROCEDURE
    """The procedure whose newest version a new review takes."""


def build(settings: Settings | None = None) -> Service:
    """Settings → MongoDB → use cases → HTTP and handlers → service."""
    settings = settings or ReviewSettings.of("review")
    mongo = Mongo(settings)
    reviews = ReviewUseCases(mongo, settings.procedure if isinstance(settings, ReviewSettings) else PROCEDURE)
    standings, subscriptions = StandingUseCases(mongo, reviews), subscribe(reviews)
    subscribe_standings(subscriptions, standings)
    campaigns = CampaignUseCases(mongo, standings)
    subscribe_campaigns(subscriptions, campaigns)
    return Service(
        title=("审核", "Review"),
        settings=settings,
        mongo=mongo,
        routers=[
            *routes(reviews),
            absences_api.routes(reviews.away, reviews.mirrors, reviews.reseat_person),
            *standing_api.routes(standings),
            *campaigns_api.routes(campaigns),
        ],
        handlers=subscriptions,
        stores=[
            reviews.reviews,
            reviews.procedures,
            reviews.sweeps,
            reviews.away,
            reviews.unfinished,
            reviews.rubrics,
            standings.standings,
            standings.rules,
            standings.rounds,
            campaigns.campaigns,
        ],
        others=[*reviews.mirrors.collections, reviews.calendars, *standings.projections.collections],
        due=[
            Due(reviews.reviews, "due_at", overdue),
            Due(reviews.sweeps, "due_at", sweep_again),
            Due(standings.standings, "due_at", sanctions.overdue),
        ],
        jobs=[Job("standing.rounds", standings.run_once)],
        started=[partial(put_shipped, reviews, standings), partial(begin_sweeping, reviews)],
    )


async def put_shipped(reviews: ReviewUseCases, standings: StandingUseCases) -> None:
    """Publish what comes with the product where there is none; what people changed stays as they made it."""
    for file in sorted(SHIPPED.glob("procedures/*.json")):
        procedure = Procedure.model_validate_json(file.read_text(encoding="utf-8"))
        await reviews.procedures.seed(procedure.id, partial(publish, None, procedure))
    for file in sorted(SHIPPED.glob("rubrics/*.json")):
        rubric = Rubric.model_validate_json(file.read_text(encoding="utf-8"))
        await reviews.rubrics.seed(rubric.id, partial(publish_rubric, None, rubric))
    drawn = Drawn.model_validate_json((SHIPPED / "management_rules.json").read_text(encoding="utf-8"))
    await standings.rules.seed(KEY, partial(publish_rules, None, drawn))


async def begin_sweeping(reviews: ReviewUseCases) -> None:
    """Set the first daily sweep."""
    await reviews.sweeps.seed(DAILY, lambda: begin_sweep(clock.now()))
