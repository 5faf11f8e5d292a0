"""The port to an office system's to-do list: what it is told and asked, and the ways in which that can fail.

A to-do over there is a replica of ours. Every operation carries the whole state and a number that only grows for each
to-do, so that repeating it is harmless and what is older loses.
"""

import asyncio
import math
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

from pydantic import Field

from infra.kernel.values import Closed

SHARE = 0.8
Operation = Literal["upsert", "complete", "withdraw"]


class Link(Closed):
    """How the address of a to-do is made from ours; ``{link}`` is the path that people see here."""

    pc: str = "{public}{link}"
    app: str = "{public}{link}"


class Common(Closed):
    """What every channel has. ``receiver`` makes the vendor's user from an employee number; ``people`` overrides it.

    ``per_second`` and ``per_minute`` are what the vendor's documentation allows; calls are spread evenly, at four
    fifths of it. A secret's file is read for each call, so a new secret needs no restart.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_-]{0,30}$")
    base_url: str = Field(pattern=r"^https?://")
    secret_file: Path | None = None
    receiver: str = "{person}"
    people: dict[str, str] = {}  # noqa: RUF012 - pydantic copies it
    per_second: float = Field(default=10, gt=0, le=1000)
    per_minute: float | None = Field(default=None, gt=0)
    timeout: float = Field(default=10, gt=0, le=120)
    breaker_failures: int = Field(default=5, ge=1)
    breaker_seconds: float = Field(default=30, gt=0)
    callback_secret_file: Path | None = None
    link: Link = Link()

    @property
    def rate(self) -> float:
        """Calls in a second, evenly: below both limits, also when the way to the vendor bunches some of them."""
        return SHARE * min(self.per_second, (self.per_minute or math.inf) / 60)

    @property
    def secret(self) -> str:
        """The content of the secret's file."""
        return _read(self.secret_file)

    @property
    def callback_secret(self) -> str:
        """With what the vendor signs its callbacks; "" = it sends none."""
        return _read(self.callback_secret_file)

    def user(self, person: str) -> str:
        """The vendor's user for an employee number."""
        return self.people.get(person) or self.receiver.replace("{person}", person)


def _read(path: Path | None) -> str:
    return path.read_text(encoding="utf-8").strip() if path else ""


@dataclass(frozen=True)
class Item:
    """One to-do as it shall stand over there. ``seq``: milliseconds, growing for each to-do; links are absolute."""

    todo: str
    receiver: str
    seq: int
    since: datetime
    due: datetime | None = None
    title: str = ""
    title_en: str = ""
    name: str = ""
    step: str = ""
    pc_link: str = ""
    app_link: str = ""


class Entry(NamedTuple):
    """An open to-do as the office system lists it."""

    todo: str
    receiver: str


class Unavailable(Exception):  # noqa: N818 - read as a sentence
    """It cannot be done now; trying again may help. ``after``: seconds the vendor asks to wait; ``ours``: our haste."""

    def __init__(self, why: str, *, after: float | None = None, ours: bool = False) -> None:
        super().__init__(why)
        self.after, self.ours = after, ours


class Postponed(Unavailable):
    """Nothing was sent: the vendor asked for a rest that is not over."""


class Rejected(Exception):  # noqa: N818 - read as a sentence
    """The vendor refuses this to-do for good (an unknown receiver, say); a person must mend something first."""


@dataclass
class Pace:
    """Spreads calls evenly: between two of them there is always ``1 / per_second``, never a burst after a pause.

    Nobody waits longer than ``patience`` seconds for a place; ``turn`` raises ``Postponed`` instead.
    """

    per_second: float
    patience: float = 5.0
    _next: float = 0.0
    _queue: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def wait(self) -> None:
        """Wait for this call's place. It counts from when the call before it really went."""
        async with self._queue:
            while (rest := self._next - time.monotonic()) > 0:
                if rest > self.patience:
                    raise Postponed(f"the vendor asked for {rest:.0f} s more of rest", after=rest, ours=True)
                await asyncio.sleep(rest)
            self._next = time.monotonic() + 1 / self.per_second

    @property
    def resting(self) -> bool:
        """Whether the vendor asked for a rest that is not over."""
        return self._next - time.monotonic() > max(self.patience, 1 / self.per_second)

    def slow_down(self, seconds: float) -> None:
        """The vendor asked for a rest: nobody calls before it is over."""
        self._next = max(self._next, time.monotonic() + seconds)


class Channel(Protocol):
    """One way out. Each operation raises ``Unavailable`` or ``Rejected`` and returns the vendor's own words."""

    pace: Pace

    @property
    def settings(self) -> Common:
        """What is configured of it."""

    async def send(self, item: Item, operation: Operation) -> str:
        """Make the to-do stand in the receiver's list, move it to what they have done, or take it away."""

    async def reassign(self, item: Item, receiver: str) -> str:
        """Take it from one receiver and give it to another; ``item`` is the earlier one's. It may use ``seq + 1``."""

    async def list_open(self) -> list[Entry]:
        """Every open to-do of ours over there."""


UNFORESEEN = (LookupError, TypeError, ValueError, AttributeError)
"""What reading an answer of another shape than the documented one raises."""
