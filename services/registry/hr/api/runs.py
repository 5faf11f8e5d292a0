"""Lists of HR over HTTP: begin a run, add rows, close it, follow it; a person releases or rejects one that is held."""

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, JsonValue

from infra.kernel.clock import today
from infra.kernel.paging import Page, Paging
from infra.storage.store import CommandResult
from infra.web.http import Asked, Body, Reader
from services.registry.access import Access, require_feeder, require_hr_reader
from services.registry.hr.model import run as model
from services.registry.hr.model.run import Kind, Run, State
from services.registry.hr.use_cases.runs import Runs
from services.registry.requests import PROBLEMS
from services.registry.stores import Stores

MOST_ROWS = 2000


class Beginning(Body):
    """A list of one source. ``day``: the day that it shows; today if not given."""

    source: str = Field(min_length=1, max_length=200, description="来源系统 / The system it comes from")
    kind: Kind = Field(description="full 全量 / delta 增量")
    day: date | None = Field(default=None, description="名单日期 / The day that it shows")


class Rows(Body):
    """Some rows of the canonical record; a wrong one is reported and leaves the others alone."""

    employees: list[dict[str, JsonValue]] = Field(default_factory=list, max_length=MOST_ROWS)
    departments: list[dict[str, JsonValue]] = Field(default_factory=list, max_length=MOST_ROWS)


class Why(Body):
    """Why a person decided so."""

    reason: str = Field(min_length=1, max_length=2000, description="理由 / Reason")


class Missing(BaseModel):
    """Somebody who would vanish."""

    id: str
    name: str
    department: str | None = None


class RunView(BaseModel):
    """A run as it stands; ``missing`` is filled for one run, not in lists."""

    id: str
    version: int
    source: str
    kind: Kind
    feed: str
    day: date
    state: State
    counts: model.Counts
    applied: int
    faults: tuple[model.Fault, ...]
    why_held: tuple[str, str] | None
    baseline: str | None
    decided_by: str | None
    reason: str | None
    started_at: datetime
    ended_at: datetime | None
    missing: list[Missing] = []

    @classmethod
    def of(cls, run: Run, missing: list[Missing] | None = None) -> "RunView":
        """The run as a feeder sees it."""
        return cls.model_validate({**dict(run), "missing": missing or []}, from_attributes=True)


class Filter(Paging):
    """In which order lists are shown."""

    sort: Literal["-started_at", "started_at"] = Field(default="-started_at", description="排序 / Order")


def beginning(asked: Asked, source: str, kind: Kind, feed: str, day: date | None = None) -> Run:
    """The run that a command begins."""
    return Run(
        id=asked.key,
        source=source,
        kind=kind,
        feed=feed,
        day=day or today(),
        started_at=asked.at,
        started_by=asked.user.id,
    )


def routes(stores: Stores, access: Access, runs: Runs) -> APIRouter:
    """The routes of runs."""
    api = APIRouter(prefix="/hr/runs", tags=["人力资源名单 HR lists"], responses=PROBLEMS)

    @api.post("", status_code=201, summary="开始一份名单 Begin a list")
    async def begin(body: Beginning, asked: Asked) -> CommandResult:
        require_feeder(asked.user)
        return await runs.begin(beginning(asked, body.source, body.kind, "api", body.day), asked.cause)

    @api.post("/{key}/rows", summary="加入若干行 Add rows")
    async def add(key: str, body: Rows, asked: Asked) -> CommandResult:
        require_feeder(asked.user)
        return await runs.add(key, body.employees, body.departments, asked.cause)

    @api.post("/{key}/close", status_code=202, summary="名单已齐，开始比对 All rows are there")
    async def close(key: str, asked: Asked) -> CommandResult:
        require_feeder(asked.user)
        return await runs.close(key, asked.cause)

    @api.get("", summary="历次名单 All lists")
    async def listed(asked: Reader, ask: Annotated[Filter, Query()]) -> Page[RunView]:
        require_hr_reader(asked.user)
        return (await stores.hr.runs.page({}, ask)).map(RunView.of)

    @api.get("/{key}", summary="一份名单 One list")
    async def one(key: str, asked: Reader) -> RunView:
        require_hr_reader(asked.user)
        run = await stores.hr.runs.get(key)
        people, units = (
            await stores.hr.employees_by([*run.gone, *run.leaving]),
            await stores.hr.departments_by(run.gone_departments),
        )
        missing = [
            Missing(id=one.id, name=one.applied.name, department=one.applied.department)
            for one in people.values()
            if one.applied
        ]
        missing += [Missing(id=one.id, name=one.applied.name) for one in units.values() if one.applied]
        return RunView.of(run, missing)

    @api.post("/{key}/release", summary="确认缺失属实，继续应用 Release a held list")
    async def release(key: str, body: Why, asked: Asked) -> CommandResult:
        (await access.of(asked.user)).require_everything()
        return await stores.hr.runs.update(
            key, lambda run: model.release(run, asked.user.person, body.reason), cause=asked.cause
        )

    @api.post("/{key}/rejection", summary="名单有误，不予应用 Reject a list")
    async def reject(key: str, body: Why, asked: Asked) -> CommandResult:
        hr = asked.user.has("hr_system")  # HR may take its own list back
        if not hr:
            (await access.of(asked.user)).require_everything()
        by = asked.user.id if hr else asked.user.person
        return await stores.hr.runs.update(
            key, lambda run: model.reject(run, by, body.reason, asked.at), cause=asked.cause
        )

    return api
