"""Visits: one stay of a review at one step, with all that was said and voted there; each is kept."""

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, JsonValue

from services.review.events.value_objects import Kept, Resolution
from services.review.reviews.model.attendance import Recorded
from services.review.reviews.model.panels import Judging, Polling
from services.review.reviews.model.procedure import Base, Who
from services.review.reviews.model.step_run import Cast, StepRun, Tally
from services.review.shared.public_notice.notice import Notice


class Ruling(Kept):
    """What became of an opinion, and why."""

    adopted: bool
    reason: str
    by: str
    at: datetime


class Opinion(Kept):
    """What a member said in the discussion; ``n`` counts through the whole review."""

    n: int
    by: str
    at: datetime
    text: str
    path: str | None = None
    ruling: Ruling | None = None


class Suggestion(Kept):
    """A proposed change of one place and what the branch made of it; ``round`` counts the exchanges of a visit."""

    n: int
    round: int
    by: str
    at: datetime
    path: str
    before: JsonValue
    proposal: JsonValue
    reason: str
    state: Literal["open", "accepted", "declined"] = "open"
    answered_by: str | None = None
    answered_at: datetime | None = None
    answer: str | None = None


class Meeting(Recorded, Kept):
    """One meeting of the committee; ``no_quorum`` is recorded and decides nothing.

    ``absent``: who was neither there nor on leave; None = nobody recorded who was on leave.
    """

    n: int
    expected: tuple[str, ...]
    absent: tuple[str, ...] | None = None
    state: Literal["open", "no_quorum", "carried", "not_carried"] = "open"
    votes: tuple[Cast, ...] = ()
    resolution: Resolution | None = None

    @property
    def figures(self) -> dict[Base, int]:
        """The bodies that a quorum or a majority may be a part of."""
        expected, present = len(self.expected), len(self.present)
        voters = present - Tally.of(self.votes).recused
        return {"expected": expected, "members": expected, "present": present, "voters": voters}

    @property
    def silent(self) -> tuple[str, ...]:
        """Who was present and has neither voted nor stood back."""
        voted = {vote.by for vote in self.votes}
        return tuple(person for person in self.present if person not in voted)


class Drafting(StepRun):
    """The text is with its drafter."""

    kind: Literal["draft"] = "draft"


class Checking(StepRun):
    """One person checks."""

    kind: Literal["check"] = "check"


class Discussing(StepRun):
    """The branch discusses; ``members`` and ``voters`` are the roster of the day on which it opened."""

    kind: Literal["discussion"] = "discussion"
    members: tuple[str, ...]
    voters: tuple[str, ...]
    opinions: tuple[Opinion, ...] = ()
    votes: tuple[Cast, ...] = ()

    @property
    def figures(self) -> dict[Base, int]:
        """The bodies that a quorum or a majority may be a part of."""
        members = len(self.members)
        return {"expected": members, "members": members, "voters": len(self.voters), "present": len(self.votes)}


class CoRevising(StepRun):
    """The work department suggests, the branch answers."""

    kind: Literal["co_revision"] = "co_revision"
    suggestions: tuple[Suggestion, ...] = ()

    @property
    def open(self) -> tuple[Suggestion, ...]:
        """The suggestions not yet answered."""
        return tuple(suggestion for suggestion in self.suggestions if suggestion.state == "open")


class Signer(Kept):
    """Somebody who is to sign; ``role`` = by which role of the step, ``by`` = who added them, None = the step itself.

    Whoever was removed stays visible as removed.
    """

    person: str
    at: datetime
    role: Who | None = None
    by: str | None = None
    reason: str | None = None
    removed_at: datetime | None = None
    removed_by: str | None = None
    removed_why: str | None = None


class Signature(Kept):
    """One signature, in the name of a signer; ``proxy`` = who gave it for them."""

    signer: str
    at: datetime
    choice: Literal["agree", "disagree"]
    comment: str | None = None
    proxy: str | None = None


class Signing(StepRun):
    """Signers agree or disagree: all of them or a share (countersign), or whoever is first (sign any)."""

    kind: Literal["countersign", "sign_any"]
    signers: tuple[Signer, ...]
    signatures: tuple[Signature, ...] = ()

    @property
    def active(self) -> tuple[Signer, ...]:
        """Those who are to sign, or did."""
        return tuple(signer for signer in self.signers if signer.removed_at is None)

    @property
    def silent(self) -> tuple[Signer, ...]:
        """Those who have not signed."""
        signed = {signature.signer for signature in self.signatures}
        return tuple(signer for signer in self.active if signer.person not in signed)

    @property
    def figures(self) -> dict[Base, int]:
        """The body that a majority may be a part of."""
        return {"signers": len(self.active), "present": len(self.signatures)}


class Resolving(StepRun):
    """The committee meets until it has resolved."""

    kind: Literal["resolution"] = "resolution"
    meetings: tuple[Meeting, ...] = ()

    @property
    def open(self) -> Meeting | None:
        """The meeting that has a quorum and is not yet resolved."""
        return next((meeting for meeting in self.meetings if meeting.state == "open"), None)


class Noticing(StepRun):
    """It is shown publicly and people may object; ``ended``: the end of the period was decided on."""

    kind: Literal["public_notice"] = "public_notice"
    notice: Notice
    ended: bool = False


AnyStepRun: TypeAlias = Annotated[
    Drafting | Checking | Discussing | CoRevising | Signing | Resolving | Noticing | Judging | Polling,
    Field(discriminator="kind"),
]
