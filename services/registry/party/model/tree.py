"""Who stands under whom, without the rest: enough to tell for which organisations an office is held."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from infra.kernel.dated_tree import above


class Placed(Protocol):
    """Where in the tree an organisation stands."""

    @property
    def kind(self) -> str:
        """What kind it is."""

    @property
    def parent(self) -> str | None:
        """What it stands under."""


@dataclass(frozen=True)
class Place:
    """Where an organisation stands."""

    kind: str
    parent: str | None


@dataclass(frozen=True)
class Tree:
    """The Party tree by id."""

    places: Mapping[str, Placed] = field(default_factory=dict)

    def above(self, key: str) -> list[str]:
        """The organisation and everything above it; empty for one that does not exist."""
        return [one for one in above(key, self.places) if one in self.places]

    @property
    def tops(self) -> list[str]:
        """What stands under nothing: committees, by the rule of ``PARENTS``."""
        return [key for key, place in self.places.items() if place.parent is None]

    def writing(self, owner: str) -> frozenset[str]:
        """An owner of brands and the Party groups right under it: where its brands are written."""
        groups = (key for key, one in self.places.items() if one.parent == owner and one.kind == "party_group")
        return frozenset({owner, *groups})
