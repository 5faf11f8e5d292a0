"""Which fact is handled by which function: ``@on`` decides, one fact at a time; ``@project`` mirrors, in batches.

Handlers name a decision and nothing else; what happens when one fails is the business of ``consumer``.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

from infra.kernel.events import Event, Fact
from infra.storage.collections import Projection

T = TypeVar("T")
F = TypeVar("F", bound=Fact)
Decide: TypeAlias = "Callable[[Event[F]], Awaitable[None]]"
Mirror: TypeAlias = "Callable[[Sequence[Event[F]]], Awaitable[None]]"


@dataclass(frozen=True)
class Delivery:
    """A message of another department, not read yet.

    The broker let only those publish under ``routing_key`` whose business it is; everything else is the sender's word.
    """

    body: bytes
    headers: Mapping[str, Any]
    content_type: str | None
    routing_key: str
    message_id: str | None
    at: datetime


Listen: TypeAlias = Callable[[Delivery], Awaitable[None]]


class Handlers:
    """The facts that one service consumes, each with its reader's own narrow class and its function."""

    def __init__(self) -> None:
        self.decisions: dict[str, tuple[type[Fact], Callable[[Event[Any]], Awaitable[None]]]] = {}
        self.mirrors: dict[str, tuple[type[Fact], Callable[[Sequence[Event[Any]]], Awaitable[None]]]] = {}
        self.departments: tuple[str, ...] = ()
        self.listen: Listen | None = None

    def on(self, fact: type[F]) -> "Callable[[Decide[F]], Decide[F]]":
        """Register a function that decides on each fact of this type; facts of one subject come in order."""
        return self._registering(self.decisions, fact)

    def project(self, fact: type[F]) -> "Callable[[Mirror[F]], Mirror[F]]":
        """Register a function that mirrors a batch of facts of this type, in any order."""
        return self._registering(self.mirrors, fact)

    def mirror(self, fact: type[F], projection: Projection[Any], then: "Mirror[F] | None" = None) -> None:
        """Mirror a fact as it is: the row has the fields that its class names, under the id of the fact's subject.

        ``then``: what follows from the rows once they are saved.
        """

        async def save(events: Sequence[Event[Any]]) -> None:
            rows = [{**one.data.model_dump(), "id": one.data.subject, "version": one.sequence} for one in events]
            await projection.save([projection.model.model_validate(row) for row in rows])
            if then is not None:
                await then(events)

        self.project(fact)(save)

    def from_departments(self, *patterns: str) -> Callable[[Listen], Listen]:
        """Register the function that takes what other departments publish under these routing keys, one at a time.

        It keeps what cannot be read itself: only a failure, which trying again may heal, should raise.
        """

        def register(function: Listen) -> Listen:
            self.departments, self.listen = patterns, function
            return function

        return register

    @property
    def consumed(self) -> list[type[Fact]]:
        """Every fact class this service reads."""
        return [fact for fact, _ in (*self.decisions.values(), *self.mirrors.values())]

    @staticmethod
    def _registering(table: dict[str, Any], fact: type[Fact]) -> Callable[[T], T]:
        def register(function: T) -> T:
            if fact.type in table:
                raise ValueError(f"{fact.type} has a handler already")
            table[fact.type] = (fact, function)
            return function

        return register
