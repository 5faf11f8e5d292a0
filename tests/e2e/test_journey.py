"""The programme as its people know it: five brands from first draft to plaque, through the four services over HTTP."""

from examples.client import Client
from examples.review import OFFICE, OFFICER
from infra.ops.audit import verify as audit
from tests.support.actors.journey import Account, verify, walk
from tests.support.harness.system import System


async def test_five_brands_from_first_draft_to_plaque_and_walked_again_nothing_is_done_twice(
    system: System,
) -> None:
    account = Account()
    printed = await walk(system, account)
    await verify(system, account)
    await one_was_returned_and_came_back_and_one_meeting_was_held_again(system)
    tried = len(account.ledger.attempted)
    await walk(system, account)
    assert len(account.ledger.attempted) == tried, "the second walk found everything done"
    await verify(system, account)
    assert [(await audit.verify(system.environment.settings(name))).findings for name in system.services] == [
        [],
        [],
        [],
        [],
    ]
    for text in ("魅力GPS", "POWER", "1010", "三心", "（未知）", "覆盖率 coverage: 5/5 (100%)"):
        assert text in printed


async def one_was_returned_and_came_back_and_one_meeting_was_held_again(system: System) -> None:
    client = Client(system.urls, system.token)
    visits = {}
    for owner in ("operations", "office-2"):
        brand = (await client.get(OFFICER, "registry", "/brands", OFFICE, owner=owner))["items"][0]
        full = await client.get(OFFICER, "registry", f"/brands/{brand['id']}", OFFICE)
        visits[owner] = (await client.get(OFFICER, "review", f"/reviews/{full['review']}", OFFICE))["runs"]
    assert [visit["outcome"] for visit in visits["operations"] if visit["step"] == "secretary_check"] == [
        "returned",
        "passed",
    ]
    meetings = visits["office-2"][-1]["meetings"]
    assert [meeting["state"] for meeting in meetings] == ["no_quorum", "carried"]
    assert meetings[0]["votes"] == []
    await client.close()


async def test_notify_stopped_for_the_whole_journey_has_everything_right_soon_after(system: System) -> None:
    system.stop("notify")
    account = Account()
    await walk(system, account, show=False)
    system.start("notify")
    await system.ready("notify")
    await verify(system, account)
