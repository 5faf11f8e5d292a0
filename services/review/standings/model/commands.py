"""What people can ask about a standing, as data: the bodies of its requests, and what its decisions are given."""

from datetime import date
from typing import Annotated

from pydantic import Field

from infra.kernel.values import Input
from services.review.shared.actor import Versioned, example
from services.review.shared.text_types import Key, Line, Words
from services.review.standings.model.decision_context import Justification
from services.review.standings.model.rules import Outcome

Items = Annotated[
    tuple[Words, ...], Field(min_length=1, max_length=50, description="整改事项 / What is to be put right")
]
Year = Annotated[int, Field(ge=2000, le=2999, description="复核年度 / The year that is rechecked")]
GROUND = {"reason": "据实研究。", "on": "2027-02-01", "resolution": "党委决议〔2027〕2号"}


class Decided(Versioned, **example(**GROUND)):
    """A decision of people, with its ground."""

    reason: Words = Field(description="理由 / Why")
    on: date = Field(description="生效日期；决议为会议日期 / The day it counts from; of a resolution, the meeting's")
    resolution: Line | None = Field(default=None, description="党委会决议文号 / Number of the committee's resolution")

    @property
    def justification(self) -> Justification:
        """What the decision rests on."""
        return Justification.model_validate(dict(self))


class Graded(Decided, **example(**GROUND, level="established")):
    """The level, and for a direct grading its ground."""

    level: Key = Field(description="级别 / The level")
    direct: Key | None = Field(default=None, description="直接评定依据，可省略 / Ground of a direct grading")


class Awarded(Decided, **example(**GROUND, award="commendation")):
    """Which award."""

    award: Key = Field(description="奖项类型 / Type of the award")


class Suspended(Decided, **example(**GROUND, hint="hint-2027-3")):
    """Why, and because of which hint."""

    hint: str | None = Field(default=None, description="所依据的线索，可省略 / The hint behind it, if any")


class Opened(Input, **example(year=2026)):
    """Which year is rechecked."""

    year: Year


class RoundStarted(Opened, **example(year=2026, committee="committee")):
    """Which year, for the brands under which committee."""

    committee: str = Field(description="党委编号 / Id of the committee")


class Concluded(Decided):
    """The outcome, with the level of an up- or downgrade, or what is to be put right until when."""

    model_config = example(**GROUND, outcome="rectify", items=["补齐第三季度活动记录。"], deadline="2027-03-31")

    outcome: Outcome = Field(description="复核结论 / The outcome")
    level: Key | None = Field(default=None, description="晋级、降级后的级别，默认相邻一级 / By default the next level")
    items: Items | None = Field(default=None, description="整改事项 / What is to be put right")
    deadline: date | None = Field(default=None, description="整改期限（含当日） / Until the end of which day")


class Ordered(Decided, **example(**GROUND, items=["补齐第三季度活动记录。"], deadline="2027-03-31")):
    """What is to be put right, until when."""

    items: Items
    deadline: date = Field(description="整改期限（含当日） / Until the end of which day")


class Proved(Versioned, **example(item=1, text="已补齐。")):
    """What the branch shows for an item; ``link`` leads to the record it rests on."""

    item: int = Field(ge=1, description="第几项 / Which item, from 1")
    text: Words = Field(description="整改情况 / What was done")
    link: Line | None = Field(default=None, description="佐证链接，可省略 / A link to the record, optional")


class Closed(Decided, **example(**GROUND, met=True)):
    """Whether it was met."""

    met: bool = Field(description="是否整改到位 / Whether everything was put right")
