"""HR on the real servers: events and lists change the mirror, proposals follow, and people confirm them."""

from datetime import timedelta

from infra.kernel.clock import today
from tests.integration.registry.company import ADMIN, HR, LONG_AGO, Company, Json
from tests.support.harness.waiting import eventually


def row(number: str, department: str | None = "DA", **more: object) -> Json:
    """A row of a list."""
    known = {"employee_no": number, "source_id": number, "name": f"员工{number}", "status": "active"}
    return {**known, "main_dept_id": department, "effective_from": LONG_AGO, **more}


async def test_a_transfer_moves_nobody_until_a_person_confirms(company: Company) -> None:
    await company.said("employee", employee_no="1001", main_dept_id="DB", effective_from=today().isoformat())
    transfer, vacant = sorted(
        await company.proposals("membership_transfer", "vacant_post"), key=lambda one: one["suggestion"]["kind"]
    )
    assert transfer["suggestion"]["candidates"] == ["branch-b"]
    assert (await company.done("GET", "/people/1001"))["memberships"][0]["until"] is None

    tomorrow = (today() + timedelta(days=1)).isoformat()
    refused = await company.registry.ask("POST", f"/hr/proposals/{transfer['id']}/confirmation", roles=HR, json={})
    assert refused.status_code == 403
    wrong = await company.registry.ask(
        "POST",
        f"/hr/proposals/{transfer['id']}/confirmation",
        roles=ADMIN,
        json={"organisation": "nowhere", "since": tomorrow},
    )
    assert (wrong.status_code, wrong.json()["field"]) == (422, "/organisation")
    choice = {"organisation": "branch-b", "since": tomorrow}
    await company.done("POST", f"/hr/proposals/{transfer['id']}/confirmation", json=choice)
    await company.done("POST", f"/hr/proposals/{vacant['id']}/confirmation", json={"until": today().isoformat()})

    async def moved() -> bool:
        person = await company.done("GET", "/people/1001")
        last = person["memberships"][-1]
        ended = person["posts"][0]["until"] == today().isoformat()
        return bool(last["organisation"] == "branch-b" and last["since"] == tomorrow and ended)

    await eventually(moved)
    assert await company.proposals() == []


async def test_a_change_of_the_future_waits_and_may_be_withdrawn(company: Company) -> None:
    later = (today() + timedelta(days=20)).isoformat()
    change = {"employee_no": "1001", "main_dept_id": "DB", "effective_from": later, "change_order_no": "HR-7"}
    await company.said("employee", **change)
    await company.said("employee", "withdrawn", **change)

    async def withdrawn() -> bool:
        slices = (await company.done("GET", "/hr/employees/1001"))["slices"]
        return any(one["withdrawn"] for one in slices)

    await eventually(withdrawn)
    assert (await company.done("GET", "/hr/employees/1001"))["next_change"] is None
    assert await company.proposals() == []


async def test_a_change_withdrawn_after_its_day_takes_its_proposals_back_and_compensates_what_was_confirmed(
    company: Company,
) -> None:
    change = {
        "employee_no": "1001", "main_dept_id": "DB", "effective_from": today().isoformat(), "change_order_no": "HR-8",
    }  # fmt: skip
    await company.said("employee", **change)
    found = await company.proposals("membership_transfer", "vacant_post")
    transfer = next(one for one in found if one["suggestion"]["kind"] == "membership_transfer")
    choice = {"organisation": "branch-b", "since": today().isoformat()}
    await company.done("POST", f"/hr/proposals/{transfer['id']}/confirmation", json=choice)
    await company.proposals("vacant_post")
    await company.said("employee", "withdrawn", **change)
    (back,) = await company.proposals("membership_transfer")
    assert (back["suggestion"]["compensates"], back["suggestion"]["candidates"]) == (True, ["branch-a"])
    await company.proposals("vacant_post", state="withdrawn")


async def test_a_list_that_lost_its_people_is_held_and_changes_nothing(company: Company) -> None:
    people = [row(str(number)) for number in range(2000, 2040)]
    first = await company.run("full", people, "done")
    assert (first["counts"]["created"], first["counts"]["gone"]) == (40, 0)
    held = await company.run("full", people[:28], "held")
    assert held["counts"]["gone"] == 12
    assert {one["id"] for one in held["missing"]} == {one["employee_no"] for one in people[28:]}
    await company.status("2039", "active", "DA")
    await company.done("POST", f"/hr/runs/{held['id']}/rejection", json={"reason": "名单不全"})
    again = await company.run("full", people[:28], "held")
    await company.done("POST", f"/hr/runs/{again['id']}/release", json={"reason": "确已离职"})
    await company.status("2039", "left", "DA")
    back = await company.run("full", people, "done")
    assert back["counts"]["updated"] == 12
    await company.status("2039", "active", "DA")


async def test_a_wrong_row_is_reported_and_leaves_the_others_alone(company: Company) -> None:
    run = await company.run("delta", [row("3001"), row("3002", status="fired"), row("3001", name="别人")], "done")
    assert run["counts"] == {"rows": 1, "faulty": 2, "created": 1, "updated": 0, "unchanged": 0, "gone": 0}
    assert [(one["row"], one["field"]) for one in run["faults"]] == [("3002", "/status"), ("3001", "")]


async def test_an_odd_event_is_kept_with_its_reason_and_can_be_dismissed(company: Company) -> None:
    await company.sent(b"{", "hr.employee.changed")
    await company.said("employee", employee_no="1", effective_from="soon")

    async def kept() -> bool:
        return bool((await company.done("GET", "/hr/arrivals"))["total"] == 2)

    await eventually(kept)
    quarantined = (await company.done("GET", "/hr/arrivals"))["items"]
    assert any("effective_from" in one["en"] for one in quarantined)
    again = await company.registry.ask("POST", f"/hr/arrivals/{quarantined[0]['id']}/redrive", roles=ADMIN)
    assert again.status_code == 409
    await company.done("POST", f"/hr/arrivals/{quarantined[0]['id']}/dismissal", json={"reason": "测试"})
    assert (await company.done("GET", "/hr/arrivals"))["total"] == 1


async def test_people_moved_to_a_merged_department_need_no_transfer_even_when_the_merger_is_told_later(
    company: Company,
) -> None:
    for key in ("DA", "DB", "DC"):
        await company.said("department", source_id=key, name=key, effective_from=LONG_AGO)
    await company.said("employee", employee_no="1001", main_dept_id="DC", effective_from=today().isoformat())
    await company.proposals("branch_adjustment")
    merged = {"source_id": "DA", "name": "DA", "enabled": False, "merged_into": "DC"}
    await company.said("department", "merged", **merged, effective_from=today().isoformat())

    async def asked() -> bool:
        found = (await company.done("GET", "/hr/proposals?state=open"))["items"]
        return [one["suggestion"]["department"] for one in found] == ["DA"]

    await eventually(asked)
