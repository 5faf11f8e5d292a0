"""A paper before it is a Word file: titles, paragraphs and tables of plain text, and what every paper says alike.

Official papers are in Chinese alone, as they are signed and filed. What nobody recorded is printed as 未记录.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from services.review.reviews.model.explain.page import UNRECORDED
from services.review.reviews.model.review import Review
from services.review.reviews.model.steps import BY_NAME

MIME: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SIGNED = "（签字）　　　　　　　　"
TO_BE_DATED = "　　年　　月　　日"


@dataclass(frozen=True)
class Heading:
    """The title of a part of a paper."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """One paragraph; ``right`` = set to the right, as signatures and dates are."""

    text: str
    right: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of a label and what belongs to it."""

    rows: tuple[tuple[str, str], ...]


Part: TypeAlias = Heading | Paragraph | Table


@dataclass(frozen=True)
class Sheet:
    """A whole paper; ``as_of`` = the moment of the last command that it tells of."""

    title: str
    parts: tuple[Part, ...]
    as_of: datetime


def recorded(value: str | None) -> str:
    """What was recorded, or that nothing was."""
    return UNRECORDED if value is None else value


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


def about(review: Review, names: Names) -> tuple[tuple[str, str], ...]:
    """What a paper says first: which review it is of, and whose."""
    owner = names.organisation(review.owner)
    return ("品牌名称", recorded(review.name)), ("申报党组织", owner), ("审核编号", review.id)
