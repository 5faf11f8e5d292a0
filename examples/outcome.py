"""What the journey came to: the brand matrix, coverage, participation, and somebody's inbox."""

from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from examples.client import Client, Json
from examples.review import CHINA, OFFICE, OFFICER

UNKNOWN = "（未知）"
STATES = {
    "draft": "初稿",
    "in_review": "审核中",
    "approved": "已审定",
    "plaqued": "已授牌",
    "rejected": "未通过",
    "revoked": "已摘牌",
}


async def show(client: Client, console: Console) -> None:
    """Print the matrix as a table, then coverage and participation."""
    today = datetime.now(UTC).astimezone(CHINA).date()
    matrix = await client.get(OFFICER, "registry", "/matrix", OFFICE)
    rates = await client.get(
        OFFICER,
        "activities",
        "/participation",
        OFFICE,
        **{"organisation": "committee", "from": f"{today.year}-01-01", "to": today.isoformat(), "limit": "200"},
    )
    console.print(_table(matrix, {row["organisation"]: row for row in rates["items"]}))
    total = matrix["coverage"]
    console.print(f"覆盖率 coverage: {total['covered']}/{total['eligible']} ({_share(total['rate'])})")
    for part in matrix["by_general_branch"]:
        console.print(f"  {part['name']}: {part['covered']}/{part['eligible']}")
    emphases = [f"{part['title']} {part['brands']}" for part in matrix["by_focus"] if part["brands"]]
    console.print(f"着力点 emphasis: {'，'.join(emphases) or '—'}")
    inbox = await client.get(OFFICER, "notify", "/inbox", OFFICE)
    console.print(f"党委工作部 {OFFICER} 收件箱 inbox: {inbox['unread']['total']} 未读 unread")


def _table(matrix: Json, rates: dict[str, Json]) -> Table:
    table = Table(title=f"品牌矩阵 · brand matrix · {matrix['on']}")
    for column in (
        "党组织 organisation",
        "品牌 brand",
        "状态 state",
        "牌匾 plaque",
        "活动 activities",
        "全员参与 taking part",
    ):
        table.add_column(column)
    for row in matrix["rows"]:
        rate = rates.get(row["organisation"])
        shared = f"{rate['took_part']}/{rate['members']} ({_share(rate['rate'])})" if rate else ""
        for brand in row["brands"] or [None]:
            table.add_row(row["name"], *_cells(brand), str(row["activities"]), shared)
    return table


def _cells(brand: Json | None) -> tuple[str, str, str]:
    if brand is None:
        return ("—", "尚无品牌", "")
    plaque = brand["plaque"]
    return (brand["name"] or UNKNOWN, STATES.get(brand["state"], brand["state"]), plaque["number"] if plaque else "")


def _share(rate: Any) -> str:  # noqa: ANN401 - a number or null
    return "—" if rate is None else f"{rate:.0%}"
