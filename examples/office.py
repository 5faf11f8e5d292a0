"""The office system of the demo: a simulated 泛微 as a process, fed by notify, and watched while the journey runs.

A person who configured office systems of their own (``BRANDMATRIX_NOTIFY_OA_FILE``) is left alone.
"""

import asyncio
import contextlib
import importlib.util
import os
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import yaml
from rich.console import Console

from infra.kernel.settings import PREFIX
from infra.local.management import trusted
from infra.local.processes import Daemon, NotRunning, ports, write_private

ROOT = Path(__file__).parent.parent
NAME, PORT, PER_SECOND = "office", 8710, 30
SIMULATOR = "tests.support.vendors"
FILE = "office/oa.yaml"
LOOK_SECONDS = 0.2
AT_LEAST_UNTIL = 20.0
Json = Any


class Office:
    """A simulated office system under the home of this installation."""

    def __init__(self, home: Path) -> None:
        self._process = Daemon(home, NAME)
        self._port = ports(home, NAME, wished={NAME: PORT})[NAME]
        self._file = home / FILE
        self.url = f"http://127.0.0.1:{self._port}"

    @classmethod
    def wanted(cls, environ: Mapping[str, str]) -> bool:
        """Whether the demo brings one: nobody configured their own, and the simulators lie beside the library."""
        own = [f"{PREFIX}{part}OA_FILE{end}" for part in ("", "NOTIFY_") for end in ("", "_FILE")]
        return not any(environ.get(name) for name in own) and importlib.util.find_spec("tests") is not None

    def start(self) -> dict[str, str]:
        """Start it; returns the settings that notify needs. What somebody changed in the file stays."""
        self._process.stop()
        command = [sys.executable, "-m", SIMULATOR, "weaver", "--port", str(self._port)]
        command += ["--per-second", str(PER_SECOND)]
        self._process.start(command, os.environ, ROOT)
        secret = self._file.with_name("callback.secret")
        if not secret.exists():
            write_private(secret, f"whsec_{os.urandom(24).hex()}")
        if not self._file.exists() or self._mine():
            content = {
                "channels": [
                    {
                        "name": "weaver",
                        "kind": "weaver_ofs",
                        "base_url": self.url,
                        "syscode": "brandmatrix",
                        "per_second": PER_SECOND,
                        "callback_secret_file": str(secret),
                    }
                ]
            }
            write_private(self._file, yaml.safe_dump(content, allow_unicode=True))
        return {"NOTIFY_OA_FILE": str(self._file)}

    def _mine(self) -> bool:
        """Whether the file is as it was written here: one channel, the demo's."""
        try:
            channels = yaml.safe_load(self._file.read_text(encoding="utf-8"))["channels"]
        except (OSError, yaml.YAMLError, KeyError, TypeError):
            return False
        return [one.get("name") for one in channels] == ["weaver"]

    def ready(self) -> None:
        """Wait until it answers; raises ``NotRunning``."""
        self._process.until(lambda: self._look() is not None, 60)

    def _look(self) -> Json | None:
        with contextlib.suppress(httpx.HTTPError, ValueError):
            return httpx.get(f"{self.url}/_sim/state", timeout=5, trust_env=False, verify=trusted()).json()
        return None

    @asynccontextmanager
    async def watched(self, console: Console) -> AsyncIterator[None]:
        """Say when a to-do appears over there and when it disappears, as the office system itself has it."""
        before = await asyncio.to_thread(self._look) or {"appeared": []}
        watching = asyncio.create_task(self._watch(console, set(before["appeared"])))
        try:
            yield
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(watching), AT_LEAST_UNTIL if self._seen else LOOK_SECONDS)
        finally:
            watching.cancel()
        await self._sum(console)

    _seen: tuple[str, str] | None = None

    async def _watch(self, console: Console, known: set[str]) -> None:
        began = time.monotonic()
        while True:
            state = await asyncio.to_thread(self._look)
            waiting = [tuple(one) for one in state["open"]] if state else []
            if self._seen is None:
                fresh = [one for one in waiting if one[0] not in known]
                if fresh:
                    self._seen = fresh[0]
                    said = f"待办出现在办公系统 a to-do appears in the simulated OA: {self._seen[1]} · {self._seen[0]}"
                    console.print(
                        f"[cyan]▸[/cyan] {said} ({time.monotonic() - began:.1f} s)", highlight=False, soft_wrap=True
                    )
            elif state and self._seen not in waiting:
                said = f"办毕，该待办已从办公系统消失 done here, gone there: {self._seen[1]} · {self._seen[0]}"
                console.print(
                    f"[cyan]◂[/cyan] {said} ({time.monotonic() - began:.1f} s)", highlight=False, soft_wrap=True
                )
                return
            await asyncio.sleep(LOOK_SECONDS)

    async def _sum(self, console: Console) -> None:
        state = await asyncio.to_thread(self._look)
        if state is None:
            raise NotRunning(f"the simulated office system does not answer; its log: {self._process.log}")
        shown = len(state["appeared"])
        console.print(f"办公系统 simulated OA: 待办 open {len(state['open'])} · 曾出现 shown so far {shown}")

    def where(self, console: Console) -> None:
        """Where to look at it."""
        console.print("\n[bold]模拟办公系统 · the simulated office system[/bold]")
        console.print(f"  {self.url}  待办随办理出现与消失 to-dos come and go\n  {self._file}", soft_wrap=True)
