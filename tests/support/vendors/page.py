"""The page of a simulated office system: one table, Chinese first, looked at while a demo runs."""

import html
import re
from collections.abc import Iterable
from typing import Protocol

STATES = {"open": ("待办", "to do"), "done": ("已办", "done"), "withdrawn": ("已撤回", "withdrawn")}
STYLE = """
body{font:16px/1.6 "Noto Sans CJK SC","Microsoft YaHei",sans-serif;margin:2rem auto;max-width:62rem;color:#222}
h1{font-size:1.4rem;margin:0} small{color:#777} table{border-collapse:collapse;width:100%;margin-top:1rem}
th,td{text-align:left;padding:.45rem .8rem;border-bottom:1px solid #ddd} th{background:#f4f4f4;font-weight:600}
.open td:first-child{color:#b00;font-weight:600} .done,.withdrawn{color:#888} .empty{padding:1.5rem;color:#777}
"""


class Shown(Protocol):
    """What a line of the table shows."""

    todo: str
    receiver: str
    title: str
    link: str
    state: str
    stamp: int


def render(title: str, entries: Iterable[Shown]) -> str:
    """The whole page; open to-dos first, then the newest."""
    rows = sorted(entries, key=lambda entry: (entry.state != "open", -entry.stamp))
    count = sum(entry.state == "open" for entry in rows)
    head = "".join(f"<th>{zh} <small>{en}</small></th>" for zh, en in HEAD)
    body = "".join(map(_row, rows)) or '<tr><td class="empty" colspan="4">暂无待办 nothing here yet</td></tr>'
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta http-equiv="refresh" content="2">'
        f"<title>{html.escape(title)} · 待办 {count}</title><style>{STYLE}</style></head><body>"
        f"<h1>{html.escape(title)} <small>模拟 simulated</small></h1>"
        f"<p>待办 <strong>{count}</strong> 条 <small>open to-dos; this page refreshes itself</small></p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></body></html>"
    )


HEAD = (("状态", "state"), ("接收人", "receiver"), ("标题", "title"), ("编号", "id"))


def _row(entry: Shown) -> str:
    zh, en = STATES.get(entry.state, (entry.state, ""))
    title = html.escape(entry.title or "—")
    if re.match(r"https?://", entry.link):
        title = f'<a href="{html.escape(entry.link, quote=True)}">{title}</a>'
    state, receiver = html.escape(entry.state), html.escape(entry.receiver)
    return (
        f'<tr class="{state}"><td>{zh} <small>{en}</small></td><td>{receiver}</td>'
        f"<td>{title}</td><td><small>{html.escape(entry.todo)}</small></td></tr>"
    )
