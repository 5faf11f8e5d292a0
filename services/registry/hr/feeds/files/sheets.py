"""A file as sheets of cells: xlsx by calamine, text in the encodings that offices use; all else is refused."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from python_calamine import CalamineError, CalamineWorkbook

from infra.kernel.errors import Invalid

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
        return list(_workbook(content))
    if content.startswith(OLD_EXCEL):
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
