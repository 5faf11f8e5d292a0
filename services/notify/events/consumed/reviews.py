"""What notify consumes from review: to-dos, and what became of a review."""

from datetime import datetime
from typing import ClassVar, Literal

from pydantic import JsonValue

from infra.kernel.events import Fact
from infra.kernel.values import Value


class Task(Value):
    """The whole state of one to-do of one person."""

    task: str
    person: str
    step: str
    round: int
    title: str
    title_en: str
    state: Literal["open", "done", "withdrawn"]
    since: datetime
    due: datetime | None = None


class TasksChanged(Fact):
    """Consumed from review: the to-dos that a decision opened, completed or withdrew."""

    type: ClassVar[str] = "review.tasks.changed.v1"
    about: ClassVar[str] = "review"

    review: str
    brand: str
    owner: str
    name: str | None = None
    tasks: tuple[Task, ...]


class Resolution(Value):
    """The number under which a meeting resolved."""

    number: str


class ReviewConcluded(Fact):
    """Consumed from review: a review is finished."""

    type: ClassVar[str] = "review.review.concluded.v1"
    about: ClassVar[str] = "review"

    review: str
    brand: str
    owner: str
    name: str | None = None
    outcome: Literal["approved", "rejected", "recalled"]
    resolution: Resolution | None = None
    reason: str | None = None
    drafter: str


class ReviewReturned(Fact):
    """Consumed from review: a review went back to an earlier step; the brand's name stands in its document."""

    type: ClassVar[str] = "review.review.returned.v1"
    about: ClassVar[str] = "review"

    review: str
    brand: str
    owner: str
    document: dict[str, JsonValue]
    to_drafter: bool
    reason: str
    drafter: str


class StepOverdue(Fact):
    """Consumed from review: the deadline of a step has passed."""

    type: ClassVar[str] = "review.step.overdue.v1"
    about: ClassVar[str] = "review"

    review: str
    brand: str
    owner: str
    name: str | None = None
    due: datetime
    people: tuple[str, ...]


class StepEscalated(Fact):
    """Consumed from review: a step is still not finished some working days after its deadline, and these are told."""

    type: ClassVar[str] = "review.step.escalated.v1"
    about: ClassVar[str] = "review"

    review: str
    brand: str
    owner: str
    name: str | None = None
    due: datetime
    working_days: int
    people: tuple[str, ...]
    waiting: int


class StepUrged(Fact):
    """Consumed from review: somebody reminds those whom a step waits for."""

    type: ClassVar[str] = "review.step.urged.v1"
    about: ClassVar[str] = "review"

    review: str
    brand: str
    owner: str
    name: str | None = None
    people: tuple[str, ...]
    note: str | None = None


class ReviewCopied(Fact):
    """Consumed from review: people are to know of a review."""

    type: ClassVar[str] = "review.review.copied.v1"
    about: ClassVar[str] = "review"

    review: str
    brand: str
    owner: str
    name: str | None = None
    people: tuple[str, ...]
    note: str | None = None
