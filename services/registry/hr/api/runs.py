"""Lists of HR over HTTP: begin a run, add rows, close it, follow it; a person releases or rejects one that is held.

A list may come as a file: the file itself is the body, and what could be read of it is compared and applied. Where
single changes let too many people leave within a day, their source is held: what waits, and a person's decision.
"""

import asyncio
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from infra.kernel import clock
from infra.kernel.clock import today
from infra.kernel.paging import Page, Paging
from infra.kernel.values import Identified
from infra.storage.store import CommandResult
from infra.web.http import Asked, Asking, Body, Reader
from services.registry.access import FEEDERS, HR_READERS, Access
from services.registry.examples import example
from services.registry.hr.feeds.files import Columns, read, sheets
from services.registry.hr.model import run as model
from services.registry.hr.model.employee_and_department import Department, Employee
from services.registry.hr.model.run import Beginning, HoldDecision, Run
from services.registry.hr.use_cases.intake import Holds
from services.registry.hr.use_cases.runs import Runs
from services.registry.requests import PROBLEMS
from services.registry.stores import Stores

PATH = "/hr/files"
MOST_BYTES = 20_000_000
MOST_ROWS = 2000


class Rows(Body):
    """Some rows of the canonical record; a wrong one is reported and leaves the others alone."""

    model_config = example("Rows")

    employees: list[dict[str, JsonValue]] = Field(default_factory=list, max_length=MOST_ROWS)
    departments: list[dict[str, JsonValue]] = Field(default_factory=list, max_length=MOST_ROWS)


class Why(Body):
    """Why a person decided so."""

    model_config = example("Why")

    reason: str = Field(min_length=1, max_length=2000, description="理由 / Reason")


class Missing(BaseModel):
    """Somebody who would vanish."""

    id: str
    name: str
    department: str | None = None


class RunView(model.RunState, Identified):
    """A run as it stands; ``missing`` is filled for one run, not in lists."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    missing: tuple[Missing, ...] = ()

    @classmethod
    def of(cls, run: Run, missing: list[Missing] | None = None) -> "RunView":
        """The run as a feeder sees it."""
        return cls.model_validate({**dict(run), "missing": missing or ()})


class About(Beginning):
    """What the file is; ``columns``: a source's own names as JSON, ``{"employees": {"name": "员工"}}``."""

    model_config = ConfigDict(extra="ignore")

    columns: str | None = Field(default=None, max_length=4000, description="自有列名（JSON） / Own names of columns")


class Filter(Paging):
    """In which order lists are shown."""

    sort: Literal["-started_at", "started_at"] = Field(default="-started_at", description="排序 / Order")


def beginning(asked: Asking, given: Beginning, feed: str) -> Run:
    """The run that a command begins."""
    by = {"started_at": asked.at, "started_by": asked.user.id}
    return Run(id=asked.key, feed=feed, **dict(given) | {"day": given.day or today()} | by)


def routes(stores: Stores, access: Access, runs: Runs) -> APIRouter:
    """The routes of runs."""
    api = APIRouter(prefix="/hr/runs", tags=["人力资源名单 HR lists"], responses=PROBLEMS)

    @api.post("", status_code=201, summary="开始一份名单 Begin a list")
    async def begin(body: Beginning, asked: Asked) -> CommandResult:
        asked.user.require(*FEEDERS)
        return await runs.begin(beginning(asked, body, "api"), asked.cause)

    @api.post("/{key}/rows", summary="加入若干行 Add rows")
    async def add(key: str, body: Rows, asked: Asked) -> CommandResult:
        asked.user.require(*FEEDERS)
        return await runs.add(key, body.employees, body.departments, asked.cause)

    @api.post("/{key}/close", status_code=202, summary="名单已齐，开始比对 All rows are there")
    async def close(key: str, asked: Asked) -> CommandResult:
        asked.user.require(*FEEDERS)
        return await runs.close(key, asked.cause)

    @api.get("", summary="历次名单 All lists")
    async def listed(asked: Reader, ask: Annotated[Filter, Query()]) -> Page[RunView]:
        asked.user.require(*HR_READERS)
        return (await stores.hr.runs.page({}, ask)).map(RunView.of)

    @api.get("/{key}", summary="一份名单 One list")
    async def one(key: str, asked: Reader) -> RunView:
        asked.user.require(*HR_READERS)
        run = await stores.hr.runs.get(key)
        people: list[Any] = [*(await stores.hr.known(Employee, [*run.gone, *run.leaving])).values()]
        units = (await stores.hr.known(Department, run.gone_departments)).values()
        missing = [
            Missing(id=one.id, name=one.applied.name, department=getattr(one.applied, "department", None))
            for one in [*people, *units]
            if one.applied
        ]
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


def file_routes(runs: Runs) -> APIRouter:
    """The route of files."""
    api = APIRouter(tags=["人力资源名单 HR lists"], responses=PROBLEMS)
    shipped = Columns.shipped()

    @api.post(PATH, status_code=202, summary="导入名单文件（xlsx/csv） Import a list")
    async def take(request: Request, asked: Asked, about: Annotated[About, Query()]) -> CommandResult:
        """请求体即文件本身。 The body is the file itself: ``curl --data-binary @名单.xlsx``."""
        asked.user.require(*FEEDERS)
        content = await request.body()
        shown, names = about.day or today(), shipped.said(about.columns)
        found = await asyncio.to_thread(lambda: read(sheets(content), names, shown))
        run = beginning(asked, Beginning(source=about.source, kind=about.kind, day=shown), "file")
        step = asked.cause.step  # one for each write of the one command, so that a repeated upload goes on where it was
        await runs.begin(run, step("begin"))
        if found.departments or found.faults:  # a step that changes nothing is not remembered
            await runs.add(run.id, [], found.departments, step("departments"), found.faults)
        for number in range(0, len(found.employees), MOST_ROWS):
            people = found.employees[number : number + MOST_ROWS]
            await runs.add(run.id, people, [], step("employees", number))
        return await runs.close(run.id, step("close"))

    return api


class Waiting(BaseModel):
    """One leaver that waits: an event (its arrival's id) or an entry of the directory."""

    id: str
    feed: Literal["event", "scim"]
    employee: str
    name: str


class HoldView(BaseModel):
    """A source, whether its leavers are held, and why."""

    source: str
    state: Literal["held", "released", "watching"]
    held_since: datetime | None
    why: tuple[str, str] | None
    decided_by: str | None
    reason: str | None

    @classmethod
    def of(cls, one: HoldDecision) -> "HoldView":
        """The hold as a person sees it."""
        state = "held" if one.held_since else "released" if one.open(clock.now()) else "watching"
        known = one.model_dump(include={"held_since", "why", "decided_by", "reason"})
        return cls.model_validate({"source": one.id, "state": state, **known})


class HoldFilter(Paging):
    """Which source is asked for."""

    source: str | None = Field(default=None, description="来源系统 / The system")


class WaitingFilter(Paging):
    """Of which source the leavers are asked for."""

    source: str = Field(description="来源系统 / The system")


def hold_routes(stores: Stores, access: Access, holds: Holds) -> APIRouter:
    """The routes of held leavers; a source's name is part of the query, for it may hold slashes."""
    api = APIRouter(prefix="/hr/holds", tags=["人力资源离职闸门 HR leavers held"], responses=PROBLEMS)

    @api.get("", summary="各来源的离职闸门 All sources that were ever held")
    async def listed(asked: Reader, ask: Annotated[HoldFilter, Query()]) -> Page[HoldView]:
        asked.user.require(*HR_READERS)
        return (await stores.hr.holds.page(ask.where(source="_id"), ask)).map(HoldView.of)

    @api.get("/waiting", summary="被暂停的离职 What is held of one source")
    async def waiting(asked: Reader, ask: Annotated[WaitingFilter, Query()]) -> Page[Waiting]:
        asked.user.require(*HR_READERS)
        await stores.hr.holds.get(ask.source)
        events, entries = await holds.held(ask.source, limit=0)
        rows = [
            Waiting(id=one.id, feed="event", employee=one.about[0], name=one.about[1]) for one in events if one.about
        ]
        for entry in entries:
            sent = entry.taken.record or {}
            name, number = str(sent.get("name")), str(sent.get("employee_no"))
            rows.append(Waiting(id=entry.id, feed="scim", employee=number, name=name))
        return Page.among(rows, ask, lambda one: one.id)

    @api.post("/release", summary="确认离职属实，继续受理 They really leave")
    async def release(source: str, body: Why, asked: Asked) -> CommandResult:
        (await access.of(asked.user)).require_everything()
        decide = partial(model.release_leavers, by=asked.user.person, reason=body.reason, at=asked.at)
        return await stores.hr.holds.update(source, decide, cause=asked.cause)

    @api.post("/rejection", summary="来源有误，不予受理 The source was wrong")
    async def reject(source: str, body: Why, asked: Asked) -> CommandResult:
        (await access.of(asked.user)).require_everything()
        decide = partial(model.reject_leavers, by=asked.user.person, reason=body.reason)
        return await stores.hr.holds.update(source, decide, cause=asked.cause)

    return api
