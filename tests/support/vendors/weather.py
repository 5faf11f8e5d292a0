"""Bad days on order: what goes wrong with the next calls to a simulated vendor."""

import asyncio
import random
import time
from collections import deque
from dataclasses import dataclass, field

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.middleware.base import RequestResponseEndpoint

HANG = 30.0


class Weather(BaseModel):
    """Shares (0 to 1) of calls that suffer, or switches; ``seed`` makes it the same every time.

    ``lost_before``/``lost_after``: the answer never comes, without or with an effect; ``twice``: it arrives twice;
    ``late``: it takes effect after later ones; ``error``: 500; ``down``: 503 for everything.
    """

    lost_before: float = 0
    lost_after: float = 0
    twice: float = 0
    late: float = 0
    error: float = 0
    delay: float = 0
    down: bool = False
    seed: int = 7


@dataclass
class Sky:
    """Applies the weather to calls, and keeps a log of when which call came."""

    per_second: float
    weather: Weather = field(default_factory=Weather)
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    calls: list[tuple[float, str]] = field(default_factory=list)
    refused: int = 0
    _recent: deque[float] = field(default_factory=deque)

    def set(self, weather: Weather) -> None:
        """Change the weather from the next call on."""
        self.weather, self.chance = weather, random.Random(weather.seed)

    def too_fast(self) -> bool:
        """Whether this call is above the documented limit (a sliding second)."""
        now = time.monotonic()
        while self._recent and now - self._recent[0] >= 1:
            self._recent.popleft()
        if len(self._recent) >= self.per_second:
            self.refused += 1
            return True
        self._recent.append(now)
        return False

    @property
    def busiest(self) -> int:
        """The most calls within any second, as the log has them."""
        times = [moment for moment, _ in self.calls]
        return max((sum(1 for other in times if moment <= other < moment + 1) for moment in times), default=0)

    async def over(self, request: Request, proceed: RequestResponseEndpoint) -> Response:
        """One call under this weather."""
        weather, chance = self.weather, self.chance
        self.calls.append((time.monotonic(), f"{request.method} {request.url.path}"))
        if weather.down:
            return JSONResponse({"message": "maintenance"}, 503)
        if weather.delay:
            await asyncio.sleep(weather.delay)
        if chance.random() < weather.error:
            return JSONResponse({"message": "internal"}, 500)
        if chance.random() < weather.lost_before:
            await asyncio.sleep(HANG)
        answer = await proceed(request)
        if chance.random() < weather.lost_after:
            await asyncio.sleep(HANG)
        return answer
