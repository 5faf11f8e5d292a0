"""What all simulated office systems share: lists by receiver, a page to look at, control over the weather."""

import asyncio
import contextlib
import html
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from starlette.middleware.base import RequestResponseEndpoint

from tests.support.vendors.weather import Sky, Weather

LATE_SECONDS = 0.3


@dataclass
class Entry:
    """One to-do as the vendor keeps it; ``stamp`` guards against stale writes."""

    receiver: str
    title: str
    link: str
    state: str
    stamp: int


class Vendor:
    """One simulated office system; subclasses add the vendor's own addresses."""

    title = "办公系统"
    per_second = 10.0

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.appeared: set[str] = set()
        self.sky = Sky(self.per_second)
        self._later: set[asyncio.Task[None]] = set()
        self.app = FastAPI()
        self._control()
        self.routes()
        self.port = 0

    def routes(self) -> None:
        """The vendor's own addresses."""
        raise NotImplementedError

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def open(self) -> dict[str, str]:
        """The open to-dos: id → receiver."""
        return {key: entry.receiver for key, entry in self.entries.items() if entry.state == "open"}

    def put(self, key: str, entry: Entry) -> None:
        """Take a state over, unless a newer one is there: stale writes are ignored without a word, as documented."""

        def effect() -> None:
            known = self.entries.get(key)
            if known is None or known.stamp < entry.stamp:
                self.entries[key] = entry
                if entry.state == "open":
                    self.appeared.add(key)

        self.effect(effect)
        if self.sky.chance.random() < self.sky.weather.twice:
            self.effect(effect)

    def effect(self, work: Callable[[], None]) -> None:
        """Do it now, or after later calls when the weather says so."""
        if self.sky.chance.random() >= self.sky.weather.late:
            work()
            return

        async def later() -> None:
            await asyncio.sleep(LATE_SECONDS)
            work()

        task = asyncio.create_task(later())
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    def _control(self) -> None:
        @self.app.middleware("http")
        async def weather(request: Request, proceed: RequestResponseEndpoint) -> Response:
            if request.url.path == "/" or request.url.path.startswith("/_sim/"):
                return await proceed(request)
            return await self.sky.over(request, proceed)

        @self.app.get("/_sim/state")
        async def state() -> dict[str, Any]:
            return {"open": self.open, "appeared": len(self.appeared), "calls": len(self.sky.calls)}

        @self.app.put("/_sim/weather")
        async def change(wanted: Weather) -> None:
            self.sky.set(wanted)

        @self.app.get("/", response_class=HTMLResponse)
        async def page() -> str:
            rows = "".join(
                f"<tr><td>{html.escape(entry.receiver)}</td><td>{html.escape(entry.title)}</td>"
                f"<td>{'待办' if entry.state == 'open' else '已办' if entry.state == 'done' else '已撤回'}</td></tr>"
                for entry in self.entries.values()
            )
            head = f"<title>{self.title}</title><meta charset=utf-8><h1>{self.title}（模拟）</h1>"
            return f"{head}<p>待办 {len(self.open)}</p><table border=1>{rows}</table>"

    @contextlib.asynccontextmanager
    async def running(self, port: int = 0) -> AsyncIterator["Vendor"]:
        """Serve inside the block, on a free port unless one is given."""
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as place:
            place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            place.bind(("127.0.0.1", port))
            self.port = place.getsockname()[1]
            config = uvicorn.Config(self.app, log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
            server = uvicorn.Server(config)
            with contextlib.suppress(AttributeError):
                server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
            serving = asyncio.create_task(server.serve([place]))
            try:
                yield self
            finally:
                server.should_exit = server.force_exit = True
                await asyncio.wait([serving], timeout=5)
