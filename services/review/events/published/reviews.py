"""The facts about reviews that review publishes."""

from datetime import datetime
from typing import ClassVar, Literal

from infra.kernel.events import Fact
from services.review.events.value_objects import Change, Document, Resolution, Task


class OfReview(Fact):
    """Something about a review."""

    about: ClassVar[str] = "review"

    review: str
    brand: str


class OfBrand(OfReview):
    """Something about a review that says whose brand it is about."""

    owner: str
    name: str | None


class OfStep(OfBrand):
    """Something about one run of a step, and the people whom it concerns."""

    step: str
    round: int
    people: list[str]


class ReviewOpened(OfReview):
    """A submission was taken in: a new review began, or a returned one goes on."""

    type: ClassVar[str] = "review.review.opened.v1"

    step: str
    procedure: str
    procedure_version: int
    submission: int


class DocumentRevised(OfReview):
    """An accepted suggestion changed the text under review."""

    type: ClassVar[str] = "review.document.revised.v1"

    document: Document
    revision: int
    changes: list[Change]
    suggested_by: str
    accepted_by: str


class ReviewReturned(OfReview):
    """A review went back to an earlier step; with ``to_drafter`` the pen goes back to registry."""

    type: ClassVar[str] = "review.review.returned.v1"

    owner: str
    document: Document
    revision: int
    from_step: str
    to_step: str
    to_drafter: bool
    reason: str
    returned_by: str
    drafter: str
    resume: bool = False


class ReviewConcluded(OfBrand):
    """A review is finished for good, with the final text and, when a meeting decided, its resolution.

    ``terminated``: it was ended by the Party work department or an administrator; the outcome is then ``rejected``.
    """

    type: ClassVar[str] = "review.review.concluded.v1"

    outcome: Literal["approved", "rejected", "recalled"]
    document: Document
    revision: int
    resolution: Resolution | None
    reason: str | None
    concluded_by: str
    drafter: str
    terminated: bool = False


class TasksChanged(OfBrand):
    """The to-dos that one decision changed, each in its whole new state."""

    type: ClassVar[str] = "review.tasks.changed.v1"

    tasks: list[Task]


class StepOverdue(OfStep):
    """A step was not finished by its deadline; told once for each visit of a step."""

    type: ClassVar[str] = "review.step.overdue.v1"

    due: datetime


class StepEscalated(OfStep):
    """A step is still not finished so many working days after its deadline, and these people are told.

    Told once for each ``level`` (from 1) of each visit of a step. ``waiting``: how many have not acted.
    """

    type: ClassVar[str] = "review.step.escalated.v1"

    due: datetime
    level: int
    working_days: int
    roles: list[str]
    waiting: int


class StepUrged(OfStep):
    """Somebody reminds the people whom a step waits for."""

    type: ClassVar[str] = "review.step.urged.v1"

    due: datetime | None
    urged_by: str
    note: str | None


class ReviewCopied(OfBrand):
    """People are to know of a review, and may see it from now on."""

    type: ClassVar[str] = "review.review.copied.v1"

    people: list[str]
    copied_by: str
    note: str | None
