"""Runs of feeds: rows are staged, compared with what is known, and applied one by one; each step can be repeated."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from pydantic import JsonValue, ValidationError

from infra.kernel import clock
from infra.kernel.events import Cause
from infra.kernel.json_pointer import pointer
from infra.storage.store import CommandResult
from services.registry.hr.model import run as model
from services.registry.hr.model.employee_and_department import MIRRORS, OVER, Department, Employee, Record, leaves
from services.registry.hr.model.run import Fault, Findings, Limits, Row, Run, by_subject
from services.registry.hr.store import Hr
from services.registry.hr.use_cases.intake import Intake, first_of

AT_ONCE = 16
Sent = Mapping[str, JsonValue]


class Runs:
    """Every feed of lists uses these: begin, add as often as needed, close; a job does the rest."""

    def __init__(self, hr: Hr, intake: Intake, limits: Limits) -> None:
        self._hr, self._intake, self._limits = hr, intake, limits

    async def begin(self, run: Run, cause: Cause) -> CommandResult:
        """Begin a run under the id its feeder gave it; again it is the same run."""
        return await self._hr.runs.put(run.id, lambda before: (before or run, []), cause=cause)

    async def add(
        self, key: str, people: Sequence[Sent], units: Sequence[Sent], cause: Cause, known_faults: Sequence[Fault] = ()
    ) -> CommandResult:
        """Stage rows; those that are wrong are reported and leave the others alone."""
        run = await self._hr.runs.get(key)
        rows: dict[str, Row] = {}
        faults: list[Fault] = [*known_faults]
        for of, all_sent in ((Employee.records, people), (Department.records, units)):
            for place, sent in enumerate(all_sent, 1):
                row = _read(run, of, place, sent)
                if isinstance(row, Fault):
                    faults.append(row)
                elif rows.setdefault(row.id, row) != row:
                    faults.append(_twice(row))
        known = {row.id: row for row in await self._hr.rows.find({"_id": {"$in": list(rows)}}, limit=0)}
        faults += [_twice(row) for row in rows.values() if row.id in known and known[row.id] != row]
        fresh = [row for row in rows.values() if row.id not in known]
        await self._hr.rows.save(fresh)
        return await self._hr.runs.update(
            key, partial(model.received, rows=len(fresh), faults=tuple(faults)), cause=cause
        )

    async def close(self, key: str, cause: Cause) -> CommandResult:
        """All rows are there."""
        return await self._hr.runs.update(key, model.close, cause=cause)

    async def run_once(self) -> bool:
        """Do a piece of the oldest run that waits for it; whether there was one."""
        waiting = await self._hr.runs.find(
            {"state": {"$in": ["comparing", "applying"]}}, sort=[("started_at", 1)], limit=1
        )
        for run in waiting:
            await (self._compare(run) if run.state == "comparing" else self._apply(run))
        return bool(waiting)

    async def _compare(self, run: Run) -> None:
        tally = {"created": 0, "updated": 0, "unchanged": 0}
        after, leaving = "", list[str]()
        while rows := await self._hr.page(run.id, after):
            known = await self._hr.all_known(row.about for row in rows)
            for row in rows:
                before = known.get(row.about)
                changes = _changes(run, row, before)
                if any(leaves(one, before) for one in changes):
                    leaving.append(row.record.subject)
                tally["created" if before is None else "updated" if changes else "unchanged"] += 1
            after = rows[-1].id
        found = await self._vanished(run) if run.kind == "full" else Findings()
        people = found.before or await self._hr.staff()
        found = found.model_copy(update={**tally, "before": people, "leaving": tuple(dict.fromkeys(leaving))})
        decide = partial(model.compared, found=found, limits=self._limits)
        await self._hr.runs.update(run.id, decide, cause=Cause.of(f"hr#{run.id}", "compared"))

    async def _vanished(self, run: Run) -> Findings:
        """Who was in the last full list of this source, is not in this one, and has not left by any other word."""
        last = await self._hr.last_full(run.source)
        if last is None:
            return Findings()
        before, now = await self._listed(last), await self._listed(run)
        missing = before - now
        people = await self._hr.known(Employee, (key for kind, key in missing if kind == "employee"))
        listed = any(kind == "department" for kind, _ in now)  # a list of people says nothing of departments
        lost = [key for kind, key in missing if kind == "department"] if listed else []
        units = {key: one.applied for key, one in (await self._hr.known(Department, lost)).items()}
        closed = {key: one for key, one in units.items() if one and one.enabled and not one.merged_into}
        return Findings(
            baseline=last.id,
            before=sum(kind == "employee" for kind, _ in before),
            gone=tuple(sorted(key for key, one in people.items() if one.applied and one.applied.status not in OVER)),
            gone_departments=tuple(sorted(closed)),
            tops=tuple(key for key in sorted(closed) if closed[key].parent is None),
        )

    async def _listed(self, run: Run) -> set[tuple[str, str]]:
        """Which employees and departments a list has, those in rows that could not be read included."""
        spared = {(kind, key) for kind, _, key in (one.partition(":") for one in run.spared)}
        return {row.about for row in await self._hr.rows.find({"run": run.id}, limit=0)} | spared

    async def _apply(self, run: Run) -> None:
        rows = await self._hr.page(run.id, run.progress)
        if not rows:
            about = [("employee", key) for key in run.gone] + [("department", key) for key in run.gone_departments]
            for (_, key), one in (await self._hr.all_known(about)).items():
                record = one.missing(run.id, run.source, run.day, run.seq)
                await self._intake.take(record, Cause.of(f"hr#{run.id}", f"gone#{key}"))
            await self._hr.runs.update(
                run.id, partial(model.finish, at=clock.now()), cause=Cause.of(f"hr#{run.id}", "finished")
            )
            return
        known = await self._hr.all_known(row.about for row in rows)
        limit = asyncio.Semaphore(AT_ONCE)

        async def take(theirs: list[Row]) -> None:
            async with limit:
                for place, row in enumerate(theirs):
                    if place:  # what the row before it changed is the ground of this one
                        known.update(await self._hr.all_known([row.about]))
                    for record in _changes(run, row, known.get(row.about)):  # named by itself: it may be first now
                        await self._intake.take(record, Cause.of(f"hr#{run.id}", f"{row.id}#{record.key}"))

        await asyncio.gather(*(take(theirs) for theirs in by_subject(rows)))
        step = partial(model.advanced, to=rows[-1].id, rows=len(rows))
        await self._hr.runs.update(run.id, step, cause=Cause.of(f"hr#{run.id}", f"to#{rows[-1].id}"))


def _read(run: Run, of: type[Record], place: int, sent: Sent) -> Row | Fault:
    """One row, or what is wrong with it; the source is the run's, and so is the number unless the row has one."""
    kind = of.kind
    try:
        assumed = {"status": "active"} if kind == "employee" else {}
        record = of.model_validate({"seq": run.seq, **assumed, **sent, "source": run.source})
    except ValidationError as error:
        where, zh, en = first_of(error)
        name = str(sent.get("employee_no") or sent.get("source_id") or f"{kind} {place}")
        number = sent.get("employee_no" if kind == "employee" else "source_id")
        whose = f"{kind}:{str(number).strip()}" if number else None
        return Fault(row=name, field=pointer("", *where), zh=zh, en=en, subject=whose)
    key = f"{run.id}:{kind}:{record.subject}"
    if record.change_order_no:  # a list of changes may have several of one person
        key = f"{key}:{record.change_order_no}"
    return Row.model_validate({"id": key, "run": run.id, kind: record, "said": sorted(sent)})


def _changes(run: Run, row: Row, known: Any) -> list[Record]:  # noqa: ANN401 - an employee, a department, or None
    """The records by which a row changes what is known; none where it says what is known already."""
    of, stated = MIRRORS[row.record.kind], row.record
    day = stated.effective_from if run.kind == "delta" else max(run.day, stated.effective_from)
    record: Record | None = of.completed(stated, known, row.said, day)
    back: list[Record] = known.back(run.seq) if run.kind == "full" and known else []
    for one in back:  # the row is measured by what holds once they are back, so that half of this may have been done
        known = of.take(known, one, run.day)[0]
    if run.kind == "full" and record is not None:
        record = of.as_of_list(record, known, run.day)
    if record is None or (known is not None and of.take(known, record, run.day)[0].slices == known.slices):
        return back
    return [*back, record]


def _twice(row: Row) -> Fault:
    zh, en = "同一编号出现两次且内容不同，首次出现的有效", "there twice, differently"
    return Fault(row=row.record.subject, field="", zh=zh, en=en, subject=":".join(row.about))
