"""What the people and organisations of a review are called on paper."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from services.review.reviews.model.explain.figures import UNRECORDED
from services.review.reviews.model.review import Review
from services.review.reviews.model.steps import BY_NAME

NOBODY = "无"


@dataclass(frozen=True)
class Names:
    """What people and organisations are called, by their number or id, as far as it is known here.

    A name is never an identity: two people of one name are told apart by their numbers.
    """

    people: Mapping[str, str]
    organisations: Mapping[str, str]

    def person(self, key: str) -> str:
        """A name; with the number when another person has the same; the number alone when there is no name."""
        name = self.people.get(key)
        if name is None:
            return key
        return f"{name}（{key}）" if Counter(self.people.values())[name] > 1 else name

    def persons(self, keys: Iterable[str] | None) -> str:
        """How many, and who; None = not recorded."""
        if keys is None:
            return UNRECORDED
        names = [self.person(key) for key in keys]
        return f"{len(names)} 人：{'、'.join(names)}" if names else NOBODY

    def organisation(self, key: str) -> str:
        """The name, or the id when there is none."""
        return self.organisations.get(key, key)


def named(review: Review) -> set[str]:
    """Everybody whom a paper of this review may name."""
    return {person for person in _people(review) if person is not None}


def _people(review: Review) -> Iterator[str | None]:
    for run in review.runs:
        yield from (run.closed_by, run.closed_for)
        yield from BY_NAME[run.kind].named(run)
