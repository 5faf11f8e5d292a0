"""To-dos in office systems: they appear, they go away, nothing stays and nothing is done over there."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from standardwebhooks.webhooks import Webhook

from infra.kernel.settings import Misconfigured
from services.notify.office.channels import opening
from tests.support.actors.office import Office, office
from tests.support.harness.environment import Environment
from tests.support.harness.service import Json
from tests.support.harness.waiting import eventually
from tests.support.vendors.generic import SECRET
from tests.support.vendors.vendor import Entry


async def test_a_to_do_appears_in_every_office_system_and_disappears_when_it_is_done(
    environment: Environment, tmp_path: Path
) -> None:
    async with office(environment, tmp_path) as one:
        await one.tell("r1", p1001="open", p1002="open", p1003="open")
        await one.agreed()
        await one.tell("r1", p1001="done", p1002="withdrawn")
        await one.agreed()
        for vendor in one.vendors.values():
            assert {entry.state for entry in vendor.entries.values()} == {"open", "done", "withdrawn"}
            assert len(vendor.appeared) == 3
        log: list[Json] = []

        async def logged() -> bool:  # a call is there a moment before its entry says so
            log[:] = await one.get("/oa/deliveries?todo=r1:check:1:1001&channel=weaver")
            said = [(entry["operation"], entry["outcome"]) for entry in log]
            return said == [("complete", "done"), ("upsert", "done")]

        await eventually(logged)
        assert log[0]["seq"] > log[1]["seq"]


async def test_what_was_done_before_it_was_ever_told_is_never_shown(environment: Environment, tmp_path: Path) -> None:
    async with office(environment, tmp_path, "weaver") as one:
        await one.tell("r1", p1001="done")
        await one.tell("r2", p1001="open")
        await one.agreed()
        assert one.vendors["weaver"].appeared == {"r2:check:1:1001"}


async def test_an_unknown_receiver_waits_for_a_person_and_delays_nobody(
    environment: Environment, tmp_path: Path
) -> None:
    async with office(environment, tmp_path) as one:
        await one.tell("r1", pX1="open", p1001="open")
        await one.agreed()

        async def failed() -> bool:
            return len(await one.get("/oa/channel-deliveries?failed=true")) == 3

        await eventually(failed)
        rows = await one.get("/oa/channel-deliveries?failed=true")
        assert all(row["error"] for row in rows)
        answer = await one.notify.ask(
            "POST", f"/oa/channel-deliveries/{rows[0]['id']}/redrive", roles=("administrator@*",)
        )
        assert answer.is_success
        await eventually(failed)


async def test_what_was_changed_over_there_by_hand_is_found_and_mended(
    environment: Environment, tmp_path: Path
) -> None:
    async with office(environment, tmp_path) as one:
        await one.tell("r1", p1001="open", p1002="open")
        await one.agreed()

        async def settled() -> bool:  # what is on its way is not compared
            return all(channel["waiting"] == 0 for channel in await one.get("/oa/channels"))

        await eventually(settled)
        before = {drift["id"] for drift in await one.get("/oa/drift/found")}
        for vendor in one.vendors.values():
            vendor.by_hand(Entry("r1:check:1:1001", "1001", "", "", "gone", 1))
            vendor.by_hand(Entry("r9:check:1:1009", "1009", "旧", "", "open", 1))
        await one.reconcile()

        async def found() -> bool:  # by this comparison, or by one of those that come every second
            fresh = [drift for drift in await one.get("/oa/drift/found") if drift["id"] not in before]
            published = {(kind, drift["channel"], todo) for drift in fresh for kind in wrong for todo in drift[kind]}
            return published == {(kind, name, todo) for kind, todo in wrong.items() for name in one.vendors}

        wrong = {"missing": "r1:check:1:1001", "surplus": "r9:check:1:1009"}
        await eventually(found)
        await one.agreed()

        async def clean() -> bool:
            drifts = await one.get("/oa/drift")
            return all(not (drift["missing"] or drift["surplus"] or drift["error"]) for drift in drifts)

        await eventually(clean)


def signed(
    name: str, kind: str, todo: str, *, at: datetime | None = None, secret: str = SECRET
) -> tuple[str, dict[str, str]]:
    """A callback as an office system signs it."""
    at = at or datetime.now(UTC)
    body = json.dumps({"type": kind, "timestamp": at.isoformat(), "data": {"id": todo, "receiver": "1001"}})
    signature = Webhook(secret).sign(name, at, body)
    stamp = str(int(at.timestamp()))
    return body, {"webhook-id": name, "webhook-timestamp": stamp, "webhook-signature": signature}


async def called(one: Office, body: str, headers: dict[str, str], channel: str = "weaver") -> tuple[int, object]:
    answer = await one.notify.post(f"/oa/{channel}/callbacks", body.encode(), headers)
    return answer.status_code, answer.json()


async def test_a_signed_callback_marks_a_to_do_as_read_once_and_decides_nothing(
    environment: Environment, tmp_path: Path
) -> None:
    async with office(environment, tmp_path, "weaver") as one:
        await one.tell("r1", p1001="open")
        await one.agreed()
        body, headers = signed("m1", "todo.opened", "r1:check:1:1001")
        link = "http://127.0.0.1:8700/reviews/r1"
        assert await called(one, body, headers) == (200, {"accepted": True, "repeated": False, "link": link})
        assert await called(one, body, headers) == (200, {"accepted": True, "repeated": True})
        todos = (await one.notify.ask("GET", "/todos", by="1001")).json()["items"]
        assert (todos[0]["state"], bool(todos[0]["read_at"])) == ("open", True)
        body, headers = signed("m2", "todo.decided", "r1:check:1:1001")
        assert (await called(one, body, headers))[0] == 200
        assert (await one.notify.ask("GET", "/todos", by="1001")).json()["items"][0]["state"] == "open"
        assert len(await one.get("/oa/callbacks")) == 2


async def test_a_callback_that_is_forged_old_or_for_nobody_is_refused(environment: Environment, tmp_path: Path) -> None:
    import base64

    other = "whsec_" + base64.b64encode(b"another secret of 24 bytes!!").decode()
    async with office(environment, tmp_path, "weaver") as one:
        old = datetime.now(UTC) - timedelta(minutes=10)
        body, headers = signed("m1", "todo.opened", "r1")
        for wrong in (
            signed("m1", "todo.opened", "r1", secret=other),
            signed("m1", "todo.opened", "r1", at=old),
            (body.replace("r1", "r2"), headers),
            (body, {**headers, "webhook-id": "m9"}),
            (body, {**headers, "webhook-signature": "nonsense"}),
            (body, {}),
        ):
            assert (await called(one, *wrong))[0] == 401
        assert (await called(one, body, headers, "nobody"))[0] == 404
        assert (await called(one, *signed("m3", "todo.deleted", "r1")))[0] == 422
        assert await one.get("/oa/callbacks") == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("channels: [{name: a, kind: fax, base_url: 'http://x'}]", "channels.0"),
        ("channels: [{name: a, kind: weaver_ofs, base_url: 'http://x'}]", "syscode"),
        ("channels: [{name: a, kind: webhook, base_url: 'ftp://x', secret_file: /nowhere}]", "base_url"),
        ("channels: [{name: a, kind: webhook, base_url: 'http://x', secret_file: /nowhere}]", "nowhere"),
        ("channels: [", "oa.yaml"),
    ],
)
def test_a_wrong_file_is_named_with_its_place(tmp_path: Path, text: str, place: str) -> None:
    file = tmp_path / "oa.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Misconfigured, match=place):
        opening.offices(file)
