"""What an identity system changes in the directory reaches HR's records, once, whatever happens in between."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.integration.registry.scim.conftest import HR, Served
from tests.support.harness.waiting import eventually

Json = dict[str, Any]
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
WORK = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


class Iam:
    """An identity system, and what registry knows of HR afterwards."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.scim = served.client()
        headers = served.headers("hr", HR)
        self.rest = httpx.AsyncClient(base_url=served.url, headers=headers, timeout=60, trust_env=False)

    async def user(self, login: str, number: str | None = None, department: str | None = None, **more: Any) -> str:  # noqa: ANN401
        work = {key: value for key, value in (("employeeNumber", number), ("department", department)) if value}
        body = {"schemas": [USER, WORK], "userName": login, "active": True, WORK: work, **more}
        return await self._made("/Users", body)

    async def group(self, name: str, *members: str, code: str | None = None) -> str:
        body: Json = {"schemas": [GROUP], "displayName": name, "members": [{"value": one} for one in members]}
        return await self._made("/Groups", body | ({"externalId": code} if code else {}))

    async def _made(self, path: str, body: Json) -> str:
        answer = await self.scim.post(path, json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def patch(self, path: str, *operations: Json) -> None:
        answer = await self.scim.patch(path, json={"schemas": [PATCH], "Operations": list(operations)})
        assert answer.is_success, answer.text

    async def employee(self, number: str, **wanted: Any) -> Json:  # noqa: ANN401
        """Wait until the employee's present state has these values."""
        return await self._becomes(f"/hr/employees/{number}", "now", wanted)

    async def department(self, key: str, **wanted: Any) -> Json:  # noqa: ANN401
        async def there() -> bool:
            rows = (await self.rest.get("/hr/departments", params={"limit": 200})).json()["items"]
            found.update(next((row["applied"] for row in rows if row["id"] == key), {}))
            return wanted.items() <= found.items()

        found: Json = {}
        await eventually(there)
        return found

    async def _becomes(self, path: str, part: str, wanted: Json) -> Json:
        seen: Json = {}

        async def there() -> bool:
            answer = await self.rest.get(path)
            seen.update(answer.json() if answer.is_success else {})
            return wanted.items() <= (seen.get(part) or {}).items() and bool(seen)

        await eventually(there)
        return seen

    async def settled(self) -> None:
        """Wait until nothing waits."""

        async def nothing() -> bool:
            return bool((await self.rest.get("/hr/scim", params={"state": "waiting"})).json()["total"] == 0)

        await eventually(nothing)

    async def quarantined(self) -> list[Json]:
        await self.settled()
        return list((await self.rest.get("/hr/scim", params={"state": "quarantined"})).json()["items"])

    async def slices(self, number: str) -> list[Json]:
        await self.settled()
        return list((await self.rest.get(f"/hr/employees/{number}")).json()["slices"])


@pytest.fixture
async def iam(served: Served) -> AsyncIterator[Iam]:
    """An identity system at work."""
    one = Iam(served)
    yield one
    await one.scim.aclose()
    await one.rest.aclose()


async def test_a_user_is_an_employee_who_leaves_and_returns(iam: Iam) -> None:
    key = await iam.user("wang.wu", "007", "D10", name={"familyName": "王", "givenName": "五"}, title="工程师")
    seen = await iam.employee("007", status="active", department="D10", name="王五")
    assert seen["slices"][0]["source"] == "scim:iam"
    assert (seen["slices"][0]["position"], seen["slices"][0]["raw"]["scim"]) == ("工程师", key)

    await iam.patch(f"/Users/{key}", {"op": "replace", "path": "active", "value": False})
    await iam.employee("007", status="left")
    await iam.patch(f"/Users/{key}", {"op": "Replace", "value": {"active": True, f"{WORK}:department": "D20"}})
    await iam.employee("007", status="active", department="D20")
    await iam.scim.delete(f"/Users/{key}")
    await iam.employee("007", status="left")


async def test_what_hr_does_not_record_changes_nothing(iam: Iam) -> None:
    key = await iam.user("wang.wu", "1010", "D10")
    await iam.employee("1010", status="active")
    version = (await iam.rest.get("/hr/employees/1010")).json()["version"]
    await iam.patch(
        f"/Users/{key}",
        {"op": "add", "path": "nickName", "value": "小王"},
        {"op": "add", "path": 'emails[type eq "work"].value', "value": "wang@example.com"},
        {"op": "add", "path": "phoneNumbers", "value": [{"value": "13800000000"}]},
    )
    await iam.settled()
    assert (await iam.rest.get("/hr/employees/1010")).json()["version"] == version
    kept = (await iam.scim.get(f"/Users/{key}")).json()
    assert (kept["nickName"], kept["emails"][0]["value"]) == ("小王", "wang@example.com")
    assert "phoneNumbers" not in kept


async def test_groups_are_departments_and_their_members_belong_to_them(iam: Iam) -> None:
    first, second = await iam.user("a", "1"), await iam.user("b", "2")
    inner = await iam.group("工程部", first, second, code="D10")
    await iam.group("总部", inner, code="D1")
    await iam.department("D10", name="工程部", parent="D1", enabled=True)
    await iam.employee("1", department="D10")

    other = await iam.group("安全部", first, code="D20")
    await iam.settled()
    assert (await iam.slices("1"))[-1]["part_time"] == ["D20"]
    await iam.patch(f"/Groups/{inner}", {"op": "remove", "path": f'members[value eq "{first}"]'})
    await iam.employee("1", department="D20")
    await iam.patch(f"/Groups/{inner}", {"op": "replace", "path": "displayName", "value": "工程技术部"})
    await iam.department("D10", name="工程技术部")
    await iam.scim.delete(f"/Groups/{other}")
    await iam.department("D20", enabled=False)


async def test_a_department_named_in_words_is_found_when_its_group_comes_later(iam: Iam) -> None:
    await iam.user("a", "1", "工程部")
    await iam.employee("1", department="工程部")
    await iam.group("工程部", code="D10")
    await iam.employee("1", department="D10")


async def test_what_hr_cannot_use_is_shown_with_its_reason_and_taken_once_mended(iam: Iam) -> None:
    nameless = await iam.user("no.number")
    await iam.user("first", "7")
    await iam.employee("7", status="active")
    await iam.user("second", "7", "D9")
    quarantined = {one["name"]: one["reason"] for one in await iam.quarantined()}
    assert quarantined == {"no.number": "缺少工号（employeeNumber）。", "second": "工号 7 已属于另一用户。"}

    await iam.patch(f"/Users/{nameless}", {"op": "add", "path": f"{WORK}:employeeNumber", "value": "8"})
    await iam.employee("8", status="active")
    first = (await iam.scim.get("/Users", params={"filter": 'userName eq "FIRST"'})).json()["Resources"][0]["id"]
    await iam.scim.delete(f"/Users/{first}")
    await iam.employee("7", status="active", department="D9")
    assert await iam.quarantined() == []
    assert {one["status"] for one in await iam.slices("7")} == {"active"}  # never left in between


async def test_a_number_that_moves_ends_under_the_old_one(iam: Iam) -> None:
    key = await iam.user("a", "1", "D10")
    await iam.employee("1", status="active")
    await iam.patch(f"/Users/{key}", {"op": "replace", "path": f"{WORK}:employeeNumber", "value": "2"})
    await iam.employee("2", status="active", department="D10")
    await iam.employee("1", status="left")


async def test_what_another_feed_says_beyond_scim_stays(iam: Iam) -> None:
    row = {
        "employee_no": "1", "source_id": "1", "name": "王五", "status": "retired", "main_dept_id": "D10",
        "effective_from": "2026-01-01", "political_status": "中共党员",
    }  # fmt: skip
    begun = (await iam.rest.post("/hr/runs", json={"source": "hr", "kind": "delta"})).json()["id"]
    await iam.rest.post(f"/hr/runs/{begun}/rows", json={"employees": [row]})
    await iam.rest.post(f"/hr/runs/{begun}/close")
    await iam.employee("1", status="retired")

    key = await iam.user("wang.wu", "1", "D10", displayName="王五")
    assert len(await iam.slices("1")) == 1  # it says nothing new
    await iam.patch(f"/Users/{key}", {"op": "replace", "path": f"{WORK}:department", "value": "D11"})
    await iam.employee("1", status="retired", department="D11")
    assert (await iam.slices("1"))[-1]["political_status"] == "中共党员"
