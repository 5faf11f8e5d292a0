"""Procedures as data: which steps a review goes through, who does them, what carries them; and their picture.

A procedure says nothing about any one review. Published versions never change; each review keeps the one it began with.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from infra.kernel.dates import day_of
from infra.kernel.working_days import Calendar, working_period
from services.review.reviews.model.procedure.bodies import Role, Share, Who
from services.review.reviews.model.steps import BY_NAME, KindName
from services.review.reviews.model.steps.kind import Kind
from services.review.shared.scope import Scope
from services.review.shared.scoring.rubric import Rubric
from services.review.shared.text_types import Key, Number, Title

REJECT = "reject"
"""What ``on_not_carried`` may name instead of a step: the review ends there."""
PREVIOUS = "previous"
"""What a return may name instead of a step: the one that the review came from."""

BODIES = ("assignees", "signers", "judges", "voters", "approvers", "readers")
"""The fields of a step that name roles."""


class Escalation(BaseModel):
    """So many working days after a deadline that was missed the holders of these roles are told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    working_days: int = Field(ge=1, le=250)
    roles: tuple[Role, ...] = Field(min_length=1, max_length=10)


class Step(BaseModel):
    """One step: ``assignees`` are roles in order of preference, the first that somebody may act in is taken.

    ``then`` names a later step than the following one; ``returnable_to`` narrows the earlier steps to which it may be
    returned (None = any of them); ``on_not_carried`` is where a lost vote leads (None = the draft).

    In a countersign or a sign-any step the ``signers`` are roles whose holders sign, ``experts`` are people who sign
    beside them; the assignees lead the step. In a scoring the ``judges`` and the ``experts`` score by the ``rubric``,
    and the assignees supervise; in a poll the ``voters`` may vote, and the assignees run it. ``urge_hours``: so many
    lie between two urges of one run.

    The deadline is so many ``days``, or so many ``working_days`` to the end of the last; ``escalation`` follows it.
    A public notice runs for ``notice_days`` working days (None = the usual number), and the ``approvers`` approve it.
    A circulation (``acknowledge``) is read by the ``readers`` and the ``experts``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Key
    kind: KindName
    title: Title
    title_en: Title
    assignees: tuple[Who, ...] = Field(min_length=1)
    days: int | None = Field(default=None, ge=1, le=3650)
    quorum: Share | None = None
    majority: Share | None = None
    then: Key | None = None
    returnable_to: tuple[Key, ...] | None = None
    on_not_carried: Key | None = None
    may_reject: bool = False
    signers: tuple[Who, ...] = ()
    experts: tuple[Number, ...] = Field(default=(), max_length=50)
    urge_hours: int = Field(default=4, ge=1, le=720)
    judges: tuple[Who, ...] = ()
    rubric: Rubric | None = None
    voters: tuple[Who, ...] = ()
    working_days: int | None = Field(default=None, ge=1, le=2500)
    escalation: tuple[Escalation, ...] = Field(default=(), max_length=10)
    notice_days: int | None = Field(default=None, ge=1, le=250)
    approvers: tuple[Who, ...] = ()
    readers: tuple[Who, ...] = ()

    @property
    def rules(self) -> Kind[Any]:
        """What its kind says about it."""
        return BY_NAME[self.kind]

    @property
    def heading(self) -> dict[str, str]:
        """What every page says of it first."""
        return {"step": self.key, "title": self.title, "title_en": self.title_en}

    @property
    def carried_by(self) -> tuple[Share, Share]:
        """Quorum and majority of a step in which a body votes."""
        assert self.quorum is not None  # noqa: S101 - a published one has both
        assert self.majority is not None  # noqa: S101
        return self.quorum, self.majority

    def deadline(self, opened_at: datetime, calendar: Calendar) -> tuple[datetime | None, bool]:
        """When a run that begins now is due, and whether that may move.

        ``days`` are counted to the minute; the last of the ``working_days`` ends at midnight.
        """
        if self.working_days is None:
            return (opened_at + timedelta(days=self.days) if self.days else None), False
        period = working_period(calendar, day_of(opened_at), self.working_days)
        return period.ends_at, period.provisional

    @property
    def bodies(self) -> dict[str, tuple[Who, ...]]:
        """Everybody who is named in it by a role, by field."""
        return {name: getattr(self, name) for name in BODIES}


class Procedure(BaseModel):
    """One published version, ``number``, of a procedure."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Key
    number: int = Field(ge=1)
    title: Title
    title_en: Title
    steps: tuple[Step, ...] = Field(min_length=1, max_length=50)

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """Every role with a scope in it, each once."""
        named = (who for step in self.steps for body in step.bodies.values() for who in body)
        return tuple(dict.fromkeys(who for who in named if isinstance(who, Scope)))

    @property
    def first(self) -> Step:
        """The draft, where everything begins."""
        return self.steps[0]

    @property
    def counts_working_days(self) -> bool:
        """Whether a review in it needs the calendar."""
        return any(one.working_days or one.escalation or one.rules.counts_working_days for one in self.steps)

    def step(self, key: str) -> Step:
        """The step with this key; raises ``KeyError``."""
        return self.steps[self.place(key)]

    def place(self, key: str) -> int:
        """Where a step stands; raises ``KeyError``."""
        for place, step in enumerate(self.steps):
            if step.key == key:
                return place
        raise KeyError(key)

    def after(self, step: Step) -> Step | None:
        """The step that follows when this one passed; None = the review is done."""
        if step.then is not None:
            return self.step(step.then)
        place = self.place(step.key) + 1
        return self.steps[place] if place < len(self.steps) else None

    def returnable(self, step: Step) -> tuple[str, ...]:
        """The earlier steps to which this one may be returned."""
        earlier = tuple(other.key for other in self.steps[: self.place(step.key)])
        return earlier if step.returnable_to is None else tuple(key for key in earlier if key in step.returnable_to)


def mermaid(procedure: Procedure) -> str:
    """The flowchart in Mermaid: steps in order, what a lost vote leads to, and where a step may end the review."""
    return "\n".join(("flowchart TD", *(f"    {line}" for line in _lines(procedure)))) + "\n"


def _lines(procedure: Procedure) -> Iterator[str]:
    for place, step in enumerate(procedure.steps):
        left, right = step.rules.shape
        yield f's{place}{left}"{_label(step)}"{right}'
    yield 'approved(["审定通过 approved"])'
    if any(step.may_reject or step.on_not_carried == REJECT for step in procedure.steps):
        yield 'rejected(["驳回 rejected"])'
    for place, step in enumerate(procedure.steps):
        following = procedure.after(step)
        yield f"s{place} --> {f's{procedure.place(following.key)}' if following else 'approved'}"
        if step.rules.collective:
            back = "rejected" if step.on_not_carried == REJECT else f"s{_place(procedure, step)}"
            yield f's{place} -. "未通过 not carried" .-> {back}'
        if step.may_reject:
            yield f's{place} -. "驳回 reject" .-> rejected'


def _place(procedure: Procedure, step: Step) -> int:
    return procedure.place(step.on_not_carried) if step.on_not_carried else 0


def _label(step: Step) -> str:
    rules = [f"{name} {_share(share)}" for name, share in (("法定", step.quorum), ("多数", step.majority)) if share]
    rules += step.rules.terms(step)
    who = ", ".join((*map(str, step.bodies[step.rules.who]), *step.experts))
    days = [f"{step.days} 天"] if step.days else []
    days += [f"{step.working_days} 个工作日"] if step.working_days else []
    days += [f"逾期 {one.working_days} 个工作日报 {', '.join(one.roles)}" for one in step.escalation]
    parts = (f"{step.title} {step.title_en}", f"{step.rules.labels[step.kind]}：{who}", *rules, *days)
    return "<br/>".join(map(_safe, parts))


def _share(share: Share) -> str:
    word = "多于" if share.more_than else "不少于"
    return f"{word} {share.more_than or share.at_least} {share.of}"


def _safe(text: str) -> str:
    """Titles are people's words: nothing in them may become part of the picture."""
    marks = {'"': "#quot;", "<": "#lt;", ">": "#gt;", "#": "#35;", "&": "#amp;", "\n": " ", "`": "#96;"}
    return "".join(marks.get(letter, letter) for letter in text)
