"""Bad days on order: what goes wrong with the next calls to a simulated vendor; and a log of when which call came."""

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.middleware.base import RequestResponseEndpoint

HANG = 30.0


class Weather(BaseModel):
    """Shares (0 to 1) of calls that suffer, or switches; ``seed`` makes it the same every time.

    ``lost_before``/``lost_after``: the answer never comes, without or with an effect; ``twice``: it takes effect now
    and once more later; ``late``: it takes effect after later ones; ``error``: 500; ``delay``: seconds, at most;
    ``busy``: refused as too fast though it was not (others share the limit); ``down``: 503 for everything.
    """

    lost_before: float = 0
    lost_after: float = 0
    twice: float = 0
    late: float = 0
    error: float = 0
    delay: float = 0
    busy: float = 0
    down: bool = False
    seed: int = 7


@dataclass(frozen=True)
class Limit:
    """At most ``calls`` in any ``seconds``."""

    calls: int
    seconds: float


@dataclass
class Sky:
    """Applies the weather and the documented limits to calls. ``each``: the limits hold for each address."""

    limits: tuple[Limit, ...]
    each: bool = False
    weather: Weather = field(default_factory=Weather)
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    calls: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    refused: int = 0
    answered: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def set(self, weather: Weather) -> None:
        """Change the weather from the next call on."""
        self.weather, self.chance = weather, random.Random(weather.seed)

    def arrived(self, path: str) -> bool:
        """Note a call; whether it is above a documented limit (sliding windows)."""
        now = time.monotonic()
        times = self.calls[path if self.each else "*"]
        times.append(now)
        above = any(len(times) > limit.calls and now - times[-limit.calls - 1] < limit.seconds for limit in self.limits)
        self.refused += above
        return above

    @property
    def total(self) -> int:
        """How many calls came."""
        return sum(map(len, self.calls.values()))

    def busiest(self) -> list[dict[str, float]]:
        """For each limit the most calls that came within its window, refused ones included."""
        return [
            {
                "limit": one.calls,
                "seconds": one.seconds,
                "most": max(map(_most(one.seconds), self.calls.values()), default=0),
            }
            for one in self.limits
        ]

    async def over(
        self, request: Request, proceed: RequestResponseEndpoint, too_fast: Callable[[], Response]
    ) -> Response:
        """One call under this weather; ``too_fast`` is how this vendor refuses what is above its limit."""
        answer = await self._over(request, proceed, too_fast)
        self.answered[str(answer.status_code)] += 1
        return answer

    async def _over(
        self, request: Request, proceed: RequestResponseEndpoint, too_fast: Callable[[], Response]
    ) -> Response:
        weather, chance = self.weather, self.chance
        above = self.arrived(request.url.path)
        if weather.down:
            return JSONResponse({"message": "maintenance"}, 503)
        if above or chance.random() < weather.busy:
            return too_fast()
        if weather.delay:
            await asyncio.sleep(chance.random() * weather.delay)
        if chance.random() < weather.error:
            return JSONResponse({"message": "internal"}, 500)
        if chance.random() < weather.lost_before:
            await asyncio.sleep(HANG)
            return JSONResponse({"message": "lost"}, 504)
        answer = await proceed(request)
        if chance.random() < weather.lost_after:
            await asyncio.sleep(HANG)
        return answer


def _most(seconds: float) -> Callable[[list[float]], int]:
    def most(times: list[float]) -> int:
        best = first = 0
        for last, moment in enumerate(times):
            while moment - times[first] >= seconds:
                first += 1
            best = max(best, last - first + 1)
        return best

    return most
