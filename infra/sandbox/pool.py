"""Where rules are evaluated: child processes, asked over their pipes, replaced when they are stuck.

An expression that never ends, eats memory or crashes its interpreter ends a child and nothing else. The reason is
handed back like every other fault of a rule, as ``Invalid`` with the field ``/when``, ``/map`` or ``/schema``. A rule
that broke its child several times is left alone for a while, so that it does not delay the events of the others.
"""

import asyncio
import hashlib
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from infra.kernel.errors import Invalid, NotYet

ROOT = Path(__file__).parents[2]
WALL_SECONDS = 20.0
"""The last net for a child that neither answers nor uses its processor time."""
PLACES = 2
MOST_EVENT = 400_000
PATIENCE, SPARED_SECONDS = 3, 60.0
RULE_PLACES = {
    "rule": ("规则", "The rule"),
    "when": ("条件（when）", "The condition (when)"),
    "map": ("映射（map）", "The map"),
    "schema": ("数据格式（schema）", "The schema"),
    "event": ("事件", "The event"),
}
FAULTS = {
    "unreadable": ("无法解析：{}", "cannot be read: {}"),
    "function": ("调用了没有的函数：{}", "calls what is no function: {}"),
    "field": ("用到了事件中没有的字段“{}”", "uses “{}”, a field that the event does not have"),
    "failed": ("无法计算：{}", "cannot be evaluated: {}"),
    "not_boolean": ("应得出 true 或 false，实际为 {}", "must yield true or false, not {}"),
    "too_much": (
        "占用的时间或内存超过规则允许的上限，已被终止",
        "took more time or memory than a rule may; it was stopped",
    ),
    "spared": ("已 {} 次被终止，暂停运行，请修改", "was stopped {} times and is left alone for a while; mend it"),
    "no_json": ("得出的不是 JSON：{}", "yields what is no JSON: {}"),
    "too_long": ("过长（{} 个字符）", "is too long ({} characters)"),
}


@dataclass(frozen=True)
class Verdict:
    """What an expression said: does the event concern the rule, and what did the map make of it."""

    concerns: bool
    result: JsonValue = None


class SandboxPool:
    """Two children; whoever comes while both are busy waits. They start at the first question."""

    def __init__(self, places: int = PLACES) -> None:
        self._free: asyncio.Queue[_Worker] = asyncio.Queue()
        self._children = [_Worker() for _ in range(places)]
        for child in self._children:
            self._free.put_nowait(child)
        self._broken: dict[str, tuple[int, float]] = {}

    async def check(self, when: str, mapping: str) -> None:
        """Raise ``Invalid`` when an expression cannot even be read."""
        await self._ask({"when": when, "map": mapping, "event": None}, "rule")

    async def run(self, when: str, mapping: str, event: Mapping[str, JsonValue]) -> Verdict:
        """Evaluate on one event; raises ``Invalid``."""
        said = await self._ask({"when": when, "map": mapping, "event": event}, "rule")
        return Verdict(bool(said["when"]), said.get("result"))

    async def check_schema(self, schema: Mapping[str, JsonValue]) -> None:
        """Raise ``Invalid`` when this is no JSON Schema of 2020-12."""
        await self._ask({"schema": schema}, "schema")

    async def fit(self, schema: Mapping[str, JsonValue], data: JsonValue) -> tuple[str, str] | None:
        """Where (JSON Pointer into the event) and why the data do not fit; None when they do. Raises ``Invalid``."""
        misfit = (await self._ask({"schema": schema, "data": data}, "schema"))["misfit"]
        return None if misfit is None else (misfit[0], misfit[1])

    async def close(self) -> None:
        """End the children."""
        for child in self._children:
            await child.end()

    def around(
        self, lifespan: Callable[[Any], AbstractAsyncContextManager[Any]]
    ) -> Callable[[Any], AbstractAsyncContextManager[Any]]:
        """A lifespan after which the children are gone as well."""

        @asynccontextmanager
        async def inside(app: Any) -> AsyncIterator[None]:  # noqa: ANN401 - the framework's application
            try:
                async with lifespan(app):
                    yield
            finally:
                await self.close()

        return inside

    async def _ask(self, question: Mapping[str, Any], place: str) -> dict[str, Any]:
        line = json.dumps(question).encode() + b"\n"
        if len(line) > MOST_EVENT:
            raise fault("event", "too_long", str(len(line)))
        rule = _fingerprint(question)
        self._require_unbroken(rule, place)
        child = await self._free.get()
        try:
            said = await child.ask(line)
        except (TimeoutError, ConnectionError, ValueError) as error:
            self._remember(rule)
            raise fault(place, "too_much", "") from error
        except OSError as error:
            raise NotYet("rules.no_room", "规则运行环境暂时无法启动。", f"No child for rules: {error}") from error
        finally:
            self._free.put_nowait(child)
        if "fault" in said:
            raise fault(*said["fault"])
        return said

    def _remember(self, rule: str) -> None:
        now = time.monotonic()
        times, _ = self._broken.get(rule, (0, 0.0))
        self._broken = {key: said for key, said in self._broken.items() if said[1] > now}
        self._broken[rule] = (times + 1, now + SPARED_SECONDS)

    def _require_unbroken(self, rule: str, place: str) -> None:
        times, until = self._broken.get(rule, (0, 0.0))
        if times and until < time.monotonic():
            del self._broken[rule]
        elif times >= PATIENCE:
            raise fault(place, "spared", str(times))


class _Worker:
    """One child process, started when it is asked and there is none."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None

    async def ask(self, line: bytes) -> dict[str, Any]:
        """The answer; raises ``TimeoutError`` or ``ConnectionError`` when there is none, ``OSError`` with no child."""
        try:
            async with asyncio.timeout(WALL_SECONDS):
                return await self._said(line)
        except ConnectionError:
            await self.end(kill=False)
            raise
        except BaseException:  # or cancelled in the middle: the next one must not read this one's answer
            await self.end()
            raise

    async def end(self, *, kill: bool = True) -> None:
        """End the process, if there is one; one that has ended by itself is not killed, only seen off."""
        process, self._process = self._process, None
        if process is not None:
            if kill and process.returncode is None:
                process.kill()
            await process.wait()

    async def _said(self, line: bytes) -> dict[str, Any]:
        process = self._process
        if process is None or process.returncode is not None:
            process = self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",
                "-m",
                "infra.sandbox.worker",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                limit=1_000_000,
                cwd=ROOT,
                # none of our secrets: all it is told is where the code is
                env={"PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])},
            )
        assert process.stdin and process.stdout  # noqa: S101 PT018 - both are pipes
        process.stdin.write(line)
        await process.stdin.drain()
        answer = await process.stdout.readline()
        if not answer:
            raise ConnectionError("the child has ended")
        said: dict[str, Any] = json.loads(answer)
        return said


def _fingerprint(question: Mapping[str, Any]) -> str:
    """What names a rule (or a schema) whatever event it is asked about."""
    rule = {name: part for name, part in question.items() if name not in {"event", "data"}}
    return hashlib.sha256(json.dumps(rule, sort_keys=True).encode()).hexdigest()


def fault(place: str, code: str, detail: str) -> Invalid:
    """The problem to raise; its field is the place where one is known."""
    zh, en = (text.replace("{}", detail) for text in FAULTS[code])
    place_zh, place_en = RULE_PLACES[place]
    field = None if place in {"rule", "event"} else f"/{place}"
    return Invalid(f"{place}.{code}", zh=f"{place_zh}{zh}。", en=f"{place_en} {en}.", field=field)
