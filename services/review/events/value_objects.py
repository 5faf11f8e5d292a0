"""The pieces that facts are made of, told and heard; immutable, and tolerant of fields they do not know."""

from datetime import date, datetime
from typing import Any, Literal, Self

from pydantic import JsonValue

from infra.kernel.values import Value

Document = dict[str, JsonValue]


class Stored(Value):
    """Something a review keeps; changed copies are validated."""

    def becomes(self, **changes: Any) -> Self:  # noqa: ANN401 - field values of any type
        """Return a changed copy that was validated."""
        return type(self).model_validate({**dict(self), **changes})


class Activity(Stored):
    """An activity that was held, with who was there in figures."""

    kind: str
    held_at: datetime
    expected: int
    present: int


class Measured(Stored):
    """A value that another department measured."""

    indicator: str
    value: float
    unit: str
    measured_at: datetime
    department: str


class Plaque(Stored):
    """The plaque that the brand holds."""

    number: str
    awarded_on: date


class Change(Value):
    """One place of a document that changed; ``path`` is a JSON Pointer into it."""

    path: str
    before: JsonValue
    after: JsonValue


class Resolution(Value):
    """What the committee resolved: the number, the meeting, and the figures that carried it."""

    number: str
    meeting: str
    held_on: date
    expected: int
    present: int
    in_favour: int
    against: int
    abstained: int


class Task(Value):
    """The whole state of one to-do; ``task`` is ``review:step:round:person``."""

    task: str
    person: str
    step: str
    round: int
    title: str
    title_en: str
    state: Literal["open", "done", "withdrawn"]
    since: datetime
    due: datetime | None = None


class Membership(Value):
    """A person's standing in one organisation, dated; ``until`` None means to this day."""

    organisation: str
    status: str
    since: date
    until: date | None = None


class Post(Value):
    """A post a person holds at one organisation, dated."""

    organisation: str
    post: str
    since: date
    until: date | None = None
