"""The Party tree as of a day: organisations stand under each other, begin and end, and are never deleted."""

from collections.abc import Mapping
from datetime import date
from typing import Protocol, TypeVar

from infra.kernel.dates import covers


class Placed(Protocol):
    """What knows under which organisation it stands."""

    @property
    def parent(self) -> str | None:
        """The id of the one above it."""


class Dated(Placed, Protocol):
    """What also knows its id and its days."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def valid_from(self) -> date | None:
        """Its first day."""

    @property
    def valid_to(self) -> date | None:
        """Its last day."""


D = TypeVar("D", bound=Dated)


def above(key: str, known: Mapping[str, Placed]) -> list[str]:
    """The organisation, the one above it, and so on to the top; one that is not ``known`` is the last of the list.

    A circle ends where it closes.
    """
    chain: list[str] = []
    step: str | None = key
    while step is not None and step not in chain:
        chain.append(step)
        step = known[step].parent if step in known else None
    return chain


def below(key: str, known: Mapping[str, D], day: date) -> list[D]:
    """The organisation and all below it that exist on ``day``, those under one that has ended included."""
    return [one for one in known.values() if exists_on(one, day) and key in above(one.id, known)]


def exists_on(one: Dated, day: date) -> bool:
    """Whether it has begun and not ended; its first and its last day belong to it."""
    return covers(one.valid_from, one.valid_to, day)
