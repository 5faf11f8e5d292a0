"""Lateness follows the calendar that the registry tells; before any has come it is provisional."""

from datetime import timedelta

from infra.kernel.dates import day_of
from tests.integration.activities.branch import NOW, filed, sheet
from tests.support.harness.service import Json, ServiceHarness
from tests.support.harness.waiting import eventually

HELD = NOW - timedelta(days=14)
YEARS = {HELD.year, day_of(NOW).year}


async def recorded(activities: ServiceHarness) -> Json:
    """The record of an activity of two weeks ago, entered now."""
    key = await filed(activities, starts_at=HELD.isoformat())
    ended = (HELD + timedelta(hours=1)).isoformat()
    answer = await activities.ask(
        "POST", f"/activities/{key}/record", json=sheet(started_at=HELD.isoformat(), ended_at=ended)
    )
    assert answer.status_code == 201, answer.text
    record: Json = (await activities.ask("GET", f"/activities/{key}")).json()["record"]
    return record


async def published(activities: ServiceHarness, sequence: int, own: list[Json]) -> None:
    """The registry confirms the years around, with days of the company's own; wait until all of them have come."""
    for year in YEARS:
        days = [day for day in own if day["day"].startswith(str(year))]
        new_year = {"name": "元旦", "first": f"{year}-01-01", "last": f"{year}-01-01"}
        data = {"calendar": str(year), "year": year, "confirmed": True, "holidays": [new_year], "worked": []}
        data["own"] = days
        await activities.tell("registry.calendar.recorded.v1", str(year), sequence, data)

    async def arrived() -> bool:
        rows = activities.service.mongo.collection("calendars")
        return await rows.count_documents({"version": sequence}) == len(YEARS)

    await eventually(arrived)


async def test_lateness_follows_the_calendar(activities: ServiceHarness) -> None:
    before = await recorded(activities)
    assert (before["late_entry"], before["late_provisional"]) == (True, True)
    await published(activities, 1, [])
    sure = await recorded(activities)
    assert (sure["late_entry"], sure["late_provisional"]) == (True, False)
    days = [(day_of(HELD) + timedelta(days=n)).isoformat() for n in range(16)]
    await published(activities, 2, [{"day": day, "working": False, "name": "停产检修"} for day in days])
    off = await recorded(activities)
    assert (off["late_entry"], off["late_provisional"]) == (False, False)
