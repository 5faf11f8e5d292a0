"""The State Council's notice as text: what it arranges, and that every slip in it is found with its line."""

import json
from datetime import date

import pytest

from infra.kernel.errors import Invalid
from services.registry.app import DATA
from services.registry.programme.model.calendar import (
    Arrangement,
    Calendar,
    Holiday,
    Official,
    OwnDay,
    arrange,
    settle_own,
)
from services.registry.programme.model.holiday_notice import read
from tests.support.actors.holidays import NOTICES

SHIPPED = json.loads((DATA / "calendars.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_published_notice_gives_exactly_the_shipped_calendar(year: int) -> None:
    shipped = Official.model_validate(SHIPPED[str(year)])
    assert read(NOTICES[year], year).arrangement == shipped.arrangement
    assert shipped.confirmed
    arrange(None, year, shipped)


def test_older_wordings_are_read_too() -> None:
    reading = read(NOTICES[2024], 2024)
    spans = [(one.first.isoformat(), (one.last - one.first).days + 1) for one in reading.arrangement.holidays]
    assert spans[:2] == [("2024-01-01", 1), ("2024-02-10", 8)]
    assert date(2024, 2, 9) not in [day for one in reading.arrangement.holidays for day in one.days]
    assert len(reading.arrangement.worked) == 8
    assert reading.skipped == ("鼓励各单位结合带薪年休假等制度落实,安排职工在除夕(2月9日)休息",)
    (new_year,) = read(NOTICES[2023], 2023).arrangement.holidays
    assert (new_year.first, new_year.last) == (date(2022, 12, 31), date(2023, 1, 2))
    arrange(None, 2023, Official(arrangement=Arrangement(holidays=(new_year,))))


def test_every_working_saturday_and_sunday_is_one() -> None:
    for year in (2024, 2025, 2026):
        arrangement = read(NOTICES[year], year).arrangement
        assert all(day.weekday() >= 5 for day in arrangement.worked)
        free = [day for one in arrangement.holidays for day in one.days]
        assert len(free) == len(set(free))


@pytest.mark.parametrize(
    ("right", "wrong", "line", "says"),
    [
        (
            "至23日（农历正月初七、周一）放假调休，共9天",
            "至22日（农历正月初七、周日）放假调休，共9天",
            5,
            "9 天，起止日期为 8",
        ),
        ("1月4日（周日）上班", "1月4日（周六）上班", 4, "周日，不是周六"),
        ("至5日（周二）放假", "至5日（周三）放假", 7, "周二，不是周三"),
        ("4月4日（周六）至6日", "4月31日（周六）至6日", 6, "没有日期"),
        ("6月19日（周五）至21日（周日）放假", "6月21日（周日）至19日（周五）放假", 8, "早于"),
        ("六、中秋节：9月25日", "9月25日", 9, "节日名称"),
        (
            "七、国庆节：10月1日（周四）至7日（周三）放假",
            "七、国庆节：10月1日（周四）、7日（周三）放假",
            10,
            "起止日期",
        ),
        ("9月20日（周日）、10月10日（周六）上班", "部分周末上班", 10, "上班的日期"),
    ],
)
def test_a_slip_is_found_and_its_line_named(right: str, wrong: str, line: int, says: str) -> None:
    assert right in NOTICES[2026]
    with pytest.raises(Invalid) as found:
        read(NOTICES[2026].replace(right, wrong), 2026)
    assert found.value.field == "/text"
    assert found.value.zh.startswith(f"第 {line} 行")
    assert says in found.value.zh
    assert f"Line {line} " in found.value.en


@pytest.mark.parametrize(
    ("text", "year"), [(NOTICES[2026], 2025), ("春节快乐", 2026), ("说明：本单位另行通知。", 2026)]
)
def test_another_years_notice_or_none_is_refused(text: str, year: int) -> None:
    with pytest.raises(Invalid):
        read(text, year)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"worked": (date(2026, 2, 16),)}, "/arrangement/worked/0"),
        ({"worked": (date(2026, 2, 15),)}, "/arrangement/worked/0"),
        ({"worked": (date(2026, 2, 14), date(2026, 2, 14))}, "/arrangement/worked/1"),
        ({"worked": (date(2028, 2, 12),)}, "/arrangement/worked/0"),
        (
            {"holidays": (Holiday(name="春节", first=date(2026, 2, 2), last=date(2026, 2, 1)),)},
            "/arrangement/holidays/0",
        ),
        (
            {"holidays": (Holiday(name="暑假", first=date(2026, 7, 1), last=date(2026, 8, 1)),)},
            "/arrangement/holidays/0",
        ),
        (
            {"holidays": (Holiday(name="甲", first=date(2026, 5, 1), last=date(2026, 5, 2)),) * 2},
            "/arrangement/holidays/1",
        ),
    ],
)
def test_what_cannot_be_a_calendar_is_refused(change: dict[str, tuple[date, ...]], field: str) -> None:
    sound = {"holidays": (Holiday(name="春节", first=date(2026, 2, 15), last=date(2026, 2, 23)),)}
    with pytest.raises(Invalid) as found:
        arrange(None, 2026, Official(arrangement=Arrangement.model_validate({**sound, **change})))
    assert found.value.field == field


def test_own_days_stay_when_the_arrangement_comes_and_nothing_is_told_twice() -> None:
    founding = OwnDay(day=date(2027, 6, 1), working=False, name="厂庆")
    own, published = settle_own(None, 2027, (founding,))
    assert [(fact.confirmed, len(fact.own)) for fact in published if fact.type] == [(False, 1)]  # type: ignore[attr-defined]
    holiday = Holiday(name="元旦", first=date(2027, 1, 1), last=date(2027, 1, 3))
    official = Official(arrangement=Arrangement(holidays=(holiday,)), source="国办发明电")
    after, published = arrange(own, 2027, official)
    assert (after.own, after.confirmed, len(published)) == ((founding,), True, 1)
    assert arrange(after, 2027, official) == (after, [])


@pytest.mark.parametrize("days", [(date(2026, 6, 1),), (date(2027, 6, 1), date(2027, 6, 1))])
def test_own_days_are_of_their_year_and_each_once(days: tuple[date, ...]) -> None:
    with pytest.raises(Invalid) as found:
        settle_own(None, 2027, tuple(OwnDay(day=day, working=False, name="厂庆") for day in days))
    assert found.value.field == f"/days/{len(days) - 1}/day"


def test_a_year_of_which_nothing_is_known_is_not_confirmed() -> None:
    assert not Calendar(id="2031", year=2031).confirmed
