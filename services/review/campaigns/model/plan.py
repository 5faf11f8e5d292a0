"""The plan of a campaign as data: topic, dates, who may take part, rubric, quotas. Nothing of it is code."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Final, Self

from pydantic import Field, model_validator

from services.review.reviews.model.procedure.bodies import Share
from services.review.shared.actor import example
from services.review.shared.public_notice.notice import USUAL_DAYS
from services.review.shared.scoring.ranking import Cut
from services.review.shared.scoring.rubric import Part, Points, Record, Rubric
from services.review.shared.text_types import Key, Reason, Title

EXAMPLE: Final[dict[str, Any]] = {
    "title": "第一批党建品牌", "title_en": "First batch", "committee": "committee", "opens_on": "2026-03-02",
    "closes_on": "2026-03-20", "cut": {"seats": 10, "ratio": "1.2"},
    "rubric": {
        "id": "brand", "title": "评分标准", "title_en": "Rubric",
        "dimensions": [{"key": "outcomes", "title": "成效", "title_en": "Outcomes", "greatest": "100"}],
    },
    "levels": [{"level": "excellent", "title": "优秀", "title_en": "Excellent", "portion": "0.4", "least": "80"}],
    "awards": [{"award": "innovation", "title": "创新奖", "title_en": "Innovation", "number": 1}],
}  # fmt: skip
KINDS = ("party_committee", "general_branch", "party_branch", "joint_branch")


class LevelQuota(Record):
    """How many may be named at a level: a ``number``, or a ``portion`` of the shortlist, rounded down.

    ``least``: the fewest points for it. Seen in practice: five stars for 10 %, four for 40 %, three for 30 %, and 90
    points at least for five.
    """

    level: Key
    title: Title
    title_en: Title
    number: int | None = Field(default=None, ge=1, le=10_000)
    portion: Part | None = None
    least: Points | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.number is None) == (self.portion is None):
            raise ValueError("名额数与比例须且只须写一项 give exactly one of number and portion")
        return self

    def places(self, shortlisted: int) -> int:
        """How many that is."""
        return self.number or int(shortlisted * (self.portion or 0))


class AwardQuota(Record):
    """A typed award (单项奖) beside the levels, and how many of it there are."""

    award: Key
    title: Title
    title_en: Title
    number: int = Field(ge=1, le=1000)


class Plan(Record, **example(**EXAMPLE)):
    """A campaign as planned; ``kinds`` of organisations under ``committee`` may take part, ``only`` names some of them.

    ``levels`` stand from the highest to the lowest. ``opens_on`` and ``closes_on`` both belong to the enrolment.
    """

    title: Title
    title_en: Title
    committee: Annotated[str, Field(min_length=1, max_length=200)]
    topic: Reason | None = None
    emphasis: tuple[Key, ...] = Field(default=(), max_length=20)
    opens_on: date
    closes_on: date
    kinds: tuple[str, ...] = Field(default=("general_branch", "party_branch", "joint_branch"), min_length=1)
    only: tuple[str, ...] = Field(default=(), max_length=5000)
    most_per_organisation: int = Field(default=1, ge=1, le=10)
    gate: Title | None = "支部达标"
    cut: Cut
    rubric: Rubric
    levels: tuple[LevelQuota, ...] = Field(min_length=1, max_length=20)
    awards: tuple[AwardQuota, ...] = Field(default=(), max_length=20)
    notice_days: int = Field(default=USUAL_DAYS, ge=1, le=60)
    quorum: Share = Share(of="expected", at_least="2/3")
    majority: Share = Share(of="expected", more_than="1/2")

    @model_validator(mode="after")
    def _sound(self) -> Self:
        for fault in _faults(self):
            raise ValueError(fault)
        return self

    def award(self, key: str) -> AwardQuota | None:
        """The quota of an award."""
        return next((one for one in self.awards if one.award == key), None)


class Planned(Plan, **example(id="batch-2026-1", **EXAMPLE)):
    """A plan with the id that its campaign is to have."""

    id: Key = Field(description="批次编号 / The campaign's id")


def _faults(plan: Plan) -> Iterator[str]:
    if plan.closes_on < plan.opens_on:
        yield "closes_on: 截止日期早于开始日期 the last day is before the first"
    for name, keys in (("levels", [one.level for one in plan.levels]), ("awards", [one.award for one in plan.awards])):
        if len(set(keys)) < len(keys):
            yield f"{name}: 重复 each once"
    strange = sorted(set(plan.kinds) - set(KINDS))
    if strange:
        yield f"kinds: 只能是 one of {', '.join(KINDS)}"
    bounds = [one.least for one in plan.levels if one.least is not None]
    if bounds != sorted(bounds, reverse=True):
        yield "levels: 须由高到低排列 from the highest to the lowest"
    for one in plan.levels:
        if one.least is not None and one.least > plan.rubric.greatest + plan.rubric.bonus:
            yield f"levels: “{one.level}” 的最低分高于满分，无人能达到 nobody could reach it"
    if plan.quorum.of != "expected" or plan.majority.of not in ("expected", "present", "voters"):
        yield "quorum: 会议的法定人数以应到人数为基数 a meeting's quorum is a part of those expected"
