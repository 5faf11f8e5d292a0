"""``brandmatrix …``: the commands of whoever runs the system. Each loads what it needs when it is called."""

import asyncio
import importlib
import importlib.metadata
import signal
import sys
import threading
import time
import tomllib
from collections.abc import Coroutine, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from infra.ops import commands as upkeep
from infra.ops.audit import commands as auditor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.local.launcher import Launcher

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,  # a bug is shown as Python shows it, without pages of context
    help="党建品牌矩阵 · Brand Matrix",
)
console = Console()
for command in upkeep.COMMANDS:
    app.command()(command)
app.add_typer(auditor.app, name="audit")
ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
ADMINISTRATOR, EVERYWHERE = "administrator", ("administrator@*",)


def version() -> str:
    """The version of this installation: of the checkout, or of the package where it was installed without one."""
    checkout = ROOT / "pyproject.toml"
    if checkout.exists():
        return str(tomllib.loads(checkout.read_text(encoding="utf-8"))["project"]["version"])
    return importlib.metadata.version("brand-matrix")


def _print_version(wanted: bool) -> None:
    if wanted:
        print(version())  # noqa: T201 - for scripts, no colours
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """What holds for all commands."""


@app.command()
def run(
    *,
    once: Annotated[bool, typer.Option(help="End after the report instead of staying up.")] = False,
    data: Annotated[Path, typer.Option(help="The data to load first.")] = EXAMPLES / "enterprise.yaml",
) -> None:
    """Start everything, load the examples, walk the journey, show the matrix; stay until Ctrl-C."""
    from infra.ops import report

    begun = time.monotonic()
    office = _office()
    with _launched({"notify": office.start()} if office else {}) as launcher:
        issuer = launcher.issuer
        if issuer is None:
            _fail("run walks the journey with demo tokens; with your own sign-in service use: up, load")
        if not _load(data, launcher.urls, issuer.token(ADMINISTRATOR, EVERYWHERE)):
            raise typer.Exit(1)
        journey = _example("journey").run(launcher.urls, issuer.token, console)
        asyncio.run(_watched(office, journey) if office else journey)
        if safety := _demo_department(launcher):
            asyncio.run(_example("departments").run(launcher.urls, issuer.token, console, safety))
        report.activity(console, launcher.urls)
        if office:
            office.where(console)
        report.next_steps(console)
        console.print(f"\n完成 · done in {time.monotonic() - begun:.0f} s")
        if not once:
            _stay()


@app.command()
def up() -> None:
    """Start the servers that are missing and the four services; stay until Ctrl-C."""
    with _launched() as launcher:
        for name, url in launcher.urls.items():
            console.print(f"  {name:<11} {url}/docs")
        _stay()


@app.command()
def stop() -> None:
    """End every process that was started from this folder, by its id; the data stay."""
    from infra.local.launcher import environment, home_of, stop_all

    home = home_of(environment())
    tests = home / "test"  # each of its workers has a folder
    ended = [name for place in (home, tests, *tests.glob("*/")) if place.exists() for name in stop_all(place)]
    console.print(f"已停止 · ended: {', '.join(ended)}" if ended else "没有运行中的进程 · nothing was running")


@app.command()
def addresses() -> None:
    """Print where everything answers, as shell variables: eval "$(brandmatrix addresses)"."""
    from infra.local import launcher

    for name, value in launcher.addresses(launcher.environment()).items():
        print(f"export {name}={value}")  # noqa: T201 - for eval, no colours


@app.command()
def load(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="YAML or JSON, as examples/enterprise.yaml")
    ],
    token: Annotated[str, typer.Option(envvar="BRANDMATRIX_TOKEN", help="Of your own sign-in service.")] = "",
) -> None:
    """Load an enterprise's own data over HTTP; loading twice changes nothing. Exit code 1 if a row was refused."""
    from infra.local.launcher import environment, urls_of

    if not _load(file, urls_of(environment()), token or _issuer().token(ADMINISTRATOR, EVERYWHERE)):
        raise typer.Exit(1)


@app.command()
def token(
    person: Annotated[str, typer.Argument(help="Employee number, or the client id of a system.")],
    role: Annotated[list[str] | None, typer.Option(help="role@scope, e.g. administrator@*; repeat for more.")] = None,
    scope: Annotated[list[str] | None, typer.Option(help="Of a system instead of a person, e.g. hr.feed.")] = None,
    hours: Annotated[float, typer.Option(min=0.01, max=24)] = 1,
) -> None:
    """Print a token of the demo sign-in service for this person, or for a system with these scopes."""
    issuer, seconds = _issuer(), int(hours * 3600)
    made = (
        issuer.machine(person, scope, seconds=seconds) if scope else issuer.token(person, role or (), seconds=seconds)
    )
    print(made)  # noqa: T201 - for $(…), no colours


@contextmanager
def _launched(more: Mapping[str, Mapping[str, str]] | None = None) -> "Iterator[Launcher]":
    """Everything up inside the block, everything down after it, whatever ended it."""
    from infra.local.launcher import Launcher, environment

    def interrupt(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    launcher = Launcher(
        environment(), lambda line: console.print(f"[dim]·[/dim] {escape(line)}", highlight=False, soft_wrap=True), more
    )
    with _sentences(), console.status("启动中 · starting"):
        launcher.start()
    try:
        yield launcher
    except KeyboardInterrupt:
        console.print("\n正在停止 · stopping (a few seconds)")
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # an impatient second Ctrl-C must not leave processes behind
        launcher.stop()


@contextmanager
def _sentences() -> "Iterator[None]":
    """Errors of the surroundings as one sentence and exit code 1, not as a stack."""
    import httpx

    from infra.kernel.settings import Misconfigured
    from infra.local.processes import NotRunning

    try:
        yield
    except (NotRunning, Misconfigured, httpx.HTTPError, OSError, ValueError) as error:
        _fail(str(error) or repr(error))


def _fail(sentence: str) -> NoReturn:
    console.print(f"[red]✗[/red] {escape(sentence)}", highlight=False, soft_wrap=True)
    raise typer.Exit(1)


def _load(file: Path, urls: Mapping[str, str], token: str) -> bool:
    """Load with a bar for each section; shows what was refused and returns whether nothing was."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    from infra.ops import loading, report

    columns = (TextColumn("{task.description:<16}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with _sentences():
        content = loading.read(file)
        with Progress(*columns, console=console) as progress:
            tasks: dict[str, TaskID] = {
                name: progress.add_task(name, total=len(rows)) for name, rows in content.items()
            }
            refused = asyncio.run(
                loading.load(content, urls, token, lambda name, done, _: progress.update(tasks[name], completed=done))
            )
    if refused:
        report.refusals(console, refused)
    return not refused


def _issuer() -> Any:  # noqa: ANN401 - loaded late
    from infra.local.demo_issuer import DemoIssuer
    from infra.local.launcher import environment, home_of

    with _sentences():
        return DemoIssuer.of(environment(), home_of(environment()))


def _example(name: str) -> Any:  # noqa: ANN401 - a module
    """A module of examples/, which is not installed: an example lies beside the library, not inside it."""
    if str(EXAMPLES.parent) not in sys.path:
        sys.path.insert(0, str(EXAMPLES.parent))
    return importlib.import_module(f"examples.{name}")


def _office() -> Any:  # noqa: ANN401 - an example's class
    """The simulated office system of the demo; None where somebody configured their own."""
    from infra.local.launcher import environment, home_of

    office = _example("office").Office
    return office(home_of(environment())) if office.wanted(environment()) else None


async def _watched(office: Any, journey: Coroutine[Any, Any, None]) -> None:  # noqa: ANN401 - an example's class
    async with office.watched(console):
        await journey


def _demo_department(launcher: "Launcher") -> str | None:
    """The AMQP URL of the demo's safety department at our own broker; None at another's, whose users are not ours."""
    from infra.local.launcher import VHOST

    rabbit = launcher.servers.rabbit
    return rabbit.management.department(VHOST, "safety-demo", ["safety."]) if rabbit else None


def _stay() -> None:
    console.print("\n服务运行中，按 Ctrl-C 结束 · the services stay up until Ctrl-C")
    threading.Event().wait()


def main() -> None:
    """The console script."""
    app()


if __name__ == "__main__":
    main()
