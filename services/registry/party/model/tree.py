"""Who stands under whom, without the rest: enough to tell for which organisations an office is held."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.registry.party.model.organisation import Placed, chain


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
        return chain(key, self.places)

    @property
    def tops(self) -> list[str]:
        """What stands under nothing: committees, by the rule of ``PARENTS``."""
        return [key for key, place in self.places.items() if place.parent is None]

    def desk(self, owner: str) -> frozenset[str]:
        """An owner of brands and the Party groups right under it: where its brands are written."""
        groups = (key for key, one in self.places.items() if one.parent == owner and one.kind == "party_group")
        return frozenset({owner, *groups})
