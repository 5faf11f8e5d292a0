"""A directory, or events, that lose many people within a day: held, shown, and decided by a person."""

from collections.abc import AsyncIterator

import pytest

from tests.integration.registry.scim.conftest import Served
from tests.integration.registry.scim.test_scim_feed import Iam, Json
from tests.support.harness.waiting import eventually

PEOPLE = 20
SOURCE = "scim:iam"
OFFICE = ("party_work_department@*", "administrator@*")


class Directory(Iam):
    """Twenty people, and what became of them."""

    def __init__(self, served: Served) -> None:
        super().__init__(served)
        self.ids: list[str] = []

    async def filled(self) -> "Directory":
        self.ids = [await self.user(f"u{n}", f"{n:04}", displayName=f"员工{n}") for n in range(PEOPLE)]
        await self.settled()
        return self

    async def left(self) -> int:
        rows = (await self.rest.get("/hr/employees", params={"limit": 200})).json()["items"]
        return sum(row["now"]["status"] == "left" for row in rows)

    async def waiting(self) -> list[Json]:
        answer = await self.rest.get("/hr/holds/waiting", params={"source": SOURCE})
        return list(answer.json()["items"]) if answer.is_success else []

    async def held(self, count: int) -> Json:
        async def there() -> bool:
            return len(await self.waiting()) == count

        await eventually(there)
        (hold,) = (await self.rest.get("/hr/holds", params={"source": SOURCE})).json()["items"]
        return dict(hold)

    async def decide(self, what: str, roles: tuple[str, ...] = OFFICE) -> int:
        headers = self.served.headers("9001", roles)
        body = {"reason": "已与人力资源部核实"}
        answer = await self.rest.post(f"/hr/holds/{what}", params={"source": SOURCE}, json=body, headers=headers)
        return answer.status_code


@pytest.fixture
async def directory(served: Served) -> AsyncIterator[Directory]:
    """A directory that has been told to HR."""
    one = await Directory(served).filled()
    yield one
    await one.scim.aclose()
    await one.rest.aclose()


async def test_three_leavers_are_believed_and_the_fourth_to_the_last_are_held_and_shown(directory: Directory) -> None:
    for one in directory.ids[:10]:
        await directory.scim.delete(f"/Users/{one}")
    gate = await directory.held(7)
    assert (gate["state"], await directory.left()) == ("held", 3)
    assert all("人离开" in text or "would leave" in text for text in gate["why"])
    assert {row["name"] for row in await directory.waiting()} == {f"员工{n}" for n in range(3, 10)}


async def test_released_leavers_leave_and_nobody_is_asked_again_that_day(directory: Directory) -> None:
    for one in directory.ids[:10]:
        await directory.scim.delete(f"/Users/{one}")
    await directory.held(7)
    assert await directory.decide("release", ("hr_system@*",)) == 403
    assert await directory.decide("release") == 200
    for one in directory.ids[10:15]:
        await directory.patch(f"/Users/{one}", {"op": "replace", "path": "active", "value": False})

    async def gone() -> bool:
        return await directory.left() == 15

    await eventually(gone)
    assert await directory.waiting() == []
    assert await directory.decide("release") == 409


async def test_a_rejected_loss_changes_nothing_and_those_who_come_back_are_simply_there(directory: Directory) -> None:
    for one in directory.ids[:10]:
        await directory.patch(f"/Users/{one}", {"op": "replace", "path": "active", "value": False})
    await directory.held(7)
    assert await directory.decide("rejection") == 200
    await directory.held(0)
    assert await directory.left() == 3
    for one in directory.ids[:10]:
        await directory.patch(f"/Users/{one}", {"op": "replace", "path": "active", "value": True})

    async def back() -> bool:
        return await directory.left() == 0

    await eventually(back)
