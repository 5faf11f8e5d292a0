"""A proposal: what a change in HR suggests for the Party's side. HR never moves anything there; a person confirms.

``open`` → ``confirmed`` | ``declined`` | ``withdrawn`` (what suggested it is no longer so). A confirmation that the
rules of the Party's side refuse becomes ``failed`` with the reason, and can be confirmed again.
"""

from collections.abc import Mapping as Lookup
from datetime import date, datetime
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid5

from pydantic import ConfigDict, Field

from infra.kernel.aggregate import Aggregate, Decision
from infra.kernel.errors import Invalid, Refused
from infra.kernel.values import Closed, Value
from services.registry.events.published.hr import ProposalDecided, ProposalRaised

Kind = Literal["membership_transfer", "retirement", "vacant_post", "branch_adjustment"]
State = Literal["open", "confirmed", "declined", "withdrawn", "failed"]
TITLES: Lookup[Kind, tuple[str, str]] = {
    "membership_transfer": ("组织关系转接建议", "Proposal: membership transfer"),
    "retirement": ("退休人员组织关系建议", "Proposal: membership of a retired member"),
    "vacant_post": ("职务空缺提示", "Proposal: a post falls vacant"),
    "branch_adjustment": ("支部调整建议", "Proposal: adjust departments and branches"),
}


class Suggestion(Value):
    """What is suggested, to whom it matters, and what people choose from."""

    kind: Kind
    person: str | None = None
    person_name: str | None = None
    department: str | None = None
    department_name: str | None = None
    organisation: str
    candidates: tuple[str, ...] = ()
    post: str | None = None
    outward: bool = False
    effective_on: date
    change: str
    compensates: bool = False
    note_zh: str
    note_en: str

    @property
    def id(self) -> str:
        """The same change suggests the same thing once; where a membership is concerned, wherever it is by now."""
        placed = self.kind in {"vacant_post", "branch_adjustment"}
        about = self.department if self.person is None else None
        parts = (self.kind, self.person, about, self.change, self.organisation if placed else None, self.post)
        return str(uuid5(NAMESPACE_URL, "\n".join(str(part) for part in parts)))


class Pair(Closed):
    """A department that shall belong to an organisation."""

    department: str = Field(min_length=1)
    organisation: str = Field(min_length=1)
    since: date


class Choice(Closed):
    """What a person confirms; which fields are needed depends on the kind.

    Transfer: ``organisation`` and ``since`` (the first day there), outward: ``until``. Retirement: nothing (stays), or
    as a transfer. Vacant post: ``until`` (the last day in it). Adjustment: ``mappings``, and which ``end`` ``until``.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [{"organisation": "branch-3", "since": "2026-06-01"}]})

    organisation: str | None = Field(default=None, min_length=1)
    since: date | None = None
    until: date | None = None
    mappings: tuple[Pair, ...] = Field(default=(), max_length=100)
    end: tuple[str, ...] = Field(default=(), max_length=100)


class Proposal(Aggregate):
    """A suggestion and what became of it."""

    suggestion: Suggestion
    raised_at: datetime
    state: State = "open"
    choice: Choice | None = None
    reason: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    tries: int = 0


def suggest(before: Proposal | None, suggestion: Suggestion, at: datetime) -> Decision[Proposal]:
    """Raise it once; one that was withdrawn and is suggested again is open again; what people decided stays."""
    if before is not None and before.state == "open" and before.suggestion != suggestion:
        return before.becomes(suggestion=suggestion), []
    if before is not None and before.state != "withdrawn":
        return before, []
    raised = (before or Proposal(id=suggestion.id, suggestion=suggestion, raised_at=at)).becomes(
        suggestion=suggestion, state="open", raised_at=at, reason=None
    )
    title = TITLES[suggestion.kind]
    fact = ProposalRaised(
        proposal=raised.id,
        title_zh=title[0],
        title_en=title[1],
        **suggestion.model_dump(
            include={"kind", "person", "person_name", "department", "organisation", "candidates", "effective_on"}
        ),
    )
    return raised, [fact]


def withdraw(proposal: Proposal, why: str) -> Decision[Proposal]:
    """What suggested it is no longer so; what a person decided stays."""
    if proposal.state not in {"open", "failed"}:
        return proposal, []
    after = proposal.becomes(state="withdrawn", reason=why)
    return after, [_decided(after, "hr")]


def confirm(proposal: Proposal, choice: Choice, by: str, at: datetime) -> Decision[Proposal]:
    """A person says yes, and to what. Raises ``Invalid`` where too little is said, ``Refused`` when decided."""
    _require_open(proposal)
    _require_choice(proposal.suggestion, choice)
    after = proposal.becomes(
        state="confirmed", choice=choice, decided_by=by, decided_at=at, reason=None, tries=proposal.tries + 1
    )
    return after, [_decided(after, by)]


def decline(proposal: Proposal, reason: str, by: str, at: datetime) -> Decision[Proposal]:
    """A person says no, with a reason; the same change does not suggest it again."""
    _require_open(proposal)
    after = proposal.becomes(state="declined", reason=reason, decided_by=by, decided_at=at)
    return after, [_decided(after, by)]


def fail(proposal: Proposal, tries: int, why: str) -> Decision[Proposal]:
    """The rules of the Party's side refused what was confirmed; it can be confirmed again, otherwise."""
    if proposal.state != "confirmed" or proposal.tries != tries:
        return proposal, []
    return proposal.becomes(state="failed", reason=why), []


def _require_open(proposal: Proposal) -> None:
    if proposal.state not in {"open", "failed"}:
        raise Refused(
            "proposal.decided",
            zh="该建议已办结，不能再次办理。",
            en=f"The proposal is {proposal.state} already.",
        )


def _require_choice(suggestion: Suggestion, choice: Choice) -> None:
    needed: tuple[str, ...] = ()
    if suggestion.kind == "membership_transfer":
        needed = ("until",) if suggestion.outward else ("organisation", "since")
    elif suggestion.kind == "retirement" and choice.organisation:
        needed = ("since",)
    elif suggestion.kind == "vacant_post" or (suggestion.kind == "branch_adjustment" and choice.end):
        needed = ("until",)
    for name in needed:
        if getattr(choice, name) is None:
            raise Invalid("choice.incomplete", zh=f"请填写 {name}。", en=f"“{name}” is needed.", field=f"/{name}")


def _decided(proposal: Proposal, by: str) -> ProposalDecided:
    about: dict[str, Any] = proposal.suggestion.model_dump(
        include={"kind", "person", "department", "organisation", "post"}
    )
    choice = proposal.choice if proposal.state == "confirmed" else None
    return ProposalDecided(
        proposal=proposal.id,
        outcome=proposal.state,
        outward=proposal.suggestion.outward,
        choice=choice.model_dump(mode="json") if choice else {},
        tries=proposal.tries,
        by=by,
        **about,
    )
