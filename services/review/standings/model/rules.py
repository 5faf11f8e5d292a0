"""The rules of dynamic management as data: levels, outcomes, periods, what is only shown as a hint; their publication.

Published in versions like procedures; a standing's history names the version that each decision was made under.
"""

import calendar
from collections.abc import Collection, Iterator
from datetime import date
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field

from infra.kernel.errors import Invalid, NotFound
from infra.kernel.events import Aggregate, Decision
from infra.kernel.values import Closed
from services.review.shared.actor import example
from services.review.shared.text_types import Key, Line, Title

Outcome: TypeAlias = Literal["pass", "rectify", "upgrade", "downgrade", "revoke"]
Act: TypeAlias = Literal["pass", "rectify", "upgrade", "downgrade", "revoke", "grade", "award", "suspend", "lift"]
Measure: TypeAlias = Literal["activities", "kinds", "filed_before_start", "participation", "days_since_last"]
KEY: Final = "management"
LISTS: Final = ("levels", "direct_grounds", "awards", "suspicions", "thresholds")
CHOSEN: Final = {"level": "级别", "award": "奖项", "direct": "直接评定依据"}
Month = Annotated[int, Field(ge=1, le=12)]


class Choice(Closed):
    """One entry of a list that people choose from."""

    id: Key
    title: Title
    title_en: Title


class Level(Choice):
    """A level; ``quota_percent``: at most this share of the brands, which is shown and never decides."""

    quota_percent: int | None = Field(default=None, ge=1, le=100)


class Suspicion(Choice):
    """A kind of hint that suggests suspension: one of the words stands in its title, in Chinese or in English."""

    words: tuple[Line, ...] = Field(min_length=1, max_length=50)

    def fits(self, *titles: str) -> bool:
        """Whether a hint with these titles is of this kind."""
        return any(word.casefold() in title.casefold() for word in self.words for title in titles)


class Threshold(Choice):
    """What is pointed out in the evidence; shares (``filed_before_start``, ``participation``) are between 0 and 1."""

    measure: Measure
    at_least: float | None = Field(default=None, ge=0, le=100_000, allow_inf_nan=False)
    at_most: float | None = Field(default=None, ge=0, le=100_000, allow_inf_nan=False)

    def missed(self, value: float | None) -> bool:
        """Whether the value lies outside; of what nobody was told, nothing is said."""
        if value is None:
            return False
        low = self.at_least is not None and value < self.at_least
        return low or (self.at_most is not None and value > self.at_most)


class Drawn(Closed):
    """Rules as drawn up; id and number are given when they are published."""

    model_config = example(
        title="动态管理办法", title_en="Rules of dynamic management", outcomes=["pass", "rectify", "revoke"],
        levels=[{"id": "established", "title": "达标", "title_en": "Established"}], by_resolution=["revoke"],
    )  # fmt: skip

    title: Title = Field(description="名称 / Title")
    title_en: Title = Field(description="英文名称 / Title in English")
    levels: tuple[Level, ...] = Field(min_length=1, max_length=20, description="级别，由低到高 / Levels, lowest first")
    begins_with: Key | None = Field(default=None, description="审定后的起始级别，空为未评级 / Level at the beginning")
    levels_per_decision: int = Field(default=1, ge=1, le=20, description="一次升降的级数上限 / Levels moved at once")
    direct_grounds: tuple[Choice, ...] = Field(default=(), max_length=50, description="直接评定的依据 / Direct grading")
    awards: tuple[Choice, ...] = Field(default=(), max_length=100, description="奖项类型 / Types of awards")
    outcomes: tuple[Outcome, ...] = Field(min_length=1, description="复核结论 / What a recheck may end with")
    by_resolution: tuple[Act, ...] = Field(default=(), description="须党委会决议的事项 / What needs a resolution")
    rectification_days: int = Field(default=90, ge=1, le=366, description="整改期限上限（天） / Longest rectification")
    reapply_months: int = Field(default=12, ge=0, le=120, description="摘牌后多少个月可重新申报 / Before re-applying")
    recheck_first_month: Month = Field(default=1, description="复核上一年度的起始月 / First month of the recheck")
    recheck_last_month: Month = Field(default=3, description="复核上一年度的截止月 / Last month of the recheck")
    suspicions: tuple[Suspicion, ...] = Field(
        default=(), max_length=50, description="提示暂停的线索 / Suspension hints"
    )
    thresholds: tuple[Threshold, ...] = Field(default=(), max_length=50, description="佐证提示线 / Thresholds as hints")


class Rules(Drawn, **example()):
    """One published version, ``number``, of the rules."""

    id: Key
    number: int = Field(ge=1)

    def place(self, level: str | None) -> int | None:
        """Where a level stands, -1 before the lowest for no level; None for one that these rules do not have."""
        if level is None:
            return -1
        return next((place for place, one in enumerate(self.levels) if one.id == level), None)

    def require(self, code: Literal["level", "award", "direct"], wanted: str) -> int:
        """The place of what is chosen in its list; raises ``Invalid`` for what is not there."""
        lists = {"level": self.levels, "award": self.awards, "direct": self.direct_grounds}
        keys, zh = [one.id for one in lists[code]], CHOSEN[code]
        if wanted not in keys:
            raise Invalid(
                f"standing.{code}_unknown",
                zh=f"{zh}应为：{'、'.join(keys) or '（未设置）'}。",
                en=f"One of: {', '.join(keys) or 'none is set up'}.",
                field=f"/{code}",
            )
        return keys.index(wanted)

    def suspects(self, *titles: str) -> str | None:
        """The kind of suspicion that a hint with these titles raises, if any."""
        return next((one.id for one in self.suspicions if one.fits(*titles)), None)

    def recheck_of(self, year: int) -> tuple[date, date]:
        """From which day to which day the recheck of a year is to be done: in the year after it."""
        last = calendar.monthrange(year + 1, self.recheck_last_month)[1]
        return date(year + 1, self.recheck_first_month, 1), date(year + 1, self.recheck_last_month, last)


class PublishedRules(Aggregate):
    """The rules with all their versions; a published version never changes."""

    versions: tuple[Rules, ...] = ()

    @property
    def newest(self) -> Rules:
        """The version that decisions follow now."""
        return self.versions[-1]

    def numbered(self, number: int) -> Rules:
        """One version; raises ``NotFound``."""
        if not 1 <= number <= len(self.versions):
            raise NotFound("rules.no_version", zh=f"没有第 {number} 版。", en=f"There is no version {number}.")
        return self.versions[number - 1]

    def answer(self) -> dict[str, object]:
        """The number of the version just published."""
        return {"number": self.newest.number}


def publish(before: PublishedRules | None, drawn: Drawn, in_use: Collection[str] = ()) -> Decision[PublishedRules]:
    """Add a version; ``in_use`` are the levels that brands hold. Raises ``Invalid`` with the place of a fault."""
    for fault in faults(drawn, in_use):
        raise fault
    versions = before.versions if before else ()
    rules = Rules(id=KEY, number=len(versions) + 1, **dict(drawn))
    return (before or PublishedRules(id=KEY)).becomes(versions=(*versions, rules)), []


def faults(drawn: Drawn, in_use: Collection[str] = ()) -> Iterator[Invalid]:
    """Every rule of sound rules that these break, each with its place."""
    yield from _repetitions(drawn)
    levels = {one.id for one in drawn.levels}
    missing = sorted(set(in_use) - levels)
    if drawn.begins_with is not None and drawn.begins_with not in levels:
        yield _fault("begins_with", "level", "起始级别不在级别表中。", "The first level is not one of the levels.")
    if missing:
        names = ", ".join(missing)
        yield _fault("levels", "in_use", f"仍有品牌处于级别：{names}。", f"Brands still hold: {names}.")
    if "pass" not in drawn.outcomes:
        zh, en = "复核结论须包含“通过”（pass）。", "A recheck must be able to end with pass."
        yield _fault("outcomes", "pass", zh, en)
    if drawn.recheck_first_month > drawn.recheck_last_month:
        yield _fault("recheck_last_month", "months", "截止月早于起始月。", "The last month is before the first.")
    for place, one in enumerate(drawn.thresholds):
        if one.at_least is None and one.at_most is None:
            yield _fault(f"thresholds/{place}", "bound", "须写明下限或上限。", "Give at_least or at_most.")


def _repetitions(drawn: Drawn) -> Iterator[Invalid]:
    for name in LISTS:
        keys = [one.id for one in getattr(drawn, name)]
        for place, key in enumerate(keys):
            if keys.index(key) != place:
                yield _fault(f"{name}/{place}/id", "twice", f"编号“{key}”重复。", f"“{key}” stands there twice.")
    for name in ("outcomes", "by_resolution"):
        if len(set(getattr(drawn, name))) < len(getattr(drawn, name)):
            yield _fault(name, "twice", "条目重复。", "An entry stands there twice.")


def _fault(field: str, code: str, zh: str, en: str) -> Invalid:
    return Invalid(f"rules.{code}", zh=zh, en=en, field=f"/{field}")
