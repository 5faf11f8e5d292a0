"""A company with a registry and the feeds of HR: what its people and its HR say over HTTP and over the broker."""

import json as text
from typing import Any

from aio_pika import Message, connect

from tests.support.harness.service import ServiceHarness
from tests.support.harness.waiting import eventually

ADMIN = ("administrator@*",)
HR = ("hr_system@*",)
Json = dict[str, Any]
LONG_AGO = "2020-01-01"


class Company:
    """A committee with two branches, three departments, a member with a post, and the feeds of HR."""

    def __init__(self, registry: ServiceHarness, said: int = 0) -> None:
        self.registry, self._number, environment = registry, said, registry.environment
        self._url = environment.management.department(environment.name, "hr", ["hr."])

    def again(self) -> "Company":
        """The same company after a rewind; HR goes on where it was."""
        return Company(self.registry, self._number)

    async def found(self) -> None:
        """Everything as it stood long ago."""
        for key, kind, parent in (
            ("committee", "party_committee", None),
            ("branch-a", "party_branch", "committee"),
            ("branch-b", "party_branch", "committee"),
        ):
            name = {"state": "known", "value": key}
            body = {"kind": kind, "name": name, "parent": parent, "valid_from": LONG_AGO}
            await self.done("PUT", f"/organisations/{key}", json=body)
        person = {
            "name": "王五",
            "memberships": [{"organisation": "branch-a", "status": "full_member", "since": LONG_AGO}],
            "posts": [{"organisation": "branch-a", "post": "branch_secretary", "since": LONG_AGO}],
        }
        await self.done("PUT", "/people/1001", json=person)
        await self.done("PUT", "/hr/mappings/DA/branch-a", json={"since": LONG_AGO})
        await self.done("PUT", "/hr/mappings/DB/branch-b", json={"since": LONG_AGO})
        await self.said("employee", employee_no="1001", main_dept_id="DA", effective_from=LONG_AGO)

    async def done(self, method: str, path: str, roles: tuple[str, ...] = ADMIN, json: Json | None = None) -> Json:
        """Ask, and expect success."""
        answer = await self.registry.ask(method, path, by="office", roles=roles, json=json)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else {}

    async def said(self, thing: str, verb: str = "changed", **data: object) -> None:
        """HR tells an event."""
        self._number += 1
        known = (
            {"source_id": data.get("employee_no"), "name": "王五", "status": "active"} if thing == "employee" else {}
        )
        event = {
            "specversion": "1.0",
            "id": str(self._number),
            "source": "/hr",
            "type": f"hr.{thing}.{verb}",
            "subject": str(data.get("employee_no", data.get("source_id"))),
            "data": {"seq": self._number, **known, **data},
        }
        await self.sent(text.dumps(event).encode(), f"hr.{thing}.{verb}")

    async def sent(self, body: bytes, key: str) -> None:
        """Publish as HR's own user."""
        async with await connect(self._url) as connection:
            channel = await connection.channel(publisher_confirms=True)
            exchange = await channel.get_exchange("departments", ensure=False)
            await exchange.publish(Message(body, content_type="application/cloudevents+json"), key)

    async def proposals(self, *wanted: str, state: str = "open") -> list[Json]:
        """The proposals of a state, once they are of these kinds."""

        async def there() -> bool:
            found = await self._proposals(state)
            return sorted(one["suggestion"]["kind"] for one in found) == sorted(wanted)

        await eventually(there)
        return await self._proposals(state)

    async def _proposals(self, state: str) -> list[Json]:
        return list((await self.done("GET", f"/hr/proposals?state={state}"))["items"])

    async def status(self, number: str, status: str, department: str | None) -> None:
        """Wait until the mirror says so."""

        async def there() -> bool:
            answer = await self.registry.ask("GET", f"/hr/employees/{number}", roles=ADMIN)
            now = answer.json().get("now") or {}
            return (now.get("status"), now.get("department")) == (status, department)

        await eventually(there)

    async def run(self, kind: str, employees: list[Json], until: str) -> Json:
        """Feed a list and wait for its state."""
        key = (await self.done("POST", "/hr/runs", HR, json={"source": "file", "kind": kind}))["id"]
        await self.done("POST", f"/hr/runs/{key}/rows", HR, json={"employees": employees})
        await self.done("POST", f"/hr/runs/{key}/close", HR)

        async def there() -> bool:
            return bool((await self.done("GET", f"/hr/runs/{key}"))["state"] == until)

        await eventually(there)
        return await self.done("GET", f"/hr/runs/{key}")
