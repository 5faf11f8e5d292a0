"""A brand: its text, its versions, the states it went through, and everything that must change together with them."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, Self, TypeAlias

from pydantic import Field

from infra.kernel.aggregate import Aggregate
from infra.kernel.values import Value
from services.registry.brands.model.document import Document, Seal, digest
from services.registry.events.consumed import Resolution
from services.registry.events.published.brands import BrandRecorded
from services.registry.party.model.value import display, open_text

State: TypeAlias = Literal["draft", "in_review", "approved", "plaqued", "rejected", "revoked"]
Source: TypeAlias = Literal["saved", "suggestion", "returned", "final"]
TITLES: Mapping[State, str] = {
    "draft": "初稿",
    "in_review": "审核中",
    "approved": "已审定",
    "plaqued": "已授牌",
    "rejected": "未通过",
    "revoked": "已摘牌",
}
"""The states as people read them in Chinese; in English their names do."""
ORDER: Sequence[Source] = ("saved", "suggestion", "returned", "final")


@dataclass(frozen=True)
class Actor:
    """Who does it, and when."""

    person: str
    at: datetime


class Line(Value):
    """One line of a brand's history. Digests stay inside: whoever knows one could try out what is behind a mask."""

    revision: int = Field(description="修订号 / Revision")
    by: str = Field(description="工号 / Employee number")
    at: datetime
    source: Source = Field(description="保存、采纳建议、退回或定稿 / Saved, suggestion, returned or final")

    @classmethod
    def of(cls, entry: "Entry") -> "Line":
        """The open side of an entry."""
        return cls.model_validate(dict(entry))


class Entry(Line):
    """A line with its version: ``digest`` is the version's id and follows from the content (SHA-256)."""

    digest: str


class Move(Value):
    """A state that the brand came into. ``on`` is the day it counts from: of an approval, the day of the meeting."""

    state: State
    on: date
    at: datetime
    by: str
    note: str | None = None


class Plaque(Value):
    """A plaque handed over, with or without the flag (授牌、授旗)."""

    id: str
    number: str = Field(description="牌匾编号，全局唯一 / Number, unique")
    awarded_on: date = Field(description="授牌日期 / Day of the award")
    occasion: str = Field(description="授牌场合 / Occasion")
    flag: bool = Field(description="是否同时授旗 / With the flag")
    awarded_by: str
    returned_on: date | None = Field(default=None, description="收回日期 / Day on which it came back")
    received_by: str | None = Field(default=None, description="接收人 / Who received it back")
    return_entered_by: str | None = None


class Approved(Value):
    """The approved text: which revision was frozen, and the resolution it is tied to."""

    revision: int
    approved_on: date = Field(description="审定日期 / Day of the decision")
    resolution: Resolution | None = Field(description="党委会决议 / The committee's resolution")


class Final(Approved):
    """The approved text with the id of its version."""

    digest: str


class Returned(Value):
    """Review gave the text back to its drafter, and waits for it; readers see why if it concerns them."""

    from_step: str
    reason: str | None = Field(description="原因，仅相关人员可见 / The reason, for those concerned")
    by: str
    at: datetime


class Brand(Aggregate):
    """One brand as one document: a change of text, state, history and review is one write."""

    owner: str
    place: str
    """``<owner>#<n>``, unique: this is what keeps an organisation within its number of brands."""
    state: State
    document: Document
    revision: int
    name_keys: tuple[str, ...] = ()
    history: tuple[Entry, ...] = ()
    moves: tuple[Move, ...] = ()
    level: str | None = None
    reviews: int = 0
    review: str | None = None
    review_sequence: int = 0
    procedure: str | None = None
    submission: int = 0
    returned: Returned | None = None
    seals: tuple[Seal, ...] = ()
    final: Final | None = None
    plaques: tuple[Plaque, ...] = ()
    standing_sequence: int = 0
    """The newest fact about its standing that was consumed."""
    reapply_from: date | None = None
    fresh: dict[str, Document] = Field(default_factory=dict, exclude=True)
    """Versions that this decision filed, by digest: to be stored before the write, never in the document."""

    @property
    def name(self) -> str | None:
        """The name as everybody may see it."""
        return display(self.document.name)

    @property
    def focus(self) -> str | None:
        """The emphasis, when it is known to everybody."""
        return open_text(self.document.focus)

    def answer(self) -> dict[str, Any]:
        """A command on a brand answers its state, its revision and its review."""
        return {"state": self.state, "revision": self.revision, "review": self.review}

    def state_on(self, day: date) -> State | None:
        """The state that counted on ``day``; None when there was no brand yet."""
        return next((move.state for move in reversed(self.moves) if move.on <= day), None)

    def entered(self, move: Move, **changes: Any) -> Self:  # noqa: ANN401 - field values of any type
        """The brand in a new state."""
        return self.becomes(state=move.state, moves=(*self.moves, move), **changes)

    def written(self, document: Document, revision: int) -> Self:
        """The brand with this text as its current one."""
        return self.becomes(document=document, revision=revision, name_keys=keys(document))

    def filed(self, document: Document, revision: int, source: Source, actor: Actor) -> Self:
        """The brand with one more line in its history, in its place whatever the order of arrival; never twice."""
        version = digest(self.id, document)
        entry = Entry(revision=revision, digest=version, by=actor.person, at=actor.at, source=source)
        if entry in self.history:
            return self
        lines = sorted((*self.history, entry), key=lambda line: (line.revision, ORDER.index(line.source), line.at))
        return self.becomes(history=tuple(lines), fresh={**self.fresh, version: document})

    def version_of(self, revision: int) -> Entry | None:
        """The last line of the history with this revision."""
        return next((line for line in reversed(self.history) if line.revision == revision), None)

    def recorded(self) -> BrandRecorded:
        """The fact of how the brand is now; published on every change."""
        return BrandRecorded(
            brand=self.id,
            owner=self.owner,
            name=self.name,
            state=self.state,
            focus=self.focus,
            level=self.level,
            revision=self.revision,
            review=self.review,
            approved_on=self.final.approved_on if self.final and self.state in {"approved", "plaqued"} else None,
            reapply_from=self.reapply_from,
        )


def keys(document: Document) -> tuple[str, ...]:
    """The folded names by which similar names are found; a masked name has none."""
    names = [open_text(document.name), *document.aliases]
    return tuple(dict.fromkeys(folded(name) for name in names if name))


def folded(name: str) -> str:
    """A name without width, case and blanks (NFKC, case-folded), for comparing and searching only."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
