"""A to-do is replicated state: review owns it, notify keeps the newest that it consumed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, Protocol, TypeVar

from infra.kernel.values import Value
from services.notify.events.consumed import TasksChanged

State = Literal["open", "done", "withdrawn"]


class Todo(Value):
    """One thing one person has to do; the id ``review:step:round:person`` also names it in other systems."""

    id: str
    person: str
    state: State
    review: str
    brand: str
    owner: str
    name: str | None
    step: str
    round: int
    title: str
    title_en: str
    since: datetime
    due: datetime | None

    @property
    def link(self) -> str:
        """Where it is done."""
        return f"/reviews/{self.review}"


def todos(fact: TasksChanged) -> list[Todo]:
    """The to-dos that a fact is about, each in its whole state."""
    shared = fact.model_dump(exclude={"tasks"})
    return [Todo(id=task.task, **shared, **task.model_dump(exclude={"task"})) for task in fact.tasks]


class Versioned(Protocol):
    """Something published again with a growing version."""

    @property
    def id(self) -> str:
        """What it is."""

    @property
    def version(self) -> int:
        """How new it is."""


V = TypeVar("V", bound=Versioned)


def newest(rows: Iterable[V]) -> list[V]:
    """For each id the newest row: the order of a batch and its repetitions are of no meaning."""
    found: dict[str, V] = {}
    for row in rows:
        if row.id not in found or found[row.id].version < row.version:
            found[row.id] = row
    return list(found.values())
