"""A list that says of many that they have left is held like one that lacks them, and applied when a person says so."""

import pytest

from tests.integration.registry.company import HR, LONG_AGO, Company

PEOPLE = [f"3{number:03}" for number in range(12)]


def rows(left: int, **more: str) -> list[dict[str, str]]:
    """The people as a list has them; the first so many have left."""
    known = {"source_id": "", "main_dept_id": "DA", "name": "员工", "effective_from": LONG_AGO}
    return [
        {**known, "employee_no": one, "source_id": one, "status": "left" if place < left else "active", **more}
        for place, one in enumerate(PEOPLE)
    ]


@pytest.mark.parametrize("kind", ["full", "delta"])
async def test_many_leavers_in_a_list_are_held_shown_and_leave_when_released(company: Company, kind: str) -> None:
    await company.run("full", rows(0), "done")
    day = {"effective_from": "2026-06-01"} if kind == "delta" else {}
    held = await company.run(kind, rows(5, **day), "held")
    assert {one["id"] for one in held["missing"]} == set(PEOPLE[:5])
    assert "离职 5 人" in held["why_held"][0]
    await company.status(PEOPLE[0], "active", "DA")
    await company.done("POST", f"/hr/runs/{held['id']}/release", json={"reason": "整建制划转"})
    for one in PEOPLE[:5]:
        await company.status(one, "left", "DA")


async def test_a_few_leavers_in_a_list_are_believed(company: Company) -> None:
    await company.run("full", rows(0), "done")
    await company.run("full", rows(3), "done")
    await company.status(PEOPLE[2], "left", "DA")
    assert (await company.done("GET", "/hr/runs", HR))["total"] == 2
