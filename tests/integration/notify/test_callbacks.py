"""What office systems tell back: signed, in time, once, also across replicas and restarts; and it decides nothing."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from infra.kernel.settings import Settings
from infra.runtime.service import Service
from services.notify.app import build
from services.notify.settings import NotifySettings
from tests.integration.notify.test_office import called, signed
from tests.support.actors.office import KINDS, Office, office
from tests.support.harness.environment import Environment
from tests.support.harness.service import ServiceHarness

TODO = "r1:check:1:1001"


@pytest.mark.parametrize("channel", KINDS)
async def test_each_vendor_may_say_opened_and_decided_and_neither_decides(
    environment: Environment, tmp_path: Path, channel: str
) -> None:
    async with office(environment, tmp_path, channel) as one:
        await one.tell("r1", p1001="open")
        await one.agreed()
        status, said = await called(one, *signed("m1", "todo.decided", TODO), channel)
        assert isinstance(said, dict)
        assert (status, said["link"], "note" in said) == (200, "http://127.0.0.1:8700/reviews/r1", True)
        (todo,) = (await one.notify.ask("GET", "/todos", by="1001")).json()["items"]
        assert (todo["state"], todo["read_at"]) == ("open", None)
        assert (await called(one, *signed("m2", "todo.opened", TODO), channel))[0] == 200
        (todo,) = (await one.notify.ask("GET", "/todos", by="1001")).json()["items"]
        assert (todo["state"], bool(todo["read_at"])) == ("open", True)
        assert one.vendors[channel].open == [(TODO, "1001")]
        kept = await one.get("/oa/callbacks")
        assert [(row["kind"], row["channel"]) for row in kept] == [("todo.opened", channel), ("todo.decided", channel)]


async def test_the_same_callback_has_one_effect_across_replicas_and_restarts(
    environment: Environment, tmp_path: Path
) -> None:
    async with office(environment, tmp_path, "weaver") as one:
        await one.tell("r1", p1001="open")
        await one.agreed()

        def make(settings: Settings) -> Service:
            own = {"oa_file": tmp_path / "oa.yaml"}
            return build(NotifySettings.model_validate({**settings.model_dump(), **own}))

        body, headers = signed("m1", "todo.opened", TODO)
        async with ServiceHarness(environment, "notify", make).running() as second:
            other = Office(second, {})
            answers = await asyncio.gather(*(called(one if n % 2 else other, body, headers) for n in range(8)))
            assert sorted(said["repeated"] for _, said in answers) == [False] + [True] * 7  # type: ignore[index]
        async with ServiceHarness(environment, "notify", make).running() as third:
            assert (await called(Office(third, {}), body, headers))[1] == {"accepted": True, "repeated": True}
        await one.tell("r1", p1001="done")
        await one.agreed()
        await one.tell("r1", p1001="open")  # a new duty under the same name
        await one.agreed()
        assert (await called(one, body, headers))[1] == {"accepted": True, "repeated": True}
        (todo,) = (await one.notify.ask("GET", "/todos?state=open", by="1001")).json()["items"]
        assert todo["read_at"] is None, "a replay marks nothing"


async def test_the_time_stamp_has_a_window_of_five_minutes_both_ways(environment: Environment, tmp_path: Path) -> None:
    async with office(environment, tmp_path, "weaver") as one:
        for name, seconds, status in (("a", -280, 200), ("b", 280, 200), ("c", -320, 401), ("d", 320, 401)):
            at = datetime.now(UTC) + timedelta(seconds=seconds)
            assert (await called(one, *signed(name, "todo.opened", TODO, at=at)))[0] == status, name
        body, headers = signed("e", "todo.opened", TODO)
        for stamp in ("inf", "1e400", "nan", "-1", "", "x"):
            assert (await called(one, body, {**headers, "webhook-timestamp": stamp}))[0] == 401, stamp


async def test_another_s_receiver_marks_nothing_and_an_unknown_to_do_is_kept(
    environment: Environment, tmp_path: Path
) -> None:
    async with office(environment, tmp_path, "weaver") as one:
        await one.tell("r1", p1002="open")
        await one.agreed()
        assert (await called(one, *signed("m1", "todo.opened", "r1:check:1:1002")))[0] == 200  # receiver is 1001
        (todo,) = (await one.notify.ask("GET", "/todos", by="1002")).json()["items"]
        assert todo["read_at"] is None
        assert (await called(one, *signed("m2", "todo.opened", "nothing")))[1]["link"] is None  # type: ignore[index]


async def test_a_new_secret_holds_at_once_and_the_old_one_no_longer(environment: Environment, tmp_path: Path) -> None:
    async with office(environment, tmp_path, "weaver") as one:
        fresh = "whsec_" + "QUJD" * 8
        (tmp_path / "weaver.callback").write_text(fresh, encoding="utf-8")
        assert (await called(one, *signed("m1", "todo.opened", TODO)))[0] == 401
        assert (await called(one, *signed("m2", "todo.opened", TODO, secret=fresh)))[0] == 200
