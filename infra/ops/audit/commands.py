"""``brandmatrix audit …``: the commands of whoever must show that nothing was changed behind anybody's back."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from infra.kernel import clock
from infra.kernel.settings import Settings

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="审计 · Is the history whole, and can that be shown?"
)
console = Console()
T = TypeVar("T")
KINDS = {
    "changed": "被修改",
    "swapped": "被调换",
    "deleted": "被删除",
    "truncated": "被截断",
    "inserted": "被插入",
    "state": "状态与历史不符",
    "anchor": "与锚不符",
}
Public = Annotated[Path | None, typer.Option(help="The public key that anchors were signed with.")]


@app.command()
def verify(
    service: Annotated[list[str] | None, typer.Option(help="Only this service; repeat for more.")] = None,
    anchor: Annotated[list[Path] | None, typer.Option(help="A signed anchor; repeat for more.")] = None,
    public_key: Public = None,
) -> None:
    """Find what was changed, deleted, swapped, put in or cut off. Exit code 1 if anything was, 2 if nobody can say."""
    from infra.ops.audit import anchor as anchors
    from infra.ops.audit import verify as audit

    chosen = _settings(service or ())
    if bool(anchor) != bool(public_key):
        _fail("--anchor 与 --public-key 须一并给出 · give both --anchor and --public-key, or neither")
    wrong = 0
    with _sentences(), _bars() as bars:
        held = [anchors.read(_text(file), anchors.read_key(public_key)) for file in anchor or () if public_key]
        for name, settings in chosen.items():
            task = bars.add_task(name, total=_run(audit.size(settings)))
            found = _run(audit.verify(settings, lambda _, n, task=task: bars.update(task, completed=n)))  # type: ignore[misc]
            bars.update(task, completed=found.facts, total=found.facts)
            findings = [*found.findings, *(_run(anchors.verify(settings, held)) if held else ())]
            for finding in findings:
                place = f"{name} {finding.subject} #{finding.sequence or '–'} {finding.id or ''}".rstrip()
                console.print(f"✗ {KINDS[finding.kind]} {finding.kind}: {place}", style="red", markup=False)
                console.print(f"    {finding.what[0]}\n    {finding.what[1]}", markup=False, soft_wrap=True)
            wrong += len(findings)
            console.print(f"{name}: {found.facts} facts, {found.documents} documents, {len(findings)} findings")
    against = f"，对照 {len(held)} 个锚 · against {len(held)} anchors" if held else ""
    console.print(f"{wrong} 处不符 · findings{against}" if wrong else f"完整无误 · everything is whole{against}")
    raise typer.Exit(bool(wrong))


@app.command()
def anchor(
    day: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="A day that is over, in China.")],
    key: Annotated[Path, typer.Option(help="The private key.")],
    out: Annotated[Path, typer.Option(help="Where to write the signed anchor.")],
    previous: Annotated[Path | None, typer.Option(help="An earlier anchor: only what came later is read.")] = None,
) -> None:
    """Sum up everything filed until the end of a day, signed, to be kept or handed over elsewhere."""
    from infra.ops.audit import anchor as anchors
    from infra.ops.audit import verify as audit

    with _sentences(), _bars() as bars:
        if out.exists():
            _fail(f"{out} 已存在 · exists already; an anchor is never replaced")
        secret = anchors.read_key(key)
        if not secret.is_private:
            _fail(f"{key} 不是私钥 · is not a private key")
        before = anchors.read(_text(previous), secret) if previous else None
        chosen = _settings(())
        tasks = {name: bars.add_task(name, total=_run(audit.size(settings))) for name, settings in chosen.items()}

        def report(name: str, n: int) -> None:
            bars.update(tasks[name], completed=n)

        made = _run(anchors.make(chosen, day.date(), clock.now(), before, report))
        out.write_text(anchors.sign(made, secret) + "\n", encoding="utf-8")
    console.print(_table(made.day, [(one.service, one.facts, one.total, one.digest) for one in made.services]))
    console.print(f"{out}  kid {secret.thumbprint()}", markup=False, soft_wrap=True)


@app.command()
def key(
    private: Annotated[Path, typer.Option(help="Where the private key goes; keep it away from this system.")],
    public: Annotated[Path, typer.Option(help="Where the public key goes; give it to whoever verifies.")],
) -> None:
    """Make a key pair (Ed25519) for anchors; an existing file is never replaced."""
    from infra.ops.audit import anchor as anchors

    with _sentences():
        thumbprint = anchors.new_key(private, public)
    console.print(f"{private}, {public}  kid {thumbprint}", markup=False, soft_wrap=True)


def _table(day: date, rows: list[tuple[str, int, int, str]]) -> Table:
    table = Table(title=f"锚 · anchor {day}")
    for name in ("服务 service", "当日 that day", "累计 in all", "散列 hash"):
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*map(str, row))
    return table


def _settings(services: tuple[str, ...] | list[str]) -> dict[str, Settings]:
    from infra.local.launcher import settings_of

    known = settings_of()
    unknown = [name for name in services if name not in known]
    if unknown:
        _fail(f"没有服务 · no service {', '.join(unknown)}; {', '.join(known)}")
    return {name: one for name, one in known.items() if not services or name in services}


def _bars() -> Progress:
    columns = (TextColumn("{task.description:<12}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True)


def _run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


@contextmanager
def _sentences() -> Iterator[None]:
    """What keeps the question from being answered, as one sentence and exit code 2."""
    from infra.ops.audit.anchor import Unsound
    from infra.storage.mongo import PyMongoError

    try:
        yield
    except (Unsound, PyMongoError, OSError) as error:
        _fail(str(error) or repr(error))


def _fail(sentence: str) -> NoReturn:
    console.print(f"[red]✗[/red] {escape(sentence)}", soft_wrap=True)
    raise typer.Exit(2)
