"""Lists of HR as files over HTTP: the file itself is the body; what could be read is compared and applied."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import ConfigDict, Field

from infra.kernel.clock import today
from infra.storage.store import CommandResult
from infra.web.http import Asked
from services.registry.access import require_feeder
from services.registry.hr.api.runs import beginning
from services.registry.hr.feeds.files.columns import Columns
from services.registry.hr.feeds.files.rows import read
from services.registry.hr.feeds.files.sheets import sheets
from services.registry.hr.model.run import Beginning
from services.registry.hr.use_cases.runs import Runs
from services.registry.requests import PROBLEMS

PATH = "/hr/files"
MOST_BYTES = 20_000_000
AT_ONCE = 2000


class About(Beginning):
    """What the file is; ``columns``: a source's own names as JSON, ``{"employees": {"name": "员工"}}``."""

    model_config = ConfigDict(extra="ignore")

    columns: str | None = Field(default=None, max_length=4000, description="自有列名（JSON） / Own names of columns")


def routes(runs: Runs) -> APIRouter:
    """The route of files."""
    api = APIRouter(tags=["人力资源名单 HR lists"], responses=PROBLEMS)
    shipped = Columns.shipped()

    @api.post(PATH, status_code=202, summary="导入名单文件（xlsx/csv） Import a list")
    async def take(
        request: Request,
        asked: Asked,
        about: Annotated[About, Query()],
    ) -> CommandResult:
        """请求体即文件本身。 The body is the file itself: ``curl --data-binary @名单.xlsx``."""
        require_feeder(asked.user)
        content = await request.body()
        shown, names = about.day or today(), shipped.said(about.columns)
        found = await asyncio.to_thread(lambda: read(sheets(content), names, shown))
        run = beginning(asked, Beginning(source=about.source, kind=about.kind, day=shown), "file")
        step = asked.cause.step  # one for each write of the one command, so that a repeated upload goes on where it was
        await runs.begin(run, step("begin"))
        if found.departments or found.faults:  # a step that changes nothing is not remembered
            await runs.add(run.id, [], found.departments, step("departments"), found.faults)
        for number in range(0, len(found.employees), AT_ONCE):
            people = found.employees[number : number + AT_ONCE]
            await runs.add(run.id, people, [], step("employees", number))
        return await runs.close(run.id, step("close"))

    return api
