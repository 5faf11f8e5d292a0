"""Who reads a review, and what of it is shown to them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Viewer:
    """Who reads, and whether they may see who is on the roster, that of the whole area, and who raised objections."""

    person: str
    names: bool
    area: bool = False
    objectors: bool = False

    def may_see(self, person: str) -> bool:
        """Whether this person's part in a vote is shown to the reader."""
        return self.names or person == self.person
