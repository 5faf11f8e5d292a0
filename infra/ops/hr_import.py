"""``brandmatrix hr-import``: a list of HR from a file to the registry, followed until it is applied, or held."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from infra.kernel.settings import Misconfigured
from infra.local.demo_issuer import DemoIssuer
from infra.local.launcher import environment, home_of, urls_of

Json = dict[str, Any]
Report = Callable[[str, int, int], None]
"""Told while it goes on: what is done, how much of it, of how much."""
PAUSE_SECONDS = 0.2
WITHIN_SECONDS = 3600.0
ENDED = {"done", "held", "rejected"}


class Refused(Exception):  # noqa: N818 - read as a sentence
    """The registry did not take the file; the text says why, in both languages."""


def imported(console: Console, file: Path, query: dict[str, str], token: str) -> bool:
    """Feed a file with a bar, then show what became of it; returns whether it was applied."""
    environ = environment()
    try:
        token = token or DemoIssuer.of(environ, home_of(environ)).machine("hr", ("hr.feed",))
        with Progress(TextColumn("{task.description:<16}"), BarColumn(), TimeElapsedColumn(), console=console) as bars:
            rows: dict[str, TaskID] = {}

            def step(name: str, done: int, total: int) -> None:
                row = rows.setdefault(name, bars.add_task(name, total=total))
                bars.update(row, completed=done, total=total)

            given = {name: value for name, value in query.items() if value}
            run = feed(urls_of(environ)["registry"], token, file, given, step)
    except (Refused, Misconfigured, httpx.HTTPError, OSError) as error:
        console.print(f"[red]✗[/red] {escape(str(error) or repr(error))}", soft_wrap=True)
        return False
    _show(console, run)
    return bool(run["state"] == "done")


def _show(console: Console, run: Json) -> None:
    counts = run["counts"]
    table = Table("新增\ncreated", "变更\nupdated", "不变\nunchanged", "缺失\nmissing", "有误\nfaulty", title=run["id"])
    table.add_row(*(str(counts[name]) for name in ("created", "updated", "unchanged", "gone", "faulty")))
    console.print(table)
    for fault in run["faults"]:
        line = f"{fault['row']} {fault['field']}: {fault['zh']} · {fault['en']}"
        console.print(f"[yellow]![/yellow] {escape(line)}", soft_wrap=True)
    if run["state"] == "held":
        console.print(f"[red]✗[/red] {escape(' '.join(run['why_held']))}", soft_wrap=True)
        for one in run["missing"]:
            console.print(f"    {escape(one['id'])} {escape(one['name'])}", soft_wrap=True)
        console.print(
            "名单已暂停，未作任何变更；核实后由党委工作部处理 · held, nothing was changed; after a look:\n"
            f'    POST /hr/runs/{run["id"]}/release  |  /hr/runs/{run["id"]}/rejection  {{"reason": …}}',
            markup=False,
            soft_wrap=True,
        )


def feed(url: str, token: str, file: Path, query: dict[str, str], report: Report) -> Json:
    """Send a file and follow its run; returns the run as it ended. Raises ``Refused`` or ``httpx.HTTPError``."""
    content = file.read_bytes()
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid4().hex}
    with httpx.Client(base_url=url, headers=headers, timeout=120, trust_env=False) as client:
        report("上传 uploading", 0, len(content))
        run = _answer(client.post("/hr/files", params=query, content=content))
        report("上传 uploading", len(content), len(content))
        deadline = time.monotonic() + WITHIN_SECONDS
        while time.monotonic() < deadline:
            shown = _answer(client.get(f"/hr/runs/{run['id']}"))
            counts = shown["counts"]
            waiting = "比对 comparing" if shown["state"] == "comparing" else "应用 applying"
            report(waiting, shown["applied"], max(counts["rows"], 1))
            if shown["state"] in ENDED:
                return shown
            time.sleep(PAUSE_SECONDS)
    raise Refused(f"名单 {run['id']} 仍在处理 · list {run['id']} is still being worked off")


def _answer(answer: httpx.Response) -> Json:
    if answer.is_success:
        found: Json = answer.json()
        return found
    try:
        problem = answer.json()
        raise Refused(f"{problem['detail']} {problem['detail_en']}")
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(f"HTTP {answer.status_code}") from error
