"""Moves: everything that can happen to a review, as data. A review's history is the list of its moves."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, JsonValue

from services.review.events.value_objects import Document
from services.review.reviews.model.attendance import Recorded
from services.review.reviews.model.notice_commands import (
    ApproveNotice,
    DecideObjection,
    ExamineNotice,
    PublishNotice,
    RaiseObjection,
)
from services.review.reviews.model.operations import (
    AddSigner,
    Advise,
    Copy,
    Delegate,
    RemoveSigner,
    Sign,
    Terminate,
    Transfer,
    Urge,
)
from services.review.reviews.model.scores import PANEL_DUTIES, PANEL_LEADING, PanelMove
from services.review.shared.calendar import Calendar
from services.review.shared.text_types import Action, Key, Line, Pointer, Words

Choice: TypeAlias = Literal["for", "against", "abstain"]


class Submit(Action):
    """A text is handed over: the first time, or again after a return. ``schemas`` are its block types' JSON Schemas.

    ``calendar``: what working days are counted by from now on; None where the procedure counts none.
    """

    kind: Literal["submit"] = "submit"
    submission: int
    document: Document
    revision: int
    schemas: dict[str, str]
    calendar: Calendar | None = None


class Agree(Action):
    """The checker agrees."""

    kind: Literal["agree"] = "agree"
    comment: Words | None = None


class SendBack(Action):
    """Whoever is in charge of the running step returns the review to an earlier one.

    ``to``: None = to the draft, ``previous`` = to where it came from. ``resume``: what comes back from there goes
    straight to the returning step, instead of through all steps again.
    """

    kind: Literal["send_back"] = "send_back"
    to: Key | None = None
    reason: Words
    resume: bool = False


class Reject(Action):
    """Whoever is in charge of a step that may reject ends the review."""

    kind: Literal["reject"] = "reject"
    reason: Words


class Recall(Action):
    """The submitter takes the review back."""

    kind: Literal["recall"] = "recall"
    reason: Words | None = None


class Opine(Action):
    """A member on the roster gives an opinion, on a place of the document or on the whole."""

    kind: Literal["opine"] = "opine"
    text: Words
    path: Pointer | None = None


class Rule(Action):
    """The chair adopts an opinion or does not, with a reason."""

    kind: Literal["rule"] = "rule"
    opinion: int
    adopted: bool
    reason: Words


class Vote(Action):
    """A full member on the roster votes, once."""

    kind: Literal["vote"] = "vote"
    choice: Choice


class CloseDiscussion(Action):
    """The chair closes the discussion; the votes decide. ``close`` does not wait for votes that could turn them."""

    kind: Literal["close_discussion"] = "close_discussion"
    close: bool = False


class Suggest(Action):
    """The work department proposes another value for one place of the document."""

    kind: Literal["suggest"] = "suggest"
    path: Pointer
    proposal: JsonValue
    reason: Words


class Answer(Action):
    """The branch accepts or declines a suggestion; declining needs a reason."""

    kind: Literal["answer"] = "answer"
    suggestion: int
    accepted: bool
    reason: Words | None = None


class CloseCoRevision(Action):
    """The work department ends the co-revision, everything being answered."""

    kind: Literal["close_co_revision"] = "close_co_revision"


class Convene(Recorded, Action):
    """A meeting of the committee was held."""

    kind: Literal["convene"] = "convene"


class Ballot(Action):
    """A committee member who was present votes, or stands back for being too close to the matter."""

    kind: Literal["ballot"] = "ballot"
    meeting: int
    choice: Choice | Literal["recuse"]


class Resolve(Action):
    """The meeting's votes become a numbered resolution; ``close`` does not wait for those who did not vote."""

    kind: Literal["resolve"] = "resolve"
    meeting: int
    number: Line
    close: bool = False


class Overdue(Action):
    """A moment has come that the running step waited for: its deadline, a level of its escalation, a notice's end."""

    kind: Literal["overdue"] = "overdue"


class Reseat(Action):
    """Posts changed hands: the to-dos follow them."""

    kind: Literal["reseat"] = "reseat"


class Recalendar(Action):
    """A newer calendar has come: from now on working days are counted by it."""

    kind: Literal["recalendar"] = "recalendar"
    calendar: Calendar


Command: TypeAlias = Annotated[
    Submit
    | Agree
    | SendBack
    | Reject
    | Recall
    | Opine
    | Rule
    | Vote
    | CloseDiscussion
    | Suggest
    | Answer
    | CloseCoRevision
    | Convene
    | Ballot
    | Resolve
    | Overdue
    | Reseat
    | Recalendar
    | Sign
    | AddSigner
    | RemoveSigner
    | Transfer
    | Delegate
    | Advise
    | Copy
    | Urge
    | Terminate
    | PanelMove
    | ExamineNotice
    | ApproveNotice
    | PublishNotice
    | RaiseObjection
    | DecideObjection,
    Field(discriminator="kind"),
]

DUTIES = (
    *(Submit, Agree, SendBack, Reject, Vote, CloseDiscussion, Suggest, Answer, CloseCoRevision, Ballot, Resolve),
    *(Sign, Transfer, Delegate, Advise),
    *PANEL_DUTIES,
    *(ExamineNotice, ApproveNotice, PublishNotice, DecideObjection),
)
"""The moves by which people do what a to-do asks of them."""
LEADING = (
    *(Agree, SendBack, Reject, Rule, CloseDiscussion, Suggest, CloseCoRevision, Convene, Resolve),
    *(AddSigner, RemoveSigner, Transfer, Delegate),
    *PANEL_LEADING,
    *(ExamineNotice, PublishNotice, RaiseObjection, DecideObjection),
)
"""The moves of whoever is in charge of a step; a proxy may make them for somebody who is absent."""
