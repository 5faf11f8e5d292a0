"""One run of a feed: rows are received, compared with what is known, held or applied. It can go on at any point.

``receiving`` → ``comparing`` → ``applying`` → ``done``; ``held`` when too much would vanish, until a person releases or
rejects it. Events and a directory say one thing at a time, so of them a day's leavers count (``HoldDecision``).
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Literal

from pydantic import Field

from infra.kernel.errors import Invalid, Refused
from infra.kernel.events import Aggregate, Decision
from infra.kernel.values import Closed, Input, Value
from services.registry.examples import example
from services.registry.hr.model.employee_and_department import DepartmentRecord, EmployeeRecord, Record

Kind = Literal["full", "delta"]
State = Literal["receiving", "comparing", "held", "applying", "done", "rejected"]
SHOWN = 200


class Limits(Closed):
    """When a full list stops: more than ``percent`` of the people (and more than ``people``) would vanish."""

    percent: float = Field(default=5, ge=0, le=100)
    people: int = Field(default=3, ge=0)

    def exceeded(self, lost: int, before: int) -> bool:
        """Whether so many of so many are too many to be believed."""
        return lost > self.people and lost * 100 > before * self.percent


class Fault(Value):
    """A row that could not be read: where, and why; ``subject``: whose it is (``employee:1010``), if that is clear."""

    row: str
    field: str
    zh: str
    en: str
    subject: str | None = None


class Counts(Value):
    """What a run has, and what it leads to."""

    rows: int = 0
    faulty: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    gone: int = 0


class Row(Value):
    """One row of a run as it was received; ``id`` = run, kind and source id, so that a repetition meets itself.

    ``said``: the fields that the list has; of the others it says nothing, so they stay as they are.
    """

    id: str
    run: str
    employee: EmployeeRecord | None = None
    department: DepartmentRecord | None = None
    said: tuple[str, ...] = ()

    @property
    def record(self) -> Record:
        """What it states."""
        record = self.employee or self.department
        assert record is not None  # noqa: S101 - one of them is always there
        return record

    @property
    def about(self) -> tuple[str, str]:
        """Whom or what it is about: the kind and the id."""
        return self.record.kind, self.record.subject


def by_subject(rows: Iterable[Row]) -> list[list[Row]]:
    """The rows of one employee or department together, in the order of their days: each builds on the one before it."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault(row.about, []).append(row)
    return [sorted(theirs, key=lambda row: (row.record.effective_from, row.id)) for theirs in found.values()]


class Beginning(Input):
    """A list of one source. ``day``: the day that it shows; today if not given."""

    model_config = example("Beginning")

    source: str = Field(min_length=1, max_length=200, description="来源系统 / The system it comes from")
    kind: Kind = Field(description="full 全量 / delta 增量")
    day: date | None = Field(default=None, description="名单日期，默认今天 / The day that it shows")


class RunState(Value):
    """A run as its feeder sees it."""

    source: str
    kind: Kind
    feed: str
    day: date
    state: State = "receiving"
    counts: Counts = Counts()
    applied: int = 0
    faults: tuple[Fault, ...] = ()
    why_held: tuple[str, str] | None = None
    baseline: str | None = None
    decided_by: str | None = None
    reason: str | None = None
    started_at: datetime
    ended_at: datetime | None = None


class Run(RunState, Aggregate):
    """One list of one source."""

    started_by: str
    spared: tuple[str, ...] = ()
    """Those who are in the list, but in a row that could not be read: wrong, but not gone."""

    unnamed: int = 0
    """Rows of which nobody can say whose they are."""

    gone: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    """Those of whom a row says that they left, and who had not."""

    gone_departments: tuple[str, ...] = ()
    progress: str = ""

    def answer(self) -> dict[str, object]:
        """The answer to its feeder."""
        return {"state": self.state, "counts": self.counts.model_dump()}

    @property
    def seq(self) -> int:
        """The number of everything this run itself states: the moment it began, in milliseconds."""
        return int(self.started_at.timestamp() * 1000)


def received(run: Run, rows: int, faults: tuple[Fault, ...]) -> Decision[Run]:
    """Some more rows are there."""
    _require(run, "receiving")
    counts = run.counts.model_copy(update={"rows": run.counts.rows + rows, "faulty": run.counts.faulty + len(faults)})
    return run.becomes(
        counts=counts,
        faults=(*run.faults, *faults)[:SHOWN],
        spared=tuple(dict.fromkeys([*run.spared, *(one.subject for one in faults if one.subject)])),
        unnamed=run.unnamed + sum(not one.subject for one in faults),
    ), []


def close(run: Run) -> Decision[Run]:
    """All rows are there: compare. A list without a single row is no list."""
    _require(run, "receiving")
    if not run.counts.rows:
        raise Invalid("run.empty", zh="名单为空，未作任何变更。", en="The list is empty; nothing was changed.")
    return run.becomes(state="comparing"), []


class Findings(Value):
    """What a comparison found. ``before``: how many people there were; ``tops``: departments under none."""

    baseline: str | None = None
    before: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    gone: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    gone_departments: tuple[str, ...] = ()
    tops: tuple[str, ...] = ()

    def alarming(self, limits: Limits) -> tuple[str, str] | None:
        """Why a person must look first; None = nothing unusual would vanish."""
        missing, leaving = len(self.gone), len(self.leaving)
        if limits.exceeded(missing + leaving, self.before):
            left, left_en = (f"、离职 {leaving} 人", f" and {leaving} have left") if leaving else ("", "")
            zh = f"名单中缺少 {missing} / {self.before} 人{left}，超过 {limits.percent:g}%。"
            return zh, f"{missing} of {self.before} people are missing{left_en}, more than {limits.percent:g} %."
        if self.tops:
            names = ", ".join(self.tops)
            return f"名单中缺少一级部门：{names}。", f"Departments at the top are missing: {names}."
        return None


def compared(run: Run, found: Findings, limits: Limits) -> Decision[Run]:
    """Apply, or hold and ask."""
    if run.state != "comparing":
        return run, []
    numbers = found.model_dump(include={"created", "updated", "unchanged"})
    counts = run.counts.model_copy(update={**numbers, "gone": len(found.gone) + len(found.gone_departments)})
    why = found.alarming(limits)
    if why is None and run.unnamed and (found.gone or found.gone_departments):  # they may be in such a row
        zh = f"有 {run.unnamed} 行无法辨认编号，缺失的人员或部门可能就在其中。"
        why = zh, f"{run.unnamed} rows have no readable number; whoever is missing may be in them."
    stored = found.model_dump(include={"baseline", "gone", "leaving", "gone_departments"})
    return run.becomes(state="held" if why else "applying", why_held=why, counts=counts, **stored), []


def release(run: Run, by: str, reason: str) -> Decision[Run]:
    """A person has looked: those who are missing really are gone."""
    _require(run, "held")
    return run.becomes(state="applying", decided_by=by, reason=reason), []


def reject(run: Run, by: str, reason: str, at: datetime) -> Decision[Run]:
    """A person has looked: the list is wrong. Nothing of it is applied."""
    if run.state not in {"held", "receiving"}:
        _require(run, "held")
    return run.becomes(state="rejected", decided_by=by, reason=reason, ended_at=at), []


def advanced(run: Run, to: str, rows: int) -> Decision[Run]:
    """Rows up to ``to`` are applied."""
    if run.state != "applying" or to <= run.progress:
        return run, []
    return run.becomes(progress=to, applied=run.applied + rows), []


def finish(run: Run, at: datetime) -> Decision[Run]:
    """Everything is applied; a full list is from now on what the next one is compared with."""
    if run.state != "applying":
        return run, []
    return run.becomes(state="done", ended_at=at), []


def _require(run: Run, state: State) -> None:
    if run.state != state:
        raise Refused(f"run.not_{state}", zh=f"该批次当前为 {run.state}。", en=f"The run is {run.state}, not {state}.")


WINDOW = timedelta(days=1)


class Loss(Value):
    """Somebody who left by this source; ``id`` = source, employee and moment."""

    id: str
    source: str
    at: datetime


class HoldDecision(Aggregate):
    """The id is the source. ``held_since``: leavers wait until a person has looked."""

    held_since: datetime | None = None
    why: tuple[str, str] | None = None
    released_until: datetime | None = None
    decided_by: str | None = None
    reason: str | None = None

    @property
    def released(self) -> bool:
        """Whether the last decision was that they really leave."""
        return self.released_until is not None

    def open(self, at: datetime) -> bool:
        """Whether a person let the leavers of this time through."""
        return self.released_until is not None and at < self.released_until


def too_many_leave(losses: int, people: int, limits: Limits) -> tuple[str, str] | None:
    """Why so many leavers within a day are suspicious, in Chinese and English; None = they are not."""
    if not limits.exceeded(losses, people):
        return None
    zh = f"一天内将有 {losses} / {people} 人离开，超过 {limits.percent:g}%，暂停受理离职。"
    en = f"{losses} of {people} people would leave within a day, more than {limits.percent:g} %: leavers are held."
    return zh, en


def hold_leavers(
    before: HoldDecision | None, source: str, why: tuple[str, str], at: datetime
) -> Decision[HoldDecision]:
    """Hold the leavers of a source from now on."""
    hold = before or HoldDecision(id=source)
    return hold.becomes(held_since=hold.held_since or at, why=why, released_until=None), []


def release_leavers(hold: HoldDecision, by: str, reason: str, at: datetime) -> Decision[HoldDecision]:
    """A person has looked: they really leave. What was held goes on, and for a day nothing is asked again."""
    _require_held(hold)
    return hold.becomes(held_since=None, released_until=at + WINDOW, decided_by=by, reason=reason), []


def reject_leavers(hold: HoldDecision, by: str, reason: str) -> Decision[HoldDecision]:
    """A person has looked: the source was wrong. What was held is dismissed; the next leavers count anew."""
    _require_held(hold)
    return hold.becomes(held_since=None, released_until=None, decided_by=by, reason=reason), []


def _require_held(hold: HoldDecision) -> None:
    if hold.held_since is None:
        raise Refused("hold.not_held", zh="该来源没有被暂停的离职。", en=f"Nothing of “{hold.id}” is held.")
