"""What all simulated office systems share: lists by receiver, a page to look at, control over the weather."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel
from starlette.middleware.base import RequestResponseEndpoint

from tests.support.vendors import page
from tests.support.vendors.weather import Limit, Sky, Weather

LATE_SECONDS = 0.3


@dataclass
class Entry:
    """One to-do in one person's list as the vendor keeps it; ``stamp`` guards against stale writes."""

    todo: str
    receiver: str
    title: str
    link: str
    state: str
    stamp: int


@dataclass
class Published:
    """One effect that was asked for, and whether it was newer than what was there."""

    todo: str
    receiver: str
    state: str
    stamp: int
    applied: bool


class Expired(BaseModel):
    """What holds after the old token or secret was withdrawn."""

    secret: str = ""


class Vendor:
    """One simulated office system; subclasses add the vendor's own addresses."""

    title = "办公系统"
    each_address = False
    limits: tuple[Limit, ...] = (Limit(10, 1),)

    def __init__(self, limits: tuple[Limit, ...] | None = None) -> None:
        self.entries: dict[tuple[str, str], Entry] = {}
        self.appeared: set[str] = set()
        self.published: list[Published] = []
        self.sky = Sky(limits or self.limits, self.each_address)
        self._later: set[asyncio.Task[None]] = set()
        self.app = FastAPI()
        self._control()
        self.routes()
        self.port = 0

    def routes(self) -> None:
        """The vendor's own addresses."""
        raise NotImplementedError

    def too_fast(self) -> Response:
        """How this vendor refuses what is above its limit."""
        return JSONResponse({"message": "too many requests"}, 429, {"retry-after": "1"})

    def expire(self, secret: str) -> None:
        """The token or secret that held until now is not valid any more; ``secret`` is the new one."""
        raise NotImplementedError

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def open(self) -> list[tuple[str, str]]:
        """The open to-dos: (id, receiver), as many times as they are shown."""
        return sorted((one.todo, one.receiver) for one in self.entries.values() if one.state == "open")

    @property
    def on_the_way(self) -> int:
        """How many effects come late, or once more."""
        return len(self._later)

    def put(self, entry: Entry, key: tuple[str, str] | None = None, *, guarded: bool = True) -> None:
        """Take a state over. ``guarded``: unless a newer one is there, then it is ignored without a word."""
        place = key or (entry.todo, entry.receiver)

        def effect() -> None:
            known = self.entries.get(place)
            applied = not guarded or known is None or known.stamp < entry.stamp
            self.published.append(Published(entry.todo, entry.receiver, entry.state, entry.stamp, applied))
            if applied:
                self.entries[place] = entry
                if entry.state == "open":
                    self.appeared.add(entry.todo)

        self.effect(effect)

    def effect(self, work: Callable[[], None]) -> None:
        """Do it now, later, or now and later once more, as the weather says."""
        chance, weather = self.sky.chance, self.sky.weather
        late, twice = chance.random() < weather.late, chance.random() < weather.twice
        if not late:
            work()
        if late or twice:
            task = asyncio.create_task(_after(LATE_SECONDS * (1 + 3 * chance.random()), work))
            self._later.add(task)
            task.add_done_callback(self._later.discard)

    def report(self) -> dict[str, Any]:
        """Everything that is there, and what the way there was like."""
        return {
            "open": self.open,
            "entries": [vars(entry) for entry in self.entries.values()],
            "appeared": sorted(self.appeared),
            "published": [vars(one) for one in self.published],
            "on_the_way": self.on_the_way,
            "calls": self.sky.total,
            "busiest": self.sky.busiest(),
            "refused_as_too_fast": self.sky.refused,
            "answered": self.sky.answered,
        }

    def _control(self) -> None:
        @self.app.middleware("http")
        async def weather(request: Request, proceed: RequestResponseEndpoint) -> Response:
            if request.url.path == "/" or request.url.path.startswith("/_sim/"):
                return await proceed(request)
            return await self.sky.over(request, proceed, self.too_fast)

        @self.app.get("/_sim/state")
        async def state() -> dict[str, Any]:
            return self.report()

        @self.app.put("/_sim/weather")
        async def change(wanted: Weather) -> dict[str, Any]:
            self.sky.set(wanted)
            return {"weather": wanted.model_dump(exclude_defaults=True)}

        @self.app.put("/_sim/expired")
        async def expired(after: Expired) -> dict[str, Any]:
            self.expire(after.secret)
            return {"expired": True}

        @self.app.put("/_sim/entries")
        async def by_hand(entry: Entry) -> dict[str, Any]:
            """Somebody over there changes the list by hand; state ``gone`` = deleted without a trace."""
            self.by_hand(entry)
            return {"changed": True}

        @self.app.get("/", response_class=HTMLResponse)
        async def look() -> str:
            return page.render(self.title, self.entries.values())

    def by_hand(self, entry: Entry) -> None:
        """Change the list as somebody over there would; nobody here is told."""
        self.entries.pop((entry.todo, entry.receiver), None)
        if entry.state != "gone":
            self.entries[entry.todo, entry.receiver] = entry

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


async def _after(seconds: float, work: Callable[[], None]) -> None:
    await asyncio.sleep(seconds)
    work()
