"""HR's lists as files: everybody on a day as xlsx or csv, and the changes of a day as csv."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import xlsxwriter

from tests.support.actors.hr.script import Script, last

WORDS = {
    "active": "在职", "leave": "休假", "seconded": "挂职", "retired": "退休", "left": "离职", "rehired": "返聘",
}  # fmt: skip
PEOPLE = ("工号", "姓名", "状态", "部门编码")
UNITS = ("部门编码", "部门名称", "上级编码", "是否启用", "并入部门")
CHANGES = ("异动单号", "工号", "姓名", "部门编码", "状态", "生效日期", "是否撤回")
Table = list[Sequence[str]]


def people(script: Script, day: date, faulty: str | None = None) -> Table:
    """Everybody on a day; of ``faulty`` the list states nonsense."""
    rows = ((number, script.names[number], status, unit) for number, status, unit in script.listed(day))
    return [
        PEOPLE,
        *((one, name, "火星" if one == faulty else WORDS[status], unit or "") for one, name, status, unit in rows),
    ]


def units(script: Script, day: date) -> Table:
    """Every department on a day."""
    found = ((key, last(versions, day)) for key, versions in script.units.items())
    return [
        UNITS,
        *(
            (key, one["name"], one["parent"] or "", "是" if one["enabled"] else "否", one["merged_into"] or "")
            for key, one in found
            if one
        ),
    ]


def changes(said: Iterable[dict[str, Any]]) -> Table:
    """What HR says by a list of changes."""
    return [
        CHANGES,
        *(
            (
                one["change_order_no"], one["employee_no"], one["name"], one["main_dept_id"], WORDS[one["status"]],
                one["effective_from"], "是" if one.get("withdrawn") else "否",
            )
            for one in said
        ),
    ]  # fmt: skip


def as_csv(table: Table, encoding: str = "utf-8") -> bytes:
    """A table as text."""
    paper = io.StringIO()
    csv.writer(paper).writerows(table)
    return paper.getvalue().encode(encoding)


def as_xlsx(*tables: Table) -> bytes:
    """Tables as sheets of a workbook."""
    paper = io.BytesIO()
    with xlsxwriter.Workbook(paper, {"in_memory": True}) as book:
        for rows in tables:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    sheet.write_string(number, column, cell)
    return paper.getvalue()
