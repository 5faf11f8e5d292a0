"""The commands of whoever keeps the system well: ``doctor restart parked redrive dismiss replay department …``."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from infra.kernel.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from infra.ops.redrive import Keeper

T = TypeVar("T")
console = Console()
ROOT = Path(__file__).parents[2]
Service = Annotated[str, typer.Argument(help="registry, review, activities or notify; all when left out")]


def doctor(
    *, as_json: Annotated[bool, typer.Option("--json", help="For programs: a list of findings.")] = False
) -> None:
    """Say what is wrong with servers, queues and facts, and how to mend it. Exit code 1 if anything is."""
    from infra.local.launcher import environment, urls_of
    from infra.ops import doctor as practice

    findings = asyncio.run(practice.examine(_settings(), urls_of(environment())))
    wrong = [finding for finding in findings if not finding.fine]
    if as_json:
        print(json.dumps([finding.as_json() for finding in findings], ensure_ascii=False, indent=2))  # noqa: T201
        raise typer.Exit(bool(wrong))
    table = _table("体检 · doctor", "", "何处 place", "发现 finding", "处理 remedy")
    for finding in findings:
        mark = "[green]✓[/green]" if finding.fine else "[red]✗[/red]"
        table.add_row(
            mark, finding.place, escape("\n".join(finding.what)), escape("\n".join(filter(None, finding.remedy)))
        )
    console.print(table)
    console.print(f"{len(wrong)} 项需要处理 · to mend" if wrong else "一切正常 · all is well")
    raise typer.Exit(bool(wrong))


def restart(name: Annotated[str, typer.Argument(help="registry, review, activities or notify")]) -> None:
    """End one service politely; the run or up it belongs to starts it again, with what its files say now."""
    from infra.local.launcher import environment, home_of, urls_of
    from infra.local.processes import Daemon, NotRunning

    home, url = home_of(environment()), urls_of(environment()).get(name)
    daemon = Daemon(home, name)
    if url is None or daemon.pid is None or Daemon(home, "launcher").pid is None:
        console.print(f"[red]✗[/red] no service {name} runs under a launcher in {home}; start all with: make run")
        raise typer.Exit(1)
    before = daemon.pid
    daemon.stop()
    try:
        Daemon(home, "launcher").until(lambda: daemon.pid not in {None, before} and _ready(url), 90)
    except NotRunning as error:
        console.print(f"[red]✗[/red] {name} is not up again ({error}); its log: {daemon.log}", soft_wrap=True)
        raise typer.Exit(1) from error
    console.print(f"{name} 已重启 · started again")


def _ready(url: str) -> bool:
    import httpx

    from infra.local.management import trusted

    try:
        answer = httpx.get(f"{url}/readyz", timeout=5, trust_env=False, verify=trusted())
        return answer.is_success and not answer.json().get("degraded")
    except (httpx.HTTPError, ValueError):
        return False


def parked(service: Service = "") -> None:
    """List messages that could not be worked off: where they came from, why, and what to do."""
    table = _table("搁置 · parked", "服务 service", "编号 id", "时间 at", "队列 queue", "原因 reason", "内容 body")
    for name, settings in _settings(service).items():
        for message in asyncio.run(_with_keeper(settings, lambda parked: parked.open())):
            at = f"{message.at:%Y-%m-%d %H:%M:%S}"
            table.add_row(name, message.id, at, message.origin, escape(message.reason), escape(message.body[:200]))
    console.print(table if table.row_count else "没有搁置的消息 · nothing is parked")
    if table.row_count:
        console.print("排除原因后 · after mending: brandmatrix redrive SERVICE ID  (or --all)")


def redrive(
    service: Annotated[str, typer.Argument(help="registry, review, activities or notify")],
    key: Annotated[str, typer.Argument(metavar="ID", help="from: brandmatrix parked")] = "",
    *,
    every: Annotated[bool, typer.Option("--all", help="every parked message of the service")] = False,
) -> None:
    """Send parked messages to the queue they came from, their attempts counted anew."""
    if bool(key) == every:
        console.print("[red]✗[/red] 请指定一个编号或 --all · name one id, or --all")
        raise typer.Exit(2)
    sent = asyncio.run(_redrive(_settings(service)[service], key))
    console.print(f"已重新投递 {sent} 条 · {sent} sent again")
    raise typer.Exit(0 if sent else 1)


def dismiss(
    service: Annotated[str, typer.Argument(help="registry, review, activities or notify")],
    key: Annotated[str, typer.Argument(metavar="ID", help="from: brandmatrix parked")],
    reason: Annotated[str, typer.Option(help="Why it needs no effect; it stands in the entry.")],
) -> None:
    """Put a parked message that needs no effect out of the list; its entry stays, with the reason."""
    done = asyncio.run(_with_keeper(_settings(service)[service], lambda parked: parked.dismiss(key, reason)))
    console.print("已了结 · dismissed" if done else "[red]✗[/red] 没有此编号 · no such id")
    raise typer.Exit(0 if done else 1)


def replay(
    reader: Annotated[str, typer.Argument(help="The service that shall get it again")],
    *,
    since: Annotated[datetime | None, typer.Option(help="Only what was published since then (UTC)")] = None,
) -> None:
    """Publish again to a service what it consumes, from the owners' journals; what it knows already changes nothing."""
    from infra.ops import replay as journals

    known = _settings()
    _settings(reader)
    moment = since.replace(tzinfo=UTC) if since else None
    sent = asyncio.run(journals.replay(reader, known, moment, lambda kind, n: console.print(f"  {kind}  {n}")))
    console.print(f"已重新告知 {sent} 条 · {sent} published again")


def department(
    name: Annotated[str, typer.Argument(help="A short name, such as safety")],
    kinds: Annotated[list[str], typer.Option("--type", help="A type, or how types begin: safety. ; repeat for more")],
) -> None:
    """Make (or renew) the RabbitMQ user of another department at our own broker, and print its AMQP URL."""
    from infra.local.embedded import RabbitServer
    from infra.local.launcher import VHOST, environment, home_of

    server = RabbitServer(home_of(environment()))
    if not server.process.pid:
        console.print(
            "[red]✗[/red] 自带的 RabbitMQ 未运行；自有服务器见 docs/operations.md · our own RabbitMQ does not run"
        )
        raise typer.Exit(1)
    try:
        print(server.management.department(VHOST, name, kinds))  # noqa: T201 - for $(…), no colours
    except ValueError as error:
        console.print(f"[red]✗[/red] 类型须属于该部门自己 · {escape(str(error))}", soft_wrap=True)
        raise typer.Exit(2) from error


def hr_import(  # noqa: PLR0913 - the options of one command
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="xlsx or csv")],
    source: Annotated[str, typer.Option(help="The system it comes from; full lists are compared per source.")],
    *,
    full: Annotated[bool, typer.Option("--full/--delta", help="Everybody, or only what changed.")] = True,
    day: Annotated[str, typer.Option(help="The day that it shows, today if not given (YYYY-MM-DD).")] = "",
    columns: Annotated[Path | None, typer.Option(exists=True, help="A JSON file with the source's own names.")] = None,
    token: Annotated[str, typer.Option(envvar="BRANDMATRIX_TOKEN", help="Of your own sign-in service.")] = "",
) -> None:
    """Send a list of HR to the registry and follow it. Exit code 1 if it was refused or is held."""
    from infra.ops import hr_import as snapshots

    names = columns.read_text(encoding="utf-8") if columns else ""
    about = {"source": source, "kind": "full" if full else "delta", "day": day, "columns": names}
    if not snapshots.imported(console, file, about, token):
        raise typer.Exit(1)


def contracts(*, check: Annotated[bool, typer.Option("--check", help="Only compare; change nothing.")] = False) -> None:
    """Record what every service tells (contracts/*.json, docs/events.md), or check it. Exit code 1 on a fault."""
    from infra.contracts import catalogue as recorded

    if not check:
        for path in recorded.write(ROOT):
            console.print(f"recorded {path.relative_to(ROOT)}", soft_wrap=True)
    faults = recorded.check(ROOT)
    for fault in faults:
        console.print(f"[red]✗[/red] {escape(fault)}", soft_wrap=True)
    console.print(f"{len(faults)} faults" if faults else "contracts hold")
    raise typer.Exit(bool(faults))


def _table(title: str, *names: str) -> Table:
    """A table that folds what is too long: an id or a command that ends in dots cannot be copied."""
    table = Table(title=title, show_lines=True)
    for name in names:
        table.add_column(name, overflow="fold")
    return table


def _settings(service: str = "") -> dict[str, Settings]:
    """Each service's own settings, as the launcher gave them to it."""
    from infra.local.launcher import settings_of

    known = settings_of()
    if service and service not in known:
        console.print(f"[red]✗[/red] 没有服务 · no service {service!r}; {', '.join(known)}")
        raise typer.Exit(2)
    return {service: known[service]} if service else known


async def _with_keeper(settings: Settings, work: "Callable[[Keeper], Awaitable[T]]") -> T:
    """What this work on the parked messages of a service returns."""
    from infra.ops.redrive import Keeper
    from infra.storage.mongo import Mongo

    mongo = Mongo(settings)
    try:
        return await work(Keeper(mongo))
    finally:
        await mongo.close()


async def _redrive(settings: Settings, key: str) -> int:
    from infra.messaging import topology
    from infra.messaging.publisher import Publisher, Unpublished
    from infra.ops.redrive import Keeper
    from infra.storage.mongo import Mongo

    mongo = Mongo(settings)
    publisher = Publisher(settings, topology.of(settings.service, [], [], settings.retry_delays))
    parked = Keeper(mongo)
    try:
        await publisher.connect()
        messages = [message for message in await parked.open(limit=0) if key in {"", message.id}]
        sent = 0
        for message in messages:
            try:
                await parked.redrive(message, publisher, settings.service)
                sent += 1
            except Unpublished as error:
                console.print(f"[red]✗[/red] {message.id}: {escape(str(error))}", soft_wrap=True)
        return sent
    finally:
        await publisher.close()
        await mongo.close()


COMMANDS = (doctor, restart, parked, redrive, dismiss, replay, department, hr_import, contracts)
