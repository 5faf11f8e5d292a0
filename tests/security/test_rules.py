"""Expressions that people write into rules, in the real child process: what they can do is fail, with a reason."""

import asyncio
import resource
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from infra.kernel.errors import Invalid
from infra.sandbox import pool as rooms
from infra.sandbox.pool import SandboxPool
from infra.sandbox.worker import CPU_SECONDS
from tests.support.harness.waiting import eventually

pytestmark = [pytest.mark.security, pytest.mark.timeout(400)]
EVENT: dict[str, Any] = {
    "type": "safety.incident.recorded",
    "data": {"n": 5, "l": list(range(3000)), "s": "x" * 50_000, "none": None, "x": 1.5},
}
ENDLESS = "event.data.l.all(a, event.data.l.all(b, event.data.l.all(c, a + b + c >= 0)))"
DOUBLING = "[" + ",".join(["@"] * 40) + "]" + ("|[" + ",".join(["@"] * 10) + "]") * 7
HOSTILE: dict[str, tuple[str, str, str]] = {
    "an endless expression": (ENDLESS, "@", "rule.too_much"),
    "an expression that eats memory": (
        "event.data.l.map(a, event.data.l.map(b, event.data.s)).size() > 0",
        "@",
        "rule.too_much",
    ),
    "a map that doubles itself": ("true", DOUBLING, "rule.too_much"),
    "a regex as large as a house": ("event.data.s.matches('((x{100}){100}){100}')", "@", "when.failed"),
    "a regex that is none": ("event.data.s.matches('[')", "@", "when.failed"),
    "parentheses without end": ("(" * 900 + "true" + ")" * 900, "@", "when.unreadable"),
    "brackets without end": ("true", "[" * 3000, "map.unreadable"),
    "no expression": ("event.data.", "@", "when.unreadable"),
    "no map": ("true", "data.[", "map.unreadable"),
    "an unknown field": ("event.data.m > 3", "@", "when.field"),
    "an unknown variable": ("evnt.data.n > 3", "@", "when.failed"),
    "an unknown function": ("system('id') == ''", "@", "when.function"),
    "an unknown function of the map": ("true", "shell(@)", "map.failed"),
    "a wrong type": ("event.data.n > 'a'", "@", "when.failed"),
    "nothing compared": ("event.data.none > 3", "@", "when.failed"),
    "a division by zero": ("event.data.n / 0 == 1", "@", "when.failed"),
    "a number beyond all": ("9223372036854775807 + event.data.n > 0", "@", "when.failed"),
    "neither true nor false": ("event.data.n", "@", "when.not_boolean"),
    "a function as a result": ("true", "{a: &data}", "map.no_json"),
    "no number as a result": ("true", "to_number('nan')", "map.no_json"),
    "a wrong type in the map": ("true", "join(data.n, 'x')", "map.failed"),
    "a result as long as a book": ("true", "[data.s, data.s, data.s]", "map.too_long"),
}


@pytest.fixture
async def room() -> AsyncIterator[SandboxPool]:
    """A room whose children are gone after the test."""
    one = SandboxPool()
    yield one
    await one.close()


@pytest.fixture(scope="module")
async def used() -> AsyncIterator[SandboxPool]:
    """A room that many tests have used, as a service's is; only what is broken is started again."""
    one = SandboxPool()
    yield one
    await one.close()


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_rule_author_s_mistake_is_a_reason_and_the_next_rule_works(used: SandboxPool, name: str) -> None:
    when, mapping, code = HOSTILE[name]
    with pytest.raises(Invalid) as caught:
        await used.run(when, mapping, EVENT)
    problem = caught.value
    assert problem.code == code
    assert problem.zh.endswith("。")
    assert len(problem.en) < 600
    for _ in range(rooms.PLACES):
        verdict = await used.run("event.data.n == 5 && event.data.x < 2.0", "{n: data.n, s: data.missing}", EVENT)
        assert (verdict.concerns, verdict.result) == (True, {"n": 5, "s": None})


async def test_a_regex_runs_in_linear_time(used: SandboxPool) -> None:
    assert not (await used.run("event.data.s.matches('(x+x+)+y')", "@", EVENT)).concerns


def of_children() -> float:
    """The processor time of all children that have ended: unlike the clock it does not depend on who else works."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def test_an_endless_rule_is_stopped_soon_and_others_are_weighed_meanwhile(used: SandboxPool) -> None:
    for _ in range(rooms.PLACES):  # so that no child has to start while the endless one runs
        await used.run("true", "data.n", EVENT)
    before = of_children()
    endless = asyncio.create_task(used.run(ENDLESS, "@", EVENT))
    meanwhile = [(await used.run("true", "data.n", EVENT)).result for _ in range(20)]
    assert (meanwhile, endless.done()) == ([5] * 20, False)
    with pytest.raises(Invalid, match="stopped"):
        await endless
    assert of_children() - before < CPU_SECONDS + 4  # with its own start


async def test_a_rule_that_was_stopped_several_times_is_left_alone_for_a_while(
    room: SandboxPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.sandbox.pool.PATIENCE", 1)
    with pytest.raises(Invalid, match=r"rule\.too_much"):
        await room.run(ENDLESS, "@", EVENT)
    with pytest.raises(Invalid, match=r"rule\.spared"):
        await room.run(ENDLESS, "@", EVENT)
    assert not any(one._process for one in room._children), "no child was asked, none of them even runs"
    assert (await room.run("true", "data.n", EVENT)).result == 5
    monkeypatch.setattr("infra.sandbox.pool.time", _Later())
    with pytest.raises(Invalid, match=r"rule\.too_much"):
        await room.run(ENDLESS, "@", EVENT)


class _Later:
    """A clock that is an hour ahead."""

    @staticmethod
    def monotonic() -> float:
        return time.monotonic() + 3600


async def test_a_question_that_nobody_waits_for_does_not_answer_the_next_one(room: SandboxPool) -> None:
    for _ in range(rooms.PLACES):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(room.run(ENDLESS, "'wrong'", EVENT), 0.3)
    for number in range(4):
        assert (await room.run("true", "data.n", {"data": {"n": number}})).result == number


def of_process(pid: int, what: str) -> str:
    """What the kernel says of a process."""
    return Path(f"/proc/{pid}/{what}").read_text(encoding="utf-8", errors="replace")


async def test_the_child_knows_no_secret_and_ends_with_its_parent(
    room: SandboxPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRANDMATRIX_AMQP_URL", "amqp://user:secret@127.0.0.1/")
    await room.run("true", "@", {"data": {}})
    (child,) = [one._process for one in room._children if one._process]
    assert "secret" not in of_process(child.pid, "environ")
    assert "Max core file size        0" in of_process(child.pid, "limits")
    assert child.stdin
    child.stdin.close()
    await eventually(lambda: child.returncode == 0)


async def test_the_children_are_gone_when_the_service_has_stopped(room: SandboxPool) -> None:
    @asynccontextmanager
    async def lifespan(_: object) -> AsyncIterator[None]:
        yield

    async with room.around(lifespan)(None):
        await asyncio.gather(*(room.run("true", "@", {"data": {}}) for _ in range(4)))
        children = [one._process for one in room._children if one._process]
    assert len(children) == rooms.PLACES
    assert all(child.returncode is not None for child in children)


async def test_an_event_that_is_too_large_for_rules_is_said_so(used: SandboxPool) -> None:
    with pytest.raises(Invalid, match=r"event\.too_long"):
        await used.run("true", "@", {"data": "x" * rooms.MOST_EVENT})


SCHEMAS: dict[str, Any] = {
    "no type": {"type": "nothing"},
    "a regex as large as a house": {"pattern": "(a{1000}){1000}"},
    "a look around, which cannot run in linear time": {"pattern": "(?=a)"},
    "a file": {"$ref": "file:///etc/passwd"},
    "an address": {"$ref": "http://127.0.0.1:1/x"},
}


@pytest.mark.parametrize("name", SCHEMAS)
async def test_a_schema_that_is_none_or_reaches_out_is_refused(used: SandboxPool, name: str) -> None:
    with pytest.raises(Invalid, match=r"schema\.unreadable"):
        await used.check_schema(SCHEMAS[name])


async def test_a_schema_that_explodes_is_contained(used: SandboxPool) -> None:
    nested: dict[str, Any] = {"$defs": {"0": {"const": 1}}, "$ref": "#/$defs/26"}
    for level in range(1, 27):
        lower = {"$ref": f"#/$defs/{level - 1}"}
        nested["$defs"][str(level)] = {"allOf": [{"anyOf": [lower, {"const": 2}]}, {"anyOf": [lower, {"const": 2}]}]}
    with pytest.raises(Invalid, match=r"schema\.too_much"):
        await used.fit(nested, 3)
    assert await used.fit({"type": "integer"}, 3) is None
    assert await used.fit({"properties": {"a/b": {"type": "integer"}}}, {"a/b": "x"}) == (
        "/data/a~1b",
        '"x" is not of type "integer"',
    )
