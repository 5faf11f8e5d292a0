"""What the terminal shows after a run: refused rows, what each service did, and where to go on."""

from collections.abc import Iterator, Mapping, Sequence

import httpx
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from infra.ops.loading import Refusal

SECOND = 1.0


def refusals(console: Console, rows: Sequence[Refusal]) -> None:
    """Every row that was not taken, with the field and the reason in both languages."""
    table = Table("数据 section", "行 row", "字段 field", title=f"未导入 {len(rows)} 行 · refused")
    table.add_column("原因 reason", overflow="fold")
    for row in rows:
        table.add_row(row.section, escape(row.row), escape(row.field), escape(f"{row.zh}\n{row.en}"))
    console.print(table)


def activity(console: Console, urls: Mapping[str, str]) -> None:
    """What each service did since it started: commands, facts published and handled, time from fact to effect."""
    table = Table(title="各服务 · what each service did")
    table.add_column("服务\nservice")
    for name in ("命令\ncommands", "事件发出\npublished", "事件处理\nhandled", "搁置\nparked", "时延\nfact → effect"):
        table.add_column(name, justify="right")
    for name, url in urls.items():
        try:
            samples = list(_samples(httpx.get(f"{url}/metrics", timeout=10, trust_env=False).text))
        except httpx.HTTPError as error:
            table.add_row(name, "", "", "", "", escape(str(error)))
            continue
        published = _sum(samples, "brandmatrix_events_published_total")
        handled = _sum(samples, "brandmatrix_events_handled_total")
        parked = _sum(samples, "brandmatrix_messages_parked_total")
        commands = _sum(samples, "brandmatrix_commands_total")
        table.add_row(name, str(commands), str(published), str(handled), str(parked), _delay(samples))
    console.print(table)
    console.print("\n[bold]接口页面 · API pages[/bold]")
    for name, url in urls.items():
        console.print(f"  {name:<11} {url}/docs", soft_wrap=True)


def next_steps(console: Console) -> None:
    """Three commands to try."""
    console.print("\n[bold]接下来 · next[/bold]")
    for command, meaning in (
        ("doctor", "体检：哪里有问题、怎么修 what is wrong, and how to mend it"),
        ("token admin --role 'administrator@*'", "接口页面用的令牌 a token for the API pages (Authorize)"),
        ("load FILE", "导入本企业数据 your own enterprise's data"),
    ):
        console.print(
            f"  [cyan].venv/bin/brandmatrix {command}[/cyan]\n      {meaning}", highlight=False, soft_wrap=True
        )


def _samples(text: str) -> Iterator[Sample]:
    for family in text_string_to_metric_families(text):
        yield from family.samples


def _sum(samples: Sequence[Sample], name: str) -> int:
    return int(sum(sample.value for sample in samples if sample.name == name))


def _delay(samples: Sequence[Sample]) -> str:
    """Median and 95th percentile, as the upper bound of the histogram's bucket each falls into."""
    buckets = [
        (float(sample.labels["le"]), sample.value)
        for sample in samples
        if sample.name == "brandmatrix_event_delay_seconds_bucket"
    ]
    total = max((count for _, count in buckets), default=0)
    if not total:
        return "–"
    bounds = [min(bound for bound, count in buckets if count >= total * share) for share in (0.5, 0.95)]
    return " · ".join(f"p{name} ≤ {_time(bound)}" for name, bound in zip(("50", "95"), bounds, strict=True))


def _time(seconds: float) -> str:
    return f"{seconds:g} s" if seconds >= SECOND else f"{seconds * 1000:g} ms"
