"""A public notice as it is kept, in the four states of the rules on openness in Party affairs (党务公开条例 art. 15).

提出 ``proposed`` → 审核 ``reviewed`` (secrecy, necessity, accuracy) → 审批 ``approved`` → 实施 ``implemented``.
"""

from datetime import date, datetime
from typing import Final, Literal, TypeAlias

from pydantic import Field

from infra.kernel.dates import end_of
from infra.kernel.values import Input
from services.review.events.value_objects import Stored
from services.review.shared.actor import Actor, example
from services.review.shared.text_types import Line, Words

State: TypeAlias = Literal["proposed", "reviewed", "approved", "implemented"]
Question: TypeAlias = Literal["secrecy", "necessity", "accuracy"]
QUESTIONS: Final[tuple[Question, ...]] = ("secrecy", "necessity", "accuracy")
USUAL_DAYS = 5
"""Working days of a notice where nothing else is said; common practice, no regulation fixes it."""


class Examination(Input, **example(question="secrecy", passed=True)):
    """The answer to one question of the review: ``passed`` = nothing stands against publishing. The last one counts."""

    question: Question = Field(description="保密审查、必要性、准确性 / Which of the three questions")
    passed: bool = Field(description="是否通过 / Whether nothing stands against publishing")
    comment: Words | None = Field(default=None, description="说明；不通过必填 / Why; needed for a no")


class Approval(Input, **example(comment="同意公示。")):
    """The approval of the publication."""

    comment: Words | None = Field(default=None, description="审批意见，可省略 / A comment, optional")


class Publication(Input, **example(where="公司公告栏、内网党建专栏", published_on="2026-03-11")):
    """Where and when it was put up."""

    where: Line = Field(description="公示地点、渠道 / Where")
    published_on: date | None = Field(default=None, description="公示日期，默认今天 / The day, today if not given")


class Complaint(Input):
    """What somebody said against it, taken down by the work department."""

    text: Words = Field(description="异议内容 / The objection")
    raised_by: Line | None = Field(
        default=None, description="提出人及联系方式；省略为匿名 / Who raised it and how to reach them, if not anonymous"
    )
    received_on: date | None = Field(default=None, description="收到日期，默认今天 / Received on, today if not given")


class Judgement(Input, **example(upheld=False, reason="经核实数据属实。", reply="已核实并答复。")):
    """What was decided on an objection, why, and what whoever raised it was told; nobody can tell the anonymous."""

    upheld: bool = Field(description="异议是否成立 / Whether it is upheld")
    reason: Words = Field(description="理由 / Why")
    reply: Words | None = Field(default=None, description="对提出人的答复；实名必填 / The answer; needed if named")


class Examined(Examination, Actor, **example()):
    """A question that was answered, by whom."""


class Approved(Approval, Actor, **example()):
    """An approval, and whose."""


class Published(Actor):
    """Where it was put up, and on which day: the day before the first of the period."""

    where: str
    on: date


class Finding(Judgement, Actor, **example()):
    """What was decided on an objection, by whom."""


class Objection(Stored):
    """What somebody said against it; ``raised_by`` None = anonymous. It is for officers' eyes only."""

    n: int
    text: str
    raised_by: str | None
    received_on: date
    recorded: Actor
    finding: Finding | None = None


class Notice(Stored):
    """One notice; ``days`` are working days, ``last_day`` the last on which people may object.

    ``provisional``: the last day may move since a day beyond the confirmed calendar was counted.
    """

    days: int
    proposed: Actor
    state: State = "proposed"
    examined: tuple[Examined, ...] = ()
    approved: Approved | None = None
    published: Published | None = None
    last_day: date | None = None
    provisional: bool = False
    objections: tuple[Objection, ...] = ()

    @property
    def ends_at(self) -> datetime | None:
        """The moment after the last day; None before it was published."""
        return end_of(self.last_day) if self.last_day else None

    @property
    def answers(self) -> dict[Question, Examined]:
        """The answer that counts of each question that was answered."""
        return {one.question: one for one in self.examined}

    @property
    def unanswered(self) -> tuple[Question, ...]:
        """The questions that were not answered, or answered with a no."""
        answers = self.answers
        return tuple(one for one in QUESTIONS if one not in answers or not answers[one].passed)

    @property
    def reviewers(self) -> frozenset[str]:
        """Everybody who answered one of the questions."""
        return frozenset().union(*(one.people for one in self.examined))

    @property
    def open(self) -> tuple[Objection, ...]:
        """The objections that are not decided."""
        return tuple(one for one in self.objections if one.finding is None)

    @property
    def upheld(self) -> tuple[Objection, ...]:
        """The objections that were upheld."""
        return tuple(one for one in self.objections if one.finding is not None and one.finding.upheld)
