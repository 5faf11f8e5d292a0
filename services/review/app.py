"""The review service put together; importing this has no effect."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from infra.events import Cause
from infra.mongo import Mongo
from infra.schedule import Due
from infra.service import Service
from infra.settings import Settings
from services.review.api import routes
from services.review.handlers import hear
from services.review.model.decision import overdue
from services.review.model.procedure import Procedure
from services.review.model.publication import ship
from services.review.model.rubric_library import ship as ship_rubric
from services.review.model.sweep import DAILY, begin, move_on
from services.review.scoring.rubric import Rubric
from services.review.store import Desk

PROCEDURE = "one-branch-one-brand"
SHIPPED = Path(__file__).parent / "procedures"
RUBRICS = Path(__file__).parent / "scoring" / "rubrics"


class ReviewSettings(Settings):
    """What review needs beside what every service needs."""

    procedure: str = PROCEDURE
    """The procedure whose newest version a new review takes."""


def build(settings: Settings | None = None) -> Service:
    """Settings → MongoDB → desk → HTTP and handlers → service."""
    settings = settings or ReviewSettings.of("review")
    mongo = Mongo(settings)
    desk = Desk(mongo, settings.procedure if isinstance(settings, ReviewSettings) else PROCEDURE)
    return Service(
        title=("审核", "Review"),
        settings=settings,
        mongo=mongo,
        routers=routes(desk),
        handlers=hear(desk),
        stores=[desk.reviews, desk.procedures, desk.sweeps, desk.away, desk.unfinished, desk.rubrics],
        others=[*desk.mirrors.collections, desk.calendars],
        due=[Due(desk.reviews, "due_at", overdue), Due(desk.sweeps, "due_at", move_on)],
        started=[partial(put_shipped, desk), partial(begin_sweeping, desk)],
    )


async def put_shipped(desk: Desk) -> None:
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


async def begin_sweeping(desk: Desk) -> None:
    """Set the first daily sweep."""
    now = datetime.now(UTC)
    cause = Cause(id=f"sweep#{DAILY}", at=now, correlation=f"sweep#{DAILY}")
    await desk.sweeps.put(DAILY, partial(begin, at=now), cause=cause)
