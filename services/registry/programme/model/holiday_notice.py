"""The State Council's yearly notice on holidays (国务院办公厅关于部分节假日安排的通知), read from its text.

Its lines say each thing twice: the days and how many there are, the date and its weekday. So a slip of the hand in the
text is found: where the two disagree, nothing is recorded.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel

from infra.kernel.errors import Invalid
from services.registry.programme.model.calendar import Arrangement, Holiday

WEEKDAYS = "一二三四五六日"
TITLE = re.compile(r"关于\s*(\d{4})\s*年部分节假日安排")
ITEM = re.compile(r"^(?:[一二三四五六七八九十]+[、.]\s*)?(?P<name>[^:。\d]{1,30}):(?P<rest>.+)$")
DAY = re.compile(
    r"(?:(?P<year>\d{4})年)?(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})日"
    r"(?:\([^)]*?(?:周|星期)(?P<weekday>[一二三四五六日天])\)|\([^)]*\))?"
)
RANGE = re.compile(rf"^{DAY.pattern}至")
COUNT = re.compile(r"(?:共|放假)(\d{1,2})天")
SHOWN = 80


class Reading(BaseModel):
    """What a notice says; ``skipped`` are its sentences that arrange nothing, to be looked at by a person."""

    arrangement: Arrangement
    skipped: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """One line of the text, by its number from 1."""

    n: int
    text: str
    year: int

    def fault(self, zh: str, en: str) -> Invalid:
        """The problem that names this line."""
        shown = self.text if len(self.text) <= SHOWN else f"{self.text[:SHOWN]}…"
        zh, en = f"第 {self.n} 行“{shown}”：{zh}", f"Line {self.n} “{shown}”: {en}"
        return Invalid("holiday_notice.line", zh, en, field="/text")


def read(text: str, year: int) -> Reading:
    """The arrangement of a year from the notice's text; raises ``Invalid`` naming the line that does not hold."""
    plain = unicodedata.normalize("NFKC", text)
    title = TITLE.search(plain)
    if title and int(title[1]) != year:
        zh = f"这是 {title[1]} 年的通知，不是 {year} 年的。"
        en = f"This is the notice for {title[1]}, not for {year}."
        raise Invalid("holiday_notice.other_year", zh, en, field="/text")
    holidays, worked, skipped = list[Holiday](), list[date](), list[str]()
    for n, raw in enumerate(plain.splitlines(), 1):
        line = Line(n, raw.strip(), year)
        item = ITEM.match(line.text)
        if item is None:
            if DAY.search(line.text) and re.search("放假|上班", line.text):
                raise line.fault("未以“节日名称：”开头。", "it does not begin with the holiday's name and a colon.")
            continue
        for sentence in filter(None, map(str.strip, re.split("[。;]", item["rest"]))):
            if sentence.endswith("上班"):
                days = list(_days(line, sentence))
                if not days:
                    raise line.fault("看不出上班的日期。", "the days that are worked cannot be made out.")
                worked += days
            elif "放假" in sentence:
                holidays.append(_holiday(line, item["name"].strip(), sentence))
            else:
                skipped.append(sentence)
    if not holidays:
        raise Invalid(
            "holiday_notice.nothing", zh="文本中没有放假安排。", en="The text arranges no holiday.", field="/text"
        )
    return Reading(arrangement=Arrangement(holidays=tuple(holidays), worked=tuple(worked)), skipped=tuple(skipped))


def _holiday(line: Line, name: str, sentence: str) -> Holiday:
    days = list(_days(line, sentence[: sentence.index("放假")]))
    expected = 2 if RANGE.match(sentence) else 1
    if len(days) != expected:
        raise line.fault("看不出放假的起止日期。", "the first and the last day cannot be made out.")
    first, last = days[0], days[-1]
    count, said = (last - first).days + 1, COUNT.search(sentence)
    if count < 1:
        raise line.fault(f"{last} 早于 {first}。", f"{last} is before {first}.")
    if said and int(said[1]) != count:
        raise line.fault(
            f"写明 {said[1]} 天，起止日期为 {count} 天。", f"it says {said[1]} days, the dates make {count}."
        )
    return Holiday(name=name, first=first, last=last)


def _days(line: Line, sentence: str) -> Iterator[date]:
    """The days of a sentence; one without year or month has those of the day before it."""
    year, month = line.year, 0
    for found in DAY.finditer(sentence):
        year, month = int(found["year"] or year), int(found["month"] or month)
        try:
            day = date(year, month, int(found["day"]))
        except ValueError as error:
            raise line.fault(f"没有日期“{found[0]}”。", f"there is no day “{found[0]}”.") from error
        said = found["weekday"]
        if said and WEEKDAYS.index(said.replace("天", "日")) != day.weekday():
            right = WEEKDAYS[day.weekday()]
            raise line.fault(f"{day} 是周{right}，不是周{said}。", f"{day} is not the weekday that it says (周{said}).")
        yield day
