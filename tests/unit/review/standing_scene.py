"""A brand after its approval, and people who decide about it, for tests of its standing."""

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar

from infra.kernel.errors import Problem
from services.review.shared.actor import Actor
from services.review.standings.model.commands import Concluded, Decided, Graded, Ordered
from services.review.standings.model.decision_context import DecisionContext, Justification
from services.review.standings.model.evidence import Evidence, Sources, Suspected, gather
from services.review.standings.model.grading import grade
from services.review.standings.model.rechecking import open_recheck
from services.review.standings.model.rules import Drawn, Rules, publish
from services.review.standings.model.standing import Approval, Standing, begin

SHIPPED = json.loads(
    (Path(__file__).parents[3] / "services/review/data/management_rules.json").read_text(encoding="utf-8")
)
BEGUN, TODAY = date(2026, 3, 20), date(2027, 2, 1)
OFFICER = "8001"


def rules(**changes: Any) -> Rules:  # noqa: ANN401 - any field of the rules
    """The rules that come with the product, with changes."""
    published, _ = publish(None, Drawn.model_validate({**SHIPPED, **changes}))
    return published.newest


def moment(day: date) -> datetime:
    """Ten o'clock of a day in China."""
    return datetime.combine(day, time(2), UTC)


def actor(day: date = TODAY) -> Actor:
    """The officer, on a day."""
    return Actor(by=OFFICER, at=moment(day))


def context(
    on: date = TODAY, *, today: date | None = None, wanted: Rules | None = None, **justification: str
) -> DecisionContext:
    """A decision dated ``on`` and entered ``today``; with a resolution unless another ground is given."""
    said = justification or {"resolution": "党委决议〔2027〕2号"}
    return DecisionContext(
        Justification.model_validate({"reason": "据实", "on": on, **said}), actor(today or on), wanted or rules()
    )


def approval(sequence: int = 5, review: str = "b.r1", on: date = BEGUN) -> Approval:
    """What registry told of the approved brand."""
    return Approval(
        brand="b", owner="branch", committee="committee", name="三心", review=review, on=on, sequence=sequence
    )


def begun(wanted: Rules | None = None) -> Standing:
    """A standing that has begun."""
    after, _ = begin(None, approval(), wanted or rules(), actor(BEGUN))
    return after


def evidence(year: int = 2026, day: date = TODAY, sources: Sources | None = None) -> Evidence:
    """The evidence of a year; by default nothing was told."""
    return gather(year, sources or Sources(), rules(), moment(day))


OFFICE_ONLY: dict[str, Any] = {"reason": "党委工作部研究"}
HINT = Suspected(
    id="h1",
    title="较大及以上安全事故",
    title_en="Major safety accident",
    reason="调查中",
    department_title="安全监督部",
    restricted=True,
    raised_at=moment(TODAY),
)
WANTED: dict[str, Any] = {"items": ("补齐记录",), "deadline": TODAY + timedelta(days=30)}
C = TypeVar("C", bound=Decided)


def said(command: type[C], **fields: Any) -> C:  # noqa: ANN401 - fields of any type
    """A command; its ground stands in the context that the decision is given."""
    return command.model_validate({"reason": "据实", "on": TODAY, **fields})


def level(name: str) -> Graded:
    """To be brought to a level."""
    return said(Graded, level=name)


def ending(outcome: str, **fields: Any) -> Concluded:  # noqa: ANN401 - fields of any type
    """How a recheck is to end."""
    return said(Concluded, outcome=outcome, **fields)


ORDER = said(Ordered, **WANTED)


def refused(call: object, code: str, field: str | None) -> None:
    assert isinstance(call, Problem)
    assert (call.code, call.field) == (code, field)


def at(name: str) -> Standing:
    """A standing at a level, graded directly."""
    return grade(begun(), level(name), context(direct="innovation", resolution="1号"))[0]


def checked(standing: Standing) -> Standing:
    """The same with the recheck of its first year open."""
    return open_recheck(standing, evidence(), actor(), rules())[0]
