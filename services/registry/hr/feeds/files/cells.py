"""One cell of a sheet as the value of a field. Pure.

Whole numbers come from spreadsheets as 1010.0 and are "1010" again; what is text stays text, so "007" keeps its zeros.
"""

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from pydantic import JsonValue

from services.registry.hr.feeds.files.columns import Columns, fold
from services.registry.hr.feeds.files.sheets import Cell

DATES = {"effective_from", "effective_to"}
EXCEL_DAY_ZERO = date(1899, 12, 30)
LIKELY_DAYS = range(20_000, 80_000)


class Unclear(Exception):  # noqa: N818 - read as a sentence
    """A cell whose value means nothing for its field; ``header`` is the name of its column."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en, self.header = zh, en, ""


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
    plain = (
        text.replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-").split(" ")[0]
    )
    for form in ("%Y-%m-%d", "%Y%m%d"):
        try:
            return datetime.strptime(plain, form).date()  # noqa: DTZ007 - a day has no zone
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
