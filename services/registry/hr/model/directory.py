"""One resource of the SCIM directory, and what is still to be handed to HR's intake about it. Pure, no I/O.

The protocol's write and the mark ``waiting`` are one write; a job takes what waits, as often as it must. So no change
is lost between the directory and HR, and only the state counts, not the steps that led to it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import JsonValue

from infra.kernel.errors import NotFound, Stale
from infra.kernel.events import Aggregate, Decision
from infra.kernel.values import Value

Kind = Literal["User", "Group"]


class Shape(Value):
    """What a resource says, and what of it is looked for.

    ``unique`` and ``keys`` are ``<attribute's URN>=<value as it is compared>``; ``members`` are ids of members of a
    group; ``names`` is how a user's department may call this group, ``refers`` how this user calls the department;
    ``number`` is the employee number, or the department's id in HR's records.
    """

    content: dict[str, JsonValue]
    unique: tuple[str, ...] | None = None
    keys: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    refers: str | None = None
    number: str | None = None


class Taken(Value):
    """What HR's intake was given last: the record, and for which members and names."""

    record: dict[str, JsonValue] | None = None
    members: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


class Entry(Aggregate):
    """One resource. A deleted one stays, without its content, so that its end reaches HR and its id is not reused."""

    kind: Kind
    shape: Shape
    client: str
    created_at: datetime
    changed_at: datetime
    revision: int = 1
    seq: int = 0
    deleted: bool = False
    waiting: bool | None = True
    taken: Taken = Taken()
    quarantined: tuple[str, str] | None = None
    """Why HR's intake cannot use it, in Chinese and in English."""

    held_by: str | None = None
    """The source, where it is one leaver too many and nothing else is wrong with it."""

    unique: tuple[str, ...] | None = None
    """The values no other resource may have; what ``shape`` says, where the unique index finds it."""

    @property
    def etag(self) -> str:
        """The version that clients see; it counts their changes, not ours."""
        return f'W/"{self.revision}"'


@dataclass(frozen=True)
class Wish:
    """Who wants a resource of this kind changed, when, and which version they saw (None = whatever it is)."""

    kind: Kind
    client: str
    at: datetime
    expected: str | None


def replaced(entry: Entry, shape: Shape, wish: Wish) -> Decision[Entry]:
    """The whole new state of a resource; raises ``NotFound`` and ``Stale``."""
    _require(entry, wish)
    if shape == entry.shape:
        return entry, []
    changes = {"shape": shape, "unique": shape.unique, "client": wish.client}
    return _changed(entry, wish.at, revision=entry.revision + 1, **changes), []


def deleted(entry: Entry, wish: Wish) -> Decision[Entry]:
    """The end of a resource; what identifies it to HR stays until HR has it."""
    _require(entry, wish)
    left = Shape(content={}, number=entry.shape.number)
    changes = {"shape": left, "unique": None, "client": wish.client, "deleted": True}
    return _changed(entry, wish.at, revision=entry.revision + 1, **changes), []


def touched(entry: Entry, at: datetime) -> Decision[Entry]:
    """Something that its record depends on has changed: look again."""
    return (entry if entry.deleted else _changed(entry, at)), []


def freed(entry: Entry) -> Decision[Entry]:
    """Whoever held it has let it go; the day on which it was said stays."""
    return entry.becomes(seq=entry.seq + 1, waiting=True, quarantined=None, held_by=None), []


def refused(entry: Entry) -> Decision[Entry]:
    """The directory was wrong, so HR goes on without it until the directory says something else."""
    return entry.becomes(held_by=None), []


def took(
    entry: Entry, seq: int, taken: Taken, quarantined: tuple[str, str] | None, held_by: str | None = None
) -> Decision[Entry]:
    """HR's intake has the state of ``seq``, or knows why not; a newer one goes on waiting."""
    after = entry.becomes(taken=taken, quarantined=quarantined, held_by=held_by)
    return (after.becomes(waiting=None) if entry.seq == seq else after), []


def milliseconds(at: datetime) -> int:
    """A moment as HR's records count it."""
    return int(at.timestamp() * 1000)


def _changed(entry: Entry, at: datetime, **more: object) -> Entry:
    """Every change has a later number than the one before, even within a millisecond or with a clock set back."""
    return entry.becomes(changed_at=at, seq=max(milliseconds(at), entry.seq + 1), waiting=True, **more)


def _require(entry: Entry, wish: Wish) -> None:
    if entry.deleted or entry.kind != wish.kind:
        raise NotFound("directory.not_found", zh=f"没有“{entry.id}”。", en=f"There is no “{entry.id}”.")
    if wish.expected is not None and wish.expected != entry.etag:
        raise Stale("directory.stale", zh="内容已被他人更新。", en="It was changed meanwhile.")
