"""The calendar over HTTP: shipped years, a pasted notice tried and recorded, own days, and what is told."""

from tests.integration.registry.office import ADMINISTRATOR, ELSEWHERE, OFFICER, SECRETARY, Office
from tests.support.actors.holidays import NOTICES

KIND = "registry.calendar.recorded.v1"
NEW_YEAR = {"name": "元旦", "first": "2027-01-01", "last": "2027-01-03"}


async def test_the_shipped_years_are_there_confirmed_and_told(office: Office) -> None:
    years = (await office.ask("GET", "/calendars", **SECRETARY)).json()
    assert [(one["year"], one["confirmed"]) for one in years["items"]] == [(2025, True), (2026, True)]
    published = await office.published(KIND, 2)
    assert {fact["calendar"] for fact in published} == {"2025", "2026"}
    spring = next(
        one for fact in published if fact["year"] == 2026 for one in fact["holidays"] if one["name"] == "春节"
    )
    assert spring == {"name": "春节", "first": "2026-02-15", "last": "2026-02-23"}


async def test_a_notice_is_tried_first_and_then_recorded(office: Office) -> None:
    pasted = {"text": NOTICES[2024]}
    trial = await office.done("POST", "/calendars/2024/notice/trial", json=pasted, **OFFICER)
    assert (trial["days_off"], trial["recorded"], trial["changes"]) == (28, None, True)
    assert len(trial["skipped"]) == 1
    assert (await office.refused("GET", "/calendars/2024", **OFFICER))[0] == 404
    await office.done("PUT", "/calendars/2024/notice", json={**pasted, "source": "国办发明电"}, **OFFICER)
    year = await office.done("GET", "/calendars/2024", **SECRETARY)
    assert (year["arrangement"], year["confirmed"], year["source"]) == (trial["arrangement"], True, "国办发明电")
    again = await office.done("POST", "/calendars/2024/notice/trial", json=pasted, **OFFICER)
    assert again["changes"] is False
    assert len(await office.published(KIND, calendar="2024")) == 1


async def test_a_slip_in_the_notice_names_its_line(office: Office) -> None:
    slip = {"text": NOTICES[2026].replace("共9天", "共8天")}
    for method, path in (("POST", "/calendars/2026/notice/trial"), ("PUT", "/calendars/2026/notice")):
        answer = await office.ask(method, path, json=slip, **ADMINISTRATOR)
        assert answer.status_code == 422
        assert answer.json()["field"] == "/text"
        assert answer.json()["detail"].startswith("第 5 行“")
    other = await office.refused("PUT", "/calendars/2027/notice", json={"text": NOTICES[2026]}, **ADMINISTRATOR)
    assert other == (422, "holiday_notice.other_year", "/text")


async def test_own_days_and_a_year_as_data(office: Office) -> None:
    founding = {"day": "2027-06-01", "working": False, "name": "厂庆"}
    await office.done("PUT", "/calendars/2027/own-days", json={"days": [founding]}, **OFFICER)
    await office.done("PUT", "/calendars/2027", json={"arrangement": {"holidays": [NEW_YEAR]}}, **ADMINISTRATOR)
    year = await office.done("GET", "/calendars/2027", **SECRETARY)
    assert (year["own"], year["arrangement"]["holidays"], year["confirmed"]) == ([founding], [NEW_YEAR], True)
    published = await office.published(KIND, 2, calendar="2027")
    assert [(fact["confirmed"], len(fact["holidays"]), len(fact["own"])) for fact in published] == [
        (False, 0, 1),
        (True, 1, 1),
    ]
    wrong = {"arrangement": {"worked": ["2027-01-04"]}}
    refusal = await office.refused("PUT", "/calendars/2027", json=wrong, **ADMINISTRATOR)
    assert refusal == (422, "calendar.unsound", "/arrangement/worked/0")


async def test_only_who_keeps_everything_keeps_the_calendar(office: Office) -> None:
    body = {"text": NOTICES[2026]}
    for who in (SECRETARY, ELSEWHERE):
        for method, path, sent in (
            ("POST", "/calendars/2026/notice/trial", body),
            ("PUT", "/calendars/2026/notice", body),
            ("PUT", "/calendars/2026", {"arrangement": {}}),
            ("PUT", "/calendars/2026/own-days", {"days": []}),
        ):
            assert (await office.refused(method, path, json=sent, **who))[0] == 403
