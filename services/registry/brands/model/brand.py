"""A brand: its text, its versions, its states, its plaque, and everything that must change together with them.

Plaque and flag (授牌、授旗) are part of their brand; the ledger is a query over brands.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, Self, TypeAlias

from pydantic import Field

from infra.kernel.dates import day_of
from infra.kernel.errors import Invalid, Refused
from infra.kernel.events import Aggregate, Decision
from infra.kernel.json_tree import require_storable
from infra.kernel.values import Input, Value
from services.registry.brands.model.document import Document, Seal, digest
from services.registry.events.consumed import Resolution
from services.registry.events.published import BrandRecorded, PlaqueAwarded, PlaqueReturned
from services.registry.examples import example
from services.registry.party.model.organisation import display, open_text

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

    def move(self, state: State, note: str | None = None, on: date | None = None) -> "Move":
        """What brings a brand into a state; it counts from today if nothing else is said."""
        return Move(state=state, on=on or day_of(self.at), at=self.at, by=self.person, note=note)


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
        approved_on = self.final.approved_on if self.final and self.state in {"approved", "plaqued"} else None
        shown = {"brand": self.id, "name": self.name, "focus": self.focus, "approved_on": approved_on}
        return BrandRecorded.model_validate({**dict(self), **shown})


def keys(document: Document) -> tuple[str, ...]:
    """The folded names by which similar names are found; a masked name has none."""
    names = [open_text(document.name), *document.aliases]
    return tuple(dict.fromkeys(folded(name) for name in names if name))


def folded(name: str) -> str:
    """A name without width, case and blanks (NFKC, case-folded), for comparing and searching only."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


class Award(Input):
    """What is written into the ledger."""

    model_config = example("Award")

    brand: str = Field(description="品牌编号 / Id of the brand")
    number: str = Field(min_length=1, max_length=60, description="牌匾编号，全局唯一 / Number, unique")
    awarded_on: date = Field(description="授牌日期 / Day of the award")
    occasion: str = Field(min_length=1, max_length=200, description="授牌场合 / Occasion")
    flag: bool = Field(description="是否同时授旗 / With the flag")


class Return(Input):
    """What is written into the ledger when a plaque comes back."""

    model_config = example("Return")

    returned_on: date = Field(description="收回日期 / Day on which it came back")
    received_by: str = Field(min_length=1, max_length=100, description="接收人 / Who received it")


def award(brand: Brand, given: Award, actor: Actor) -> Decision[Brand]:
    """Hand the plaque over to an approved brand.

    Raises ``Refused`` in every other state, ``Invalid`` for a day before the approval or still to come.
    """
    if brand.state == "plaqued":
        raise Refused("plaque.already", zh="该品牌已授牌。", en="This brand has its plaque already.", field="/brand")
    if brand.state != "approved":
        zh = f"只有已审定的品牌可以授牌，当前状态为“{TITLES[brand.state]}”。"
        en = f"Only an approved brand receives a plaque; this one is {brand.state}."
        raise Refused("plaque.not_approved", zh, en, field="/brand")
    today, approved_on = day_of(actor.at), brand.final.approved_on if brand.final else given.awarded_on
    if not approved_on <= given.awarded_on <= today:
        zh = f"授牌日期应在审定日期（{approved_on}）与今天（{today}）之间。"
        en = f"The day of the award lies between the approval ({approved_on}) and today ({today})."
        raise Invalid("plaque.wrong_day", zh, en, field="/awarded_on")
    require_storable(given.model_dump(mode="json"), "")
    key = f"{brand.id}.p{len(brand.plaques) + 1}"
    plaque = Plaque(id=key, awarded_by=actor.person, **given.model_dump(exclude={"brand"}))
    after = brand.entered(actor.move("plaqued", given.number, given.awarded_on), plaques=(*brand.plaques, plaque))
    return after, [PlaqueAwarded.model_validate(_handed(brand, plaque)), after.recorded()]


def give_back(brand: Brand, key: str, given: Return, actor: Actor) -> Decision[Brand]:
    """Write into the ledger that the plaque of a revoked brand came back; raises ``Refused``, ``Invalid``."""
    plaque = next((one for one in brand.plaques if one.id == key), None)
    if plaque is None:
        raise Invalid("plaque.unknown", zh="该品牌没有此牌匾。", en="The brand has no such plaque.", field="/plaque")
    revoked_on = revocation(brand, plaque)
    if revoked_on is None:
        zh = "只有已摘牌品牌的牌匾可以登记收回。"
        en = "Only the plaque of a revoked brand comes back."
        raise Refused("plaque.not_revoked", zh, en, field="/plaque")
    if plaque.returned_on is not None:
        zh = f"该牌匾已于 {plaque.returned_on} 收回。"
        en = f"This plaque came back on {plaque.returned_on}."
        raise Refused("plaque.returned", zh, en, field="/plaque")
    today = day_of(actor.at)
    if not revoked_on <= given.returned_on <= today:
        zh = f"收回日期应在摘牌日期（{revoked_on}）与今天（{today}）之间。"
        en = f"The day lies between the revocation ({revoked_on}) and today ({today})."
        raise Invalid("plaque.wrong_return", zh, en, field="/returned_on")
    require_storable(given.model_dump(mode="json"), "")
    back = plaque.model_copy(update={**given.model_dump(), "return_entered_by": actor.person})
    after = brand.becomes(plaques=tuple(back if one is plaque else one for one in brand.plaques))
    return after, [PlaqueReturned.model_validate(_handed(brand, back))]


def _handed(brand: Brand, plaque: Plaque) -> dict[str, Any]:
    """What the facts say of a plaque."""
    return {**dict(plaque), "plaque": plaque.id, "brand": brand.id, "owner": brand.owner, "name": brand.name}


def revocation(brand: Brand, plaque: Plaque) -> date | None:
    """The day on which the brand was revoked after it had received this plaque, if it was."""
    awarded = next((n for n, one in enumerate(brand.moves) if one.state == "plaqued" and one.note == plaque.number), 0)
    return next((one.on for one in brand.moves[awarded:] if one.state == "revoked"), None)
