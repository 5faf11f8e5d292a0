"""The calendar of one year: official holidays, weekends worked instead, and the company's own days off and on.

A year is ``confirmed`` when the State Council has published its arrangement; until then only weekends are known.
"""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from infra.kernel.errors import Invalid
from infra.kernel.events import Aggregate, Decision
from infra.kernel.json_tree import require_storable
from infra.kernel.values import Closed
from infra.kernel.working_days import days_of, is_weekend
from services.registry.events.published import CalendarRecorded
from services.registry.examples import example

LONGEST = 20
"""Days of one holiday: the longest so far had ten."""

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Source = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Holiday(Closed):
    """A holiday from its first to its last day, weekends in between included."""

    name: Name = Field(description="名称 / Name", examples=["春节"])
    first: date = Field(description="第一天 / First day")
    last: date = Field(description="最后一天 / Last day")

    @property
    def days(self) -> Iterator[date]:
        """Every day of it."""
        return days_of(self.first, self.last)


class Arrangement(Closed):
    """What the State Council arranged for a year."""

    holidays: tuple[Holiday, ...] = Field(default=(), max_length=30, description="放假 / Holidays")
    worked: tuple[date, ...] = Field(default=(), max_length=30, description="调休上班的周末 / Weekend days worked")


class OwnDay(Closed):
    """A day on which the company differs from the official calendar."""

    day: date = Field(description="日期 / The day")
    working: bool = Field(description="上班为真，放假为假 / Worked, or off")
    name: Name = Field(description="事由 / What for", examples=["厂庆"])


class Calendar(Aggregate):
    """The calendar of the year that its id names."""

    year: int
    arrangement: Arrangement = Arrangement()
    confirmed: bool = False
    source: Source | None = None
    own: tuple[OwnDay, ...] = ()


class Official(Closed):
    """An arrangement as it is recorded: confirmed or expected, and where it was published."""

    model_config = example("Official")

    arrangement: Arrangement
    confirmed: bool = Field(default=True, description="是否已正式公布 / Whether it was published officially")
    source: Source | None = Field(
        default=None, description="文号 / The notice's number", examples=["国办发明电〔2025〕7号"]
    )


def arrange(before: Calendar | None, year: int, official: Official) -> Decision[Calendar]:
    """The official part of a year is now this; the company's own days stay. Raises ``Invalid``."""
    require_storable(official.model_dump(mode="json"), "")
    for field, zh, en in _faults(year, official.arrangement):
        raise Invalid("calendar.unsound", zh=zh, en=en, field=field)
    return _recorded(
        before, year, arrangement=official.arrangement, confirmed=official.confirmed, source=official.source
    )


def settle_own(before: Calendar | None, year: int, own: tuple[OwnDay, ...]) -> Decision[Calendar]:
    """The company's own days of a year are now these. Raises ``Invalid``."""
    require_storable([one.model_dump(mode="json") for one in own], "/days")
    seen: set[date] = set()
    for place, one in enumerate(own):
        if one.day.year != year or one.day in seen:
            zh, en = (
                f"{one.day} 不在 {year} 年内或重复。",
                f"{one.day} is not in {year}, or stands there twice.",
            )
            raise Invalid("calendar.own_day", zh, en, field=f"/days/{place}/day")
        seen.add(one.day)
    return _recorded(before, year, own=tuple(sorted(own, key=lambda one: one.day)))


def _recorded(before: Calendar | None, year: int, **changes: object) -> Decision[Calendar]:
    after = (before or Calendar(id=str(year), year=year)).becomes(**changes)
    if before == after:
        return before, []
    about = {**dict(after), **after.arrangement.model_dump(), "calendar": after.id, "own": after.model_dump()["own"]}
    return after, [CalendarRecorded.model_validate(about)]


def _faults(year: int, arrangement: Arrangement) -> Iterator[tuple[str, str, str]]:
    """What cannot be: the field, and the reason in Chinese and in English."""
    free: set[date] = set()
    earliest, latest = date(year - 1, 12, 1), date(year + 1, 1, 31)  # New Year's holiday may begin in December
    for place, one in enumerate(arrangement.holidays):
        field = f"/arrangement/holidays/{place}"
        if not earliest <= one.first <= one.last <= latest or (one.last - one.first).days >= LONGEST:
            yield field, f"“{one.name}”的起止日期不合理。", f"The days of “{one.name}” cannot be right."
        elif free & set(one.days):
            yield field, f"“{one.name}”与其他假期重叠。", f"“{one.name}” overlaps another holiday."
        else:
            free |= set(one.days)
    for place, day in enumerate(arrangement.worked):
        field = f"/arrangement/worked/{place}"
        if not is_weekend(day) or not earliest <= day <= latest:
            yield field, f"{day} 不是周末或不在该年。", f"{day} is no weekend day of that year."
        elif day in free or day in arrangement.worked[:place]:
            yield field, f"{day} 已是假期或重复。", f"{day} is a holiday, or stands there twice."
