"""Figures and days in words, as official papers say them: in Chinese alone. What nobody recorded is 未记录."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypeAlias

from services.review.reviews.model.procedure.bodies import Base, Share
from services.review.reviews.model.step_run import Tally
from services.review.shared.role_holders import day_of

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
