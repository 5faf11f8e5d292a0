"""Sheets → rows of the canonical record, by the names of the columns; unknown columns are kept in ``raw``.

Each row that is wrong is named with its sheet, row and column, and leaves the others alone.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal

from pydantic import BaseModel, JsonValue, ValidationError

from infra.kernel.errors import Invalid
from infra.web.problems import CHINESE
from services.registry.hr.feeds.files.cells import Unclear, plain, value_of
from services.registry.hr.feeds.files.columns import Columns, fold
from services.registry.hr.feeds.files.sheets import Cell, Sheet
from services.registry.hr.model.run import Fault
from services.registry.hr.model.staging import DepartmentRecord, EmployeeRecord

Kind = Literal["employees", "departments"]
HEADER_WITHIN = 20


class Read(BaseModel):
    """What a file holds: rows by kind, each with the place it came from, and what could not be read.

    A blank cell says nothing, so its field is absent; but no part-time department in a column for them means none.
    """

    employees: list[dict[str, JsonValue]] = []
    departments: list[dict[str, JsonValue]] = []
    faults: list[Fault] = []


def read(found: list[Sheet], columns: Columns, day: date) -> Read:
    """Every row of every sheet with a header that is known; raises ``Invalid`` when there is none at all.

    ``day`` is the first day of rows without a date: the list shows that day.
    """
    result = Read()
    seen: dict[str, str] = {}
    known = False
    for sheet in found:
        header = _header(sheet, columns)
        if header is None:
            continue
        known = True
        number, kind, names = header
        for place, row in enumerate(sheet.rows[number + 1 :], number + 2):
            if any(plain(cell) for cell in row):
                _row(result, seen, kind, f"{sheet.name}!{place}", dict(_named(row, names)), columns, day)
    if not known:
        raise Invalid(
            "file.no_header",
            zh="没有找到表头：人员表需含“工号”“姓名”，部门表需含“部门编码”“部门名称”。",
            en="No header found: a list of people needs 工号 and 姓名, one of departments 部门编码 and 部门名称.",
            field="body",
        )
    return result


def _header(sheet: Sheet, columns: Columns) -> tuple[int, Kind, list[tuple[str, str | None]]] | None:
    """The first row that names what a record needs; titles and merged cells may stand above it."""
    for number, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        texts = [plain(cell) for cell in row]
        for kind, needed in (("employees", {"employee_no", "name"}), ("departments", {"source_id", "name"})):
            fields = {fold(word): field for field, words in getattr(columns, kind).items() for word in words}
            names = [(text, fields.get(fold(text))) for text in texts]
            if needed <= {field for _, field in names}:
                return number, kind, names  # type: ignore[return-value]
    return None


def _named(row: list[Cell], names: list[tuple[str, str | None]]) -> Iterator[tuple[tuple[str, str | None], Cell]]:
    for name, cell in zip(names, row, strict=False):
        if name[0]:
            yield name, cell


def _row(  # noqa: PLR0913, PLR0917 - one row and where it goes
    result: Read,
    seen: dict[str, str],
    kind: Kind,
    place: str,
    cells: Mapping[tuple[str, str | None], Cell],
    columns: Columns,
    day: date,
) -> None:
    key, word = ("employee_no", "employee") if kind == "employees" else ("source_id", "department")
    headers = {field: header for header, field in cells if field}
    number = next((plain(cell) for (_, field), cell in cells.items() if field == key), "")
    whose = f"{word}:{number}" if number else None

    def fault(header: str, zh: str, en: str) -> None:
        result.faults.append(Fault(row=place, field=header, zh=zh, en=en, subject=whose))

    if not number:
        fault(headers.get(key, key), "缺少编号", "the number is missing")
        return
    try:
        row = _fields(cells, columns, day)
    except Unclear as unclear:
        fault(unclear.header, unclear.zh, unclear.en)
        return
    if kind == "employees":
        row.setdefault("source_id", number)
    change = f"{whose}:{row.get('change_order_no', '')}"
    if change in seen:
        zh, en = f"与 {seen[change]} 编号重复，以先出现的为准", f"the same number as {seen[change]}, which counts"
        fault(headers.get(key, key), zh, en)
        return
    wrong = _wrong(kind, row)
    if wrong is not None:
        fault(headers.get(wrong[0], wrong[0]), wrong[1], wrong[2])
        return
    seen[change] = place
    (result.employees if kind == "employees" else result.departments).append(row)


def _fields(cells: Mapping[tuple[str, str | None], Cell], columns: Columns, day: date) -> dict[str, JsonValue]:
    """The fields of a row by name; raises ``Unclear`` for the first cell that means nothing."""
    row: dict[str, JsonValue] = {"effective_from": day.isoformat()}
    raw: dict[str, JsonValue] = {}
    for (header, field), cell in cells.items():
        text = plain(cell)
        if field == "part_time_dept_ids" and not text:
            row[field] = []
        if not text:
            continue
        if field is None:
            raw[header] = text
            continue
        try:
            row[field] = value_of(field, cell, text, columns)
        except Unclear as unclear:
            unclear.header = header
            raise
    return {**row, "raw": raw}


def _wrong(kind: Kind, row: Mapping[str, JsonValue]) -> tuple[str, str, str] | None:
    """Which field the canonical record refuses, and why; here, because only here it is known where the row stands."""
    try:
        if kind == "employees":
            EmployeeRecord.model_validate({"source": "file", "seq": 0, "status": "active", **row})
        else:
            DepartmentRecord.model_validate({"source": "file", "seq": 0, **row})
    except ValidationError as error:
        first = error.errors()[0]
        return str(first["loc"][0]), CHINESE.get(first["type"], "取值不符合要求"), first["msg"]
    return None
