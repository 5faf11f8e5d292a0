"""The evidence of a recheck: what other services told of a brand's year, counted; people judge it.

What nobody told is None and never 0: an activity without a filed plan counts for neither side of a share.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from infra.kernel.dates import day_of
from services.review.events.value_objects import Activity, Measured, Plaque, Stored
from services.review.standings.model.rules import Measure, Rules


class Held(Activity):
    """The same by its id; ``filed_late`` None: no plan of it was told."""

    activity: str
    filed_late: bool | None = None


class Suspected(Stored):
    """A hint that something is wrong. ``restricted``: for the Party work department only."""

    id: str
    title: str
    title_en: str
    reason: str
    department_title: str
    restricted: bool
    raised_at: datetime


class Brand(Stored):
    """The brand as registry told it last."""

    name: str | None
    state: str
    revision: int
    review: str | None


class Portrait(Brand):
    """The brand with the plaque that it holds."""

    plaque: Plaque | None = None


class Sources(Stored):
    """Everything that evidence is gathered from, as far as it was told."""

    held: tuple[Held, ...] = ()
    measured: tuple[Measured, ...] = ()
    suspected: tuple[Suspected, ...] = ()
    portrait: Portrait | None = None


class Signal(Stored):
    """A threshold that the evidence misses: pointed out, and nothing more."""

    threshold: str
    title: str
    title_en: str
    value: float


class Evidence(Stored):
    """What was known of a brand's year at one moment (``as_of``); shares are between 0 and 1."""

    year: int
    as_of: datetime
    activities: int
    kinds: dict[str, int]
    filed_before_start: float | None
    participation: float | None
    last_activity: datetime | None
    days_since_last: int | None
    points: tuple[Measured, ...]
    hints: tuple[Suspected, ...]
    portrait: Portrait | None
    signals: tuple[Signal, ...] = ()


def gather(year: int, sources: Sources, rules: Rules, as_of: datetime) -> Evidence:
    """The evidence of a year, by the days of China, with what misses a threshold."""
    held = sorted((one for one in sources.held if day_of(one.held_at).year == year), key=lambda one: one.held_at)
    last = max((one.held_at for one in sources.held if day_of(one.held_at).year <= year), default=None)
    known = [one for one in held if one.filed_late is not None]
    expected = sum(one.expected for one in held)
    found = Evidence(
        year=year,
        as_of=as_of,
        activities=len(held),
        kinds=dict(sorted(Counter(one.kind for one in held).items())),
        filed_before_start=_share(sum(not one.filed_late for one in known), len(known)),
        participation=_share(sum(one.present for one in held), expected),
        last_activity=last,
        days_since_last=None if last is None else (min(day_of(as_of), date(year, 12, 31)) - day_of(last)).days,
        points=_latest(one for one in sources.measured if day_of(one.measured_at).year <= year),
        hints=tuple(one for one in sources.suspected if day_of(one.raised_at).year == year),
        portrait=sources.portrait,
    )
    return found.becomes(signals=_signals(found, rules))


def _latest(points: Iterable[Measured]) -> tuple[Measured, ...]:
    order = sorted(points, key=lambda one: (one.measured_at, one.value, one.unit, one.department))
    newest = {one.indicator: one for one in order}
    return tuple(newest[name] for name in sorted(newest))


def _signals(found: Evidence, rules: Rules) -> tuple[Signal, ...]:
    values: dict[Measure, float | None] = {
        "activities": found.activities,
        "kinds": len(found.kinds),
        "filed_before_start": found.filed_before_start,
        "participation": found.participation,
        "days_since_last": found.days_since_last,
    }
    return tuple(
        Signal(threshold=one.id, title=one.title, title_en=one.title_en, value=value)
        for one in rules.thresholds
        if (value := values[one.measure]) is not None and one.missed(value)
    )


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
