"""A paper before it is a Word file: titles, paragraphs and tables of plain text, and what every paper says alike.

Official papers are in Chinese alone, as they are signed and filed. What nobody recorded is printed as 未记录.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeAlias

from services.review.reviews.model.procedure import Base, Share
from services.review.reviews.model.step_run import Tally
from services.review.shared.role_holders import day_of

MIME: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
UNRECORDED = "未记录"
SIGNED = "（签字）　　　　　　　　"
TO_BE_DATED = "　　年　　月　　日"
Bases: TypeAlias = Mapping[Base, str]
"""What the bodies that a rule is a part of are called, which differs between a discussion, a meeting and signing."""


@dataclass(frozen=True)
class Heading:
    """The title of a part of a paper."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """One paragraph; ``right`` = set to the right, as signatures and dates are."""

    text: str
    right: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of a label and what belongs to it."""

    rows: tuple[tuple[str, str], ...]


Part: TypeAlias = Heading | Paragraph | Table


@dataclass(frozen=True)
class Sheet:
    """A whole paper; ``as_of`` = the moment of the last move that it tells of."""

    title: str
    parts: tuple[Part, ...]
    as_of: datetime


def day(when: date | datetime | None) -> str:
    """A day as official papers write it, by the calendar in China."""
    if when is None:
        return UNRECORDED
    found = day_of(when) if isinstance(when, datetime) else when
    return f"{found.year}年{found.month}月{found.day}日"


def recorded(value: str | None) -> str:
    """What was recorded, or that nothing was."""
    return UNRECORDED if value is None else value


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
