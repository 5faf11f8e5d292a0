"""The port to an office system's to-do list: what it is told and asked, and the ways in which that can fail.

A to-do over there is a replica of ours. Every operation carries the whole state and a number that only grows for each
to-do, so that repeating it is harmless and what is older loses.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Item:
    """One to-do as it shall stand over there. ``seq``: milliseconds, growing for each to-do; links are absolute."""

    todo: str
    receiver: str
    seq: int
    title: str
    title_en: str
    name: str
    step: str
    since: datetime
    due: datetime | None
    pc_link: str
    app_link: str


@dataclass(frozen=True)
class Entry:
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


class Paced(Protocol):
    """The pace at which a vendor is called."""

    patience: float

    @property
    def resting(self) -> bool:
        """Whether the vendor asked for a rest that is not over."""


class Channel(Protocol):
    """One office system. Each operation raises ``Unavailable`` or ``Rejected`` and returns the vendor's own words."""

    @property
    def pace(self) -> Paced:
        """At which every call goes."""

    async def upsert(self, item: Item) -> str:
        """Make the to-do stand in the receiver's list."""

    async def complete(self, item: Item) -> str:
        """Move it to what the receiver has done."""

    async def withdraw(self, item: Item) -> str:
        """Take it away: it was never theirs to do, or is no longer."""

    async def reassign(self, item: Item, receiver: str) -> str:
        """Take it from one receiver and give it to another; ``item`` is the earlier one's. It may use ``seq + 1``."""

    async def list_open(self, receiver: str | None = None) -> list[Entry]:
        """Every open to-do of ours over there."""

    async def close(self) -> None:
        """Close connections."""


UNFORESEEN = (LookupError, TypeError, ValueError, AttributeError)
"""What reading an answer of another shape than the documented one raises."""
