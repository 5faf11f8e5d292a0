"""The page that explains a review, sentences and fields; and figures and days in words, as official papers say them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypeAlias

from infra.kernel.dates import day_of
from infra.kernel.values import Value
from services.review.events.value_objects import Resolution
from services.review.reviews.model.context import Tally
from services.review.reviews.model.procedure.bodies import Base, Share


class Body(Value):
    """The people around a decision: the digest of the role holders, of which day, and how many held each part."""

    holders: str
    day: date
    sizes: dict[str, int]


class Reason(Value):
    """Why it is this person: a ``role`` of the step, held at an organisation on a day, or a ``rule`` of the kind."""

    role: str | None = None
    rule: str | None = None
    organisation: str | None = None
    day: date
    zh: str
    en: str


class Wait(Value):
    """One person who must act: what, since when, and why they."""

    person: str
    duty: str
    duty_en: str
    since: datetime | None
    because: tuple[Reason, ...]


class Requirement(Value):
    """What must be so before the step can end: ``count`` of at least ``needed``, out of ``base`` where there is one."""

    rule: str
    of: Base | None = None
    base: int | None = None
    needed: int
    count: int
    fulfilled: bool
    numbers: tuple[int, ...] = ()
    """The opinions, suggestions or meetings that it is about."""
    zh: str
    en: str


class Instead(Value):
    """Who else may act, and when they may."""

    role: str
    people: tuple[str, ...]
    size: int
    zh: str
    en: str


class AtStep(Value):
    """A stay at a step: the how many-th, and what the step is called."""

    step: str
    title: str
    title_en: str
    kind: str
    round: int


class Now(AtStep):
    """What the review waits for."""

    since: datetime
    due: datetime | None
    overdue: bool
    provisional: bool = False
    zh: str
    en: str
    waiting: int
    waits_for: tuple[Wait, ...]
    rules: tuple[Requirement, ...]
    instead: tuple[Instead, ...]
    body: Body


class Deed(Value):
    """One command: who made it when, what they said, and with which body of people it was decided."""

    n: int
    at: datetime
    by: str
    command: str
    made: int | None
    choice: str | None
    said: str | None
    zh: str
    en: str
    body: Body


class Passage(AtStep):
    """One stay at a step: who decided what there, with which result and by which figures."""

    opened_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    outcome: str | None
    reason: str | None
    zh: str
    en: str
    rules: tuple[Requirement, ...]
    body: Body | None
    decisions: tuple[Deed, ...]


class Explanation(Value):
    """The whole page; ``entry`` numbers the last command in it, every step of this version of the procedure."""

    review: str
    brand: str
    owner: str
    committee: str
    name: str | None
    state: str
    procedure: str
    procedure_version: int
    procedure_title: str
    procedure_title_en: str
    entry: int
    at: datetime | None
    zh: str
    en: str
    now: Now | None
    past: tuple[Passage, ...]
    resolution: Resolution | None


UNRECORDED = "未记录"
Bases: TypeAlias = Mapping[Base, str]
"""What the bodies that a rule is a part of are called, which differs between a discussion, a meeting and signing."""


def day(when: date | datetime | None) -> str:
    """A day as official papers write it, by the calendar in China."""
    if when is None:
        return UNRECORDED
    found = day_of(when) if isinstance(when, datetime) else when
    return f"{found.year}年{found.month}月{found.day}日"


def measured(share: Share | None, count: int, figures: Mapping[Base, int], words: tuple[Bases, str]) -> str:
    """A rule with its figures, and whether it is reached; ``words`` are the bodies' names and what is counted."""
    if share is None:
        return UNRECORDED
    edge = "不含" if share.more_than is not None else "含"
    part = f"{words[0][share.of]}的 {share.more_than or share.at_least} 以上（{edge}）"
    base, reached = figures[share.of], "已达到" if share.met(count, figures) else "未达到"
    return f"{part}：{base} 人中须 {share.needed(figures)} 人{words[1]}，实际 {count} 人，{reached}"


def votes(tally: Tally) -> str:
    """How the votes stand."""
    cast = f"赞成 {tally.in_favour} 票，反对 {tally.against} 票，弃权 {tally.abstained} 票"
    return f"{cast}，回避 {tally.recused} 人" if tally.recused else cast
