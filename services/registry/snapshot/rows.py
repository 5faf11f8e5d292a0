"""Sheets → rows of the canonical record, by the names of the columns; unknown columns are kept in ``raw``.

Which name means what is data (``columns.json``). Whole numbers come from spreadsheets as 1010.0 and are "1010" again;
what is text stays text, so "007" keeps its zeros.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, JsonValue

from infra.aggregate import Invalid
from services.registry.model.hr.run import Fault
from services.registry.snapshot.sheets import Cell, Sheet

Kind = Literal["employees", "departments"]
COLUMNS = Path(__file__).with_name("columns.json")
DATES = {"effective_from", "effective_to"}
EXCEL_DAY_ZERO = date(1899, 12, 30)
LIKELY_DAYS = range(20_000, 80_000)
HEADER_WITHIN = 20


class Columns(BaseModel):
    """Which header stands for which field, which word for which status, what means yes and no."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    employees: dict[str, tuple[str, ...]]
    departments: dict[str, tuple[str, ...]]
    status: dict[str, tuple[str, ...]]
    yes: tuple[str, ...]
    no: tuple[str, ...]

    @classmethod
    def shipped(cls) -> "Columns":
        """The names that come with the product."""
        return cls.model_validate_json(COLUMNS.read_text(encoding="utf-8"))


class Read(BaseModel):
    """What a file holds: rows by kind, each with the place it came from, and what could not be read."""

    employees: list[dict[str, JsonValue]] = []
    departments: list[dict[str, JsonValue]] = []
    faults: list[Fault] = []


class _Unclear(Exception):  # noqa: N818 - read as a sentence
    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def read(found: list[Sheet], columns: Columns, day: date) -> Read:
    """Every row of every sheet with a header that is known; raises ``Invalid`` when there is none at all.

    ``day`` is the first day of rows without a date: the list shows that day.
    """
    result = Read()
    known = False
    for sheet in found:
        header = _header(sheet, columns)
        if header is None:
            continue
        known = True
        number, kind, names = header
        for place, row in enumerate(sheet.rows[number + 1 :], number + 2):
            if any(_plain(cell) for cell in row):
                _row(result, kind, f"{sheet.name}!{place}", dict(_named(row, names)), columns, day)
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
        plain = [_plain(cell) for cell in row]
        for kind, needed in (("employees", {"employee_no", "name"}), ("departments", {"source_id", "name"})):
            fields = {_fold(word): field for field, words in getattr(columns, kind).items() for word in words}
            names = [(text, fields.get(_fold(text))) for text in plain]
            if needed <= {field for _, field in names}:
                return number, kind, names  # type: ignore[return-value]
    return None


def _named(row: list[Cell], names: list[tuple[str, str | None]]) -> Iterator[tuple[tuple[str, str | None], Cell]]:
    for name, cell in zip(names, row, strict=False):
        if name[0]:
            yield name, cell


def _row(  # noqa: PLR0913, PLR0917 - one row and where it goes
    result: Read, kind: Kind, place: str, cells: Mapping[tuple[str, str | None], Cell], columns: Columns, day: date
) -> None:
    row: dict[str, JsonValue] = {"effective_from": day.isoformat()}
    raw: dict[str, JsonValue] = {}
    for (header, field), cell in cells.items():
        text = _plain(cell)
        if not text:
            continue
        if field is None:
            raw[header] = text
            continue
        try:
            row[field] = _value(field, cell, text, columns)
        except _Unclear as unclear:
            result.faults.append(Fault(row=place, field=header, zh=unclear.zh, en=unclear.en))
            return
    key = "employee_no" if kind == "employees" else "source_id"
    if not row.get(key):
        result.faults.append(Fault(row=place, field=key, zh="缺少编号", en="the number is missing"))
        return
    row["raw"] = raw
    if kind == "employees":
        row.setdefault("source_id", row["employee_no"])
        row.setdefault("status", "active")
        result.employees.append(row)
    else:
        result.departments.append(row)


def _value(field: str, cell: Cell, text: str, columns: Columns) -> JsonValue:
    if field in DATES:
        return _date(cell, text).isoformat()
    if field == "status":
        return _chosen(text, {word: status for status, words in columns.status.items() for word in words})
    if field in {"enabled", "withdrawn"}:
        return bool(_chosen(text, {**dict.fromkeys(columns.yes, "1"), **dict.fromkeys(columns.no, "")}))
    if field == "part_time_dept_ids":
        parts = text.replace("，", ",").replace("；", ",").replace(";", ",").replace("、", ",").split(",")
        return [part.strip() for part in parts if part.strip()]
    return text


def _chosen(text: str, words: Mapping[str, str]) -> str:
    folded = {_fold(word): meaning for word, meaning in words.items()}
    if _fold(text) not in folded:
        raise _Unclear(f"不认识的取值“{text}”", f"“{text}” is not a known value")
    return folded[_fold(text)]


def _date(cell: Cell, text: str) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float | int) and int(cell) in LIKELY_DAYS:
        return EXCEL_DAY_ZERO + timedelta(days=int(cell))
    plain = (
        text.replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-").split(" ")[0]
    )
    for form in ("%Y-%m-%d", "%Y%m%d"):
        try:
            return datetime.strptime(plain, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise _Unclear(f"不是日期：“{text}”", f"no date: “{text}”")


def _plain(cell: Cell) -> str:
    """A cell as text: 1010.0 is "1010", full-width digits are digits, space around it is none."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return unicodedata.normalize("NFKC", str(cell)).strip()


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().strip("*").casefold().replace(" ", "")
