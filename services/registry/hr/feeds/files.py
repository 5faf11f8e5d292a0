"""Lists of HR as files, as systems without an interface give them out → rows of the canonical record.

A file is sheets of cells (xlsx by calamine, text in the encodings that offices use); a column is known by its header
(``columns.json``, to which a source adds its own names), and an unknown one is kept in ``raw``. Whole numbers come from
spreadsheets as 1010.0 and are "1010" again; what is text stays text, so "007" keeps its zeros. Each row that is wrong
is named with its sheet, row and column, and leaves the others alone.
"""

import csv
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Literal, TypeAlias

from pydantic import BaseModel, JsonValue, ValidationError
from python_calamine import CalamineError, CalamineWorkbook

from infra.kernel.errors import Invalid
from infra.kernel.values import Closed
from services.registry.hr.model.employee_and_department import DepartmentRecord, EmployeeRecord, Record
from services.registry.hr.model.run import Fault
from services.registry.hr.use_cases.intake import first_of

Cell: TypeAlias = str | float | bool | date | datetime | time | timedelta | None
MOST_UNPACKED = 300_000_000
MOST_ROWS = 200_000
ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Sheet:
    """One table: its name, and its rows as they stand there (the first row is number 1)."""

    name: str
    rows: list[list[Cell]]


def sheets(content: bytes) -> list[Sheet]:
    """Every sheet of a workbook, or the one table of a text file; raises ``Invalid`` with what is wrong."""
    if not content:
        raise _unreadable("文件为空", "the file is empty")
    if content.startswith(ZIP):
        _require_sane(content)
    if content.startswith((ZIP, OLD_EXCEL)):
        return list(_workbook(content))
    return [Sheet("csv", _text(content))]


def _require_sane(content: bytes) -> None:
    """A small file may unpack to a huge one: its directory says how large, before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            size = sum(entry.file_size for entry in packed.infolist())
    except zipfile.BadZipFile as error:
        raise _unreadable("文件已损坏", "the file is damaged") from error
    if size > MOST_UNPACKED:
        raise _unreadable("文件展开后过大", "the file is too large once unpacked")


def _workbook(content: bytes) -> Iterator[Sheet]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=MOST_ROWS + 1)
            if len(rows) > MOST_ROWS:
                raise _unreadable(f"“{name}”超过 {MOST_ROWS} 行", f"“{name}” has more than {MOST_ROWS} rows")
            yield Sheet(name, [list(row) for row in rows])
    except (CalamineError, OSError, ValueError) as error:
        raise _unreadable(f"不是可读的 Excel 文件（{error}）", f"no readable workbook: {error}") from error


def _text(content: bytes) -> list[list[Cell]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise _unreadable("文字编码既非 UTF-8 也非 GBK", "the text is neither UTF-8 nor GBK")
    if "\0" in text:
        raise _unreadable("不是文本或 Excel 文件", "neither text nor a workbook")
    first = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    rows: list[list[Cell]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            rows.append(list(row))
            if len(rows) > MOST_ROWS:
                raise _unreadable(f"超过 {MOST_ROWS} 行", f"more than {MOST_ROWS} rows")
    except csv.Error as error:
        raise _unreadable(f"CSV 第 {len(rows) + 1} 行有误：{error}", f"row {len(rows) + 1}: {error}") from error
    return rows


def _unreadable(zh: str, en: str) -> Invalid:
    return Invalid("file.unreadable", zh=f"{zh}。", en=f"{en[0].upper()}{en[1:]}.", field="body")


SHIPPED = Path(__file__).parents[2] / "data" / "columns.json"
FIELD = "query:/columns"
PARTS = ("employees", "departments", "status")


class Columns(Closed):
    """Which header stands for which field, which word for which status, what means yes and no."""

    employees: dict[str, tuple[str, ...]]
    departments: dict[str, tuple[str, ...]]
    status: dict[str, tuple[str, ...]]
    yes: tuple[str, ...]
    no: tuple[str, ...]

    @classmethod
    def shipped(cls) -> "Columns":
        """The names that come with the product."""
        return cls.model_validate_json(SHIPPED.read_text(encoding="utf-8"))

    def with_own(self, own: Mapping[str, Mapping[str, Sequence[str] | str]]) -> "Columns":
        """These and a source's own names: ``{"employees": {"name": "员工"}, "status": {"left": ["已离", "调离"]}}``.

        Own names come first, and a name given to another field is that field's. Raises ``Invalid`` for an unknown one.
        """
        if unknown := set(own) - set(PARTS):
            raise _unknown(min(unknown), PARTS)
        known = self.model_dump()
        for part, fields in own.items():
            for name, headers in fields.items():
                if name not in known[part]:
                    raise _unknown(f"{part}/{name}", sorted(known[part]))
                mine = (headers,) if isinstance(headers, str) else tuple(headers)
                folded = {fold(one) for one in mine}
                for other in known[part]:
                    known[part][other] = tuple(one for one in known[part][other] if fold(one) not in folded)
                known[part][name] = (*mine, *known[part][name])
        return Columns.model_validate(known)

    def said(self, text: str | None) -> "Columns":
        """``with_own`` of a JSON text; raises ``Invalid`` for one that is none, or has another form."""
        if not text:
            return self
        try:
            own = json.loads(text)
            return self.with_own(own)
        except (ValueError, TypeError, AttributeError) as error:
            zh = "列映射应为 JSON：{部分: {字段: 列名或列名数组}}。"
            en = "The column map must be JSON: {part: {field: a name or a list of names}}."
            raise Invalid("columns.unreadable", zh, en, field=FIELD) from error


def fold(text: str) -> str:
    """A header or a word as it is compared: width, case, space and the star of a required field do not matter."""
    return unicodedata.normalize("NFKC", text).strip().strip("*").casefold().replace(" ", "")


def _unknown(name: str, known: Sequence[str]) -> Invalid:
    names = ", ".join(known)
    zh = f"列映射中的“{name}”未知；可用：{names}。"
    en = f"The column map's “{name}” is unknown; known: {names}."
    return Invalid("columns.unknown_field", zh, en, field=FIELD)


DATES = {"effective_from", "effective_to"}
EXCEL_DAY_ZERO = date(1899, 12, 30)
LIKELY_DAYS = range(20_000, 80_000)


class Unclear(Exception):  # noqa: N818 - read as a sentence
    """A row or a cell that says nothing usable; ``field`` names the field, or else the header of its column."""

    def __init__(self, zh: str, en: str, field: str = "") -> None:
        super().__init__(en)
        self.zh, self.en, self.field = zh, en, field


def value_of(field: str, cell: Cell, text: str, columns: Columns) -> JsonValue:
    """What a cell with this text says of this field; raises ``Unclear`` when that is nothing."""
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
    folded = {fold(word): meaning for word, meaning in words.items()}
    if fold(text) not in folded:
        raise Unclear(f"不认识的取值“{text}”", f"“{text}” is not a known value")
    return folded[fold(text)]


def _date(cell: Cell, text: str) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float | int) and int(cell) in LIKELY_DAYS:
        return EXCEL_DAY_ZERO + timedelta(days=int(cell))
    day = re.sub("[年月/.]", "-", text).replace("日", "").split(" ")[0]
    for form in ("%Y-%m-%d", "%Y%m%d"):
        try:
            return datetime.strptime(day, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise Unclear(f"不是日期：“{text}”", f"no date: “{text}”")


def plain(cell: Cell) -> str:
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


Kind = Literal["employees", "departments"]
RECORDS: Mapping[Kind, tuple[type[Record], str]] = {
    "employees": (EmployeeRecord, "employee_no"),
    "departments": (DepartmentRecord, "source_id"),
}
"""What a row of each kind of table states, and the field with its number."""
HEADER_WITHIN = 20
Cells: TypeAlias = Mapping[tuple[str, str | None], Cell]
"""The cells of a row by the header of the column and the field that this stands for, if any."""


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
    reader, known = _Reader(columns, day), False
    for sheet in found:
        header = _header(sheet, columns)
        if header is None:
            continue
        known = True
        number, kind, names = header
        for place, row in enumerate(sheet.rows[number + 1 :], number + 2):
            if any(plain(cell) for cell in row):
                cells = {name: cell for name, cell in zip(names, row, strict=False) if name[0]}
                reader.row(kind, f"{sheet.name}!{place}", cells)
    if not known:
        raise Invalid(
            "file.no_header",
            zh="没有找到表头：人员表需含“工号”“姓名”，部门表需含“部门编码”“部门名称”。",
            en="No header found: a list of people needs 工号 and 姓名, one of departments 部门编码 and 部门名称.",
            field="body",
        )
    return reader.result


@dataclass
class _Reader:
    """Reads row after row; of two with the same number the first counts."""

    columns: Columns
    day: date
    result: Read = field(default_factory=Read)
    seen: dict[tuple[Kind, str], str] = field(default_factory=dict)

    def row(self, kind: Kind, place: str, cells: Cells) -> None:
        """One row, or what is wrong with it."""
        of, key = RECORDS[kind]
        number = next((plain(cell) for (_, name), cell in cells.items() if name == key), "")
        whose = f"{of.kind}:{number}" if number else None
        try:
            self._take(kind, place, number, cells)
        except Unclear as unclear:
            column = {name: header for header, name in cells if name}.get(unclear.field, unclear.field)
            fault = Fault(row=place, field=column, zh=unclear.zh, en=unclear.en, subject=whose)
            self.result.faults.append(fault)

    def _take(self, kind: Kind, place: str, number: str, cells: Cells) -> None:
        """Raise ``Unclear`` for a row that says nothing usable."""
        of, key = RECORDS[kind]
        if not number:
            raise Unclear("缺少编号", "the number is missing", key)
        row = self._fields(cells)
        if kind == "employees":
            row.setdefault("source_id", number)
        change = f"{number}:{row.get('change_order_no', '')}"
        if first := self.seen.get((kind, change)):
            raise Unclear(f"与 {first} 编号重复，以先出现的为准", f"the same number as {first}, which counts", key)
        assumed = {"source": "file", "seq": 0, **({"status": "active"} if kind == "employees" else {})}
        try:  # here, because only here it is known where the row stands
            of.model_validate({**assumed, **row})
        except ValidationError as error:
            where, zh, en = first_of(error)
            raise Unclear(zh, en, str(where[0])) from error
        self.seen[kind, change] = place
        (self.result.employees if kind == "employees" else self.result.departments).append(row)

    def _fields(self, cells: Cells) -> dict[str, JsonValue]:
        """The fields of a row by name; raises ``Unclear`` for the first cell that means nothing."""
        row: dict[str, JsonValue] = {"effective_from": self.day.isoformat()}
        raw: dict[str, JsonValue] = {}
        for (header, name), cell in cells.items():
            text = plain(cell)
            if name == "part_time_dept_ids" and not text:
                row[name] = []
            if not text:
                continue
            if name is None:
                raw[header] = text
                continue
            try:
                row[name] = value_of(name, cell, text, self.columns)
            except Unclear as unclear:
                unclear.field = header
                raise
        return {**row, "raw": raw}


def _header(sheet: Sheet, columns: Columns) -> tuple[int, Kind, list[tuple[str, str | None]]] | None:
    """The first row that names what a record needs; titles and merged cells may stand above it."""
    for number, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        texts = [plain(cell) for cell in row]
        for kind, (_, key) in RECORDS.items():
            fields = {fold(word): field for field, words in getattr(columns, kind).items() for word in words}
            names = [(text, fields.get(fold(text))) for text in texts]
            if {key, "name"} <= {field for _, field in names}:
                return number, kind, names
    return None
