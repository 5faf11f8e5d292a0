"""Events that let many people leave within a day: held, shown, and taken or dismissed by a person's decision."""

import pytest

from tests.integration.registry.company import LONG_AGO, Company, Json
from tests.support.harness.waiting import eventually

PEOPLE = 12
SOURCE = "source=/hr"


@pytest.fixture
async def company(company: Company) -> Company:
    """A company of thirteen."""
    for number in range(PEOPLE):
        await company.said("employee", employee_no=f"2{number:03}", main_dept_id="DA", effective_from=LONG_AGO)
    await eventually(lambda: counted(company, "active", PEOPLE + 1))
    return company


async def counted(company: Company, status: str, wanted: int) -> bool:
    rows = (await company.done("GET", "/hr/employees?limit=200"))["items"]
    return bool(sum(row["now"]["status"] == status for row in rows) == wanted)


async def held(company: Company, wanted: int) -> bool:
    found = await company.done("GET", "/hr/holds")
    if not found["items"]:
        return wanted == 0
    waiting: list[Json] = (await company.done("GET", f"/hr/holds/waiting?{SOURCE}"))["items"]
    return len(waiting) == wanted


@pytest.mark.parametrize(("decision", "left", "dismissed"), [("release", 8, 0), ("rejection", 3, 5)])
async def test_the_fourth_to_the_last_wait_for_a_person(
    company: Company, decision: str, left: int, dismissed: int
) -> None:
    for number in range(8):
        gone = {"main_dept_id": "DA", "effective_from": "2026-06-01", "status": "left"}
        await company.said("employee", "left", employee_no=f"2{number:03}", **gone)
    await eventually(lambda: held(company, 5), within=60)
    await eventually(lambda: counted(company, "left", 3))  # let through before, but written beside those held
    await company.done("POST", f"/hr/holds/{decision}?{SOURCE}", json={"reason": "已与人力资源部核实"})
    await eventually(lambda: counted(company, "left", left))
    await eventually(lambda: held(company, 0))
    assert (await company.done("GET", "/hr/arrivals?state=dismissed"))["total"] == dismissed
    assert (await company.done("GET", "/hr/arrivals"))["total"] == 0
