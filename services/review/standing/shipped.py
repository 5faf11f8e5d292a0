"""The rules that come with the product, put in place where there are none; people's changes stay."""

from functools import partial
from pathlib import Path

from infra import clock
from infra.events import Cause
from services.review.standing.model.publication import KEY, ship
from services.review.standing.model.rules import Drawn
from services.review.standing.register import Register

SHIPPED = Path(__file__).parent / "rules.json"


async def put_rules(register: Register) -> None:
    """Publish the shipped rules unless some are published already."""
    drawn = Drawn.model_validate_json(SHIPPED.read_text(encoding="utf-8"))
    cause = Cause(id=f"shipped#{KEY}", at=clock.now(), correlation=f"shipped#{KEY}")
    await register.rules.put(KEY, partial(ship, drawn=drawn), cause=cause)
