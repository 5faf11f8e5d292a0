"""A proposal: what a change in HR suggests for the Party's side. HR never moves anything there; a person confirms.

``open`` → ``confirmed`` | ``declined`` | ``withdrawn`` (what suggested it is no longer so). A confirmation that the
rules of the Party's side refuse becomes ``failed`` with the reason, and can be confirmed again. Confirmed, it is put
into the person's record: the earlier entry ends, the new one begins, nothing is deleted.
"""

from collections.abc import Mapping as Lookup
from datetime import date, datetime
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid5

from pydantic import ConfigDict, Field

from infra.kernel.aggregate import Aggregate, Decision
from infra.kernel.dates import DAY
from infra.kernel.errors import Invalid, Refused
from infra.kernel.values import Closed, Value
from services.registry.events.published.hr import ProposalDecided, ProposalRaised
from services.registry.party.model.person import Membership, Person

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


def carried_out(person: Person, suggestion: Suggestion, choice: Choice) -> Person:
    """The record as it shall be. Raises ``Invalid`` where the days do not fit; again it changes nothing."""
    if suggestion.kind == "vacant_post" and choice.until is not None:
        return _vacated(person, suggestion, choice.until)
    if suggestion.outward and choice.until is not None:
        return _ended(person, choice.until)
    if choice.organisation is None or choice.since is None:
        return person
    return _transferred(person, choice.organisation, choice.since)


def _transferred(person: Person, organisation: str, since: date) -> Person:
    held = person.membership_on(since)
    if held is not None and held.organisation == organisation and held.since == since:
        return person
    last = held or max(
        (one for one in person.memberships if one.since <= since), key=lambda one: one.since, default=None
    )
    if last is None or (held is not None and held.since >= since):
        raise Invalid(
            "choice.too_early",
            zh="转入日期须晚于现有组织关系的起始日。",
            en="The transfer must begin after the membership that it ends.",
            field="/since",
        )
    others = tuple(one for one in person.memberships if one is not last)
    ended = last.model_copy(update={"until": since - DAY}) if last.covers(since) else last
    fresh = Membership(organisation=organisation, status=last.status, since=since, until=held.until if held else None)
    return person.becomes(memberships=(*others, ended, fresh))


def _ended(person: Person, until: date) -> Person:
    open_ones = [one for one in person.memberships if one.until is None or one.until > until]
    if not open_ones:
        return person
    if open_ones[0].since > until:
        raise Invalid(
            "choice.too_early",
            zh="截止日早于组织关系的起始日。",
            en="It would end before the membership begins.",
            field="/until",
        )
    ended = open_ones[0].model_copy(update={"until": until})
    return person.becomes(memberships=tuple(ended if one is open_ones[0] else one for one in person.memberships))


def _vacated(person: Person, suggestion: Suggestion, until: date) -> Person:
    def concerned(organisation: str, post: str, since: date, end: date | None) -> bool:
        same = (organisation, post) == (suggestion.organisation, suggestion.post)
        return same and since <= until and (end is None or end > until)

    posts = tuple(
        one.model_copy(update={"until": until}) if concerned(one.organisation, one.post, one.since, one.until) else one
        for one in person.posts
    )
    return person.becomes(posts=posts)
