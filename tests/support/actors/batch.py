"""A made-up enterprise of sixty branches, and the people of a batch: officers, committee, judges, supervisor."""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import Any

from examples.client import Client
from tests.support.harness.system import System
from tests.support.harness.waiting import eventually

BRANCHES = tuple(f"branch-{n:02}" for n in range(1, 61))
ADMIN, OFFICE = "administrator@*", "party_work_department@committee"
OFFICER, REVIEWER, SECRETARY, SUPERVISOR = "O1", "O2", "C1", "P1"
JUDGES = tuple(f"J{n}" for n in range(1, 8))
SINCE = "2020-01-01"
AT_ONCE = 8
QUICK = {
    "id": "one-branch-one-brand",
    "title": "简易审定",
    "title_en": "Quick approval",
    "steps": [
        {"key": "draft", "kind": "draft", "title": "制定初稿", "title_en": "Draft", "assignees": ["drafter"]},
        {
            "key": "check",
            "kind": "check",
            "title": "党委工作部审核",
            "title_en": "Check",
            "assignees": ["work_department"],
        },
    ],
}


def _known(text: str) -> dict[str, str]:
    return {"state": "known", "value": text}


def people() -> dict[str, dict[str, Any]]:
    """Everybody: a secretary and a member for each branch; judges and offices belong to some of the branches."""

    def person(name: str, branch: str, *posts: tuple[str, str]) -> dict[str, Any]:
        return {
            "name": name,
            "memberships": [{"organisation": branch, "status": "full_member", "since": SINCE}],
            "posts": [{"organisation": at, "post": post, "since": SINCE} for at, post in posts],
        }

    found = {f"S{branch[-2:]}": person("书记", branch, (branch, "branch_secretary")) for branch in BRANCHES}
    found |= {f"M{branch[-2:]}": person("党员", branch) for branch in BRANCHES}
    found |= {judge: person("评委", "branch-01" if judge == "J1" else "branch-58") for judge in JUDGES}
    secretary = (("committee", "party_committee_secretary"), ("committee", "party_committee_member"))
    found |= {SECRETARY: person("党委书记", "branch-59", *secretary), SUPERVISOR: person("监督人", "branch-60")}
    found |= {f"C{n}": person("党委委员", "branch-59", ("committee", "party_committee_member")) for n in range(2, 10)}
    found |= {one: person("干事", "branch-60", ("committee", "party_work_officer")) for one in (OFFICER, REVIEWER)}
    return found


async def at_once(tasks: Iterable[Awaitable[Any]]) -> list[Any]:
    """A few of them side by side, results in order."""
    room = asyncio.Semaphore(AT_ONCE)

    async def one(task: Awaitable[Any]) -> Any:  # noqa: ANN401 - whatever the task gives
        async with room:
            return await task

    return await asyncio.gather(*map(one, tasks))


class Enterprise:
    """What the batch's people do over HTTP."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.client = Client(system.urls, system.token)
        self.brands: dict[str, str] = {}

    async def settle(self) -> None:
        """Load organisations, people and the quick procedure; wait until review knows them."""
        put = self.client.put
        body: dict[str, Any] = {"kind": "party_committee", "name": _known("公司党委"), "valid_from": SINCE}
        await put("admin", "registry", "/organisations/committee", body, ADMIN)
        branch = {"kind": "party_branch", "parent": "committee", "valid_from": SINCE}
        await at_once(
            put("admin", "registry", f"/organisations/{key}", {**branch, "name": _known(f"第{key[-2:]}党支部")}, ADMIN)
            for key in BRANCHES
        )
        await at_once(put("admin", "registry", f"/people/{key}", row, ADMIN) for key, row in people().items())
        await self.client.post("admin", "review", "/procedures", QUICK, ADMIN)

    async def build_brands(self) -> None:
        """Every branch drafts its brand and hands it in; the work department approves it."""

        async def build(branch: str) -> None:
            secretary, number = f"S{branch[-2:]}", branch[-2:]
            document = {"name": _known(f"品牌{number}"), "slogan": _known(f"口号{number}")}
            body = {"owner": branch, "document": document}
            made = await self.client.post(secretary, "registry", "/brands", body)
            self.brands[branch] = made["id"]
            handed = await self.client.post(secretary, "registry", f"/brands/{made['id']}/submission", {})
            review = handed["review"]

            async def waiting() -> bool:
                found = await self.client.get(OFFICER, "review", "/reviews", OFFICE, owner=branch)
                return any(row["id"] == review for row in found["items"])

            await eventually(waiting, what=review, pause=0.2)
            agreed = {"decision": "agree", "reason": "同意"}
            await self.client.post(OFFICER, "review", f"/reviews/{review}/check", agreed, OFFICE)

        await at_once(build(branch) for branch in BRANCHES)
