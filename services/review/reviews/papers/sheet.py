"""A paper before it is a Word file: titles, paragraphs and tables of plain text, and what every paper says alike.

Official papers are in Chinese alone, as they are signed and filed. What nobody recorded is printed as 未记录.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from services.review.reviews.model.explain.figures import UNRECORDED

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
