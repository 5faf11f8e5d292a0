"""The rules that come with the product, put in place where there are none; people's changes stay."""

from functools import partial
from pathlib import Path

from infra.kernel import clock
from infra.kernel.events import Cause
from services.review.standings.model.publication import KEY, ship
from services.review.standings.model.rules import Drawn
from services.review.standings.use_cases import StandingUseCases

SHIPPED = Path(__file__).parents[1] / "data" / "management_rules.json"


async def put_rules(use_cases: StandingUseCases) -> None:
    """Publish the shipped rules unless some are published already."""
    drawn = Drawn.model_validate_json(SHIPPED.read_text(encoding="utf-8"))
    cause = Cause(id=f"shipped#{KEY}", at=clock.now(), correlation=f"shipped#{KEY}")
    await use_cases.rules.put(KEY, partial(ship, drawn=drawn), cause=cause)
