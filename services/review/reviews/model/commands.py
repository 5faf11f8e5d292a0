"""Commands: everything that can happen to a review, as data. A review's history is the list of its commands.

Here are those that belong to no single kind of step; those of a kind stand with it.
"""

from abc import abstractmethod
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import Field

from infra.kernel.values import Input
from infra.kernel.working_days import Calendar
from services.review.events.value_objects import Document
from services.review.shared.text_types import Action, Key, Number, Words

Choice: TypeAlias = Literal["for", "against", "abstain"]
People = Annotated[tuple[Number, ...], Field(min_length=1, max_length=50)]


class Command(Action):
    """What every command is, beside what it says.

    ``duty``: by it people do what a to-do asks of them. ``leading``: it is of whoever is in charge of the step, so a
    proxy may give it. ``stays``: it never ends a run. ``changes_text``: the text may be another one after it.
    ``makes``: what it numbers. ``shown``: to whom its history shows who gave it; ``sealed``: its content only once the
    run is opened. ``for_officers``: the field that only the work department reads. ``names``: the field with those who
    must be known here; ``dated``: the one with the day whose committee it is about.
    """

    kind: str
    duty: ClassVar[bool]
    leading: ClassVar[bool]
    stays: ClassVar[bool]
    changes_text: ClassVar[bool]
    sealed: ClassVar[bool]
    makes: ClassVar[str | None] = None
    shown: ClassVar[Literal["all", "names", "never"]] = "all"
    for_officers: ClassVar[str | None] = None
    names: ClassVar[str | None] = None
    dated: ClassVar[str | None] = None

    def __init_subclass__(cls, **said: Any) -> None:  # noqa: ANN401 - these, and what pydantic takes
        for flag in ("duty", "leading", "stays", "changes_text", "sealed"):
            setattr(cls, flag, said.pop(flag, False))
        super().__init_subclass__(**said)


class Form(Input):
    """What people send where that is not the very command that it becomes."""

    @abstractmethod
    def command(self, by: str) -> Command:
        """What it says; raises ``Invalid`` for what does not fit together."""


class Submit(Command, duty=True, changes_text=True):
    """A text is handed over: the first time, or again after a return. ``schemas`` are its block types' JSON Schemas.

    ``calendar``: what working days are counted by from now on; None where the procedure counts none.
    """

    kind: Literal["submit"] = "submit"
    submission: int
    document: Document
    revision: int
    schemas: dict[str, str]
    calendar: Calendar | None = None


class SendBack(Command, duty=True, leading=True):
    """Whoever is in charge of the running step returns the review to an earlier one.

    ``to``: None = to the draft, ``previous`` = to where it came from. ``resume``: what comes back from there goes
    straight to the returning step, instead of through all steps again.
    """

    kind: Literal["send_back"] = "send_back"
    to: Key | None = Field(
        default=None,
        description="退回到的环节，默认初稿，previous 为上一环节 / The step; by default the draft; or: previous",
    )
    reason: Words = Field(description="理由 / Why")
    resume: bool = Field(
        default=False,
        description="重新提交后直接回到本环节，而非逐环节重走 / What comes back goes straight to this step again",
    )


class Reject(Command, duty=True, leading=True):
    """Whoever is in charge of a step that may reject ends the review."""

    kind: Literal["reject"] = "reject"
    reason: Words = Field(description="理由 / Why")


class Recall(Command):
    """The submitter takes the review back."""

    kind: Literal["recall"] = "recall"
    reason: Words | None = Field(default=None, description="理由，可省略 / Why, optional")


class Overdue(Command):
    """A moment has come that the running step waited for: its deadline, a level of its escalation, a notice's end."""

    kind: Literal["overdue"] = "overdue"


class Reseat(Command, stays=True):
    """Posts changed hands: the to-dos follow them."""

    kind: Literal["reseat"] = "reseat"


class Recalendar(Command, stays=True):
    """A newer calendar has come: from now on working days are counted by it."""

    kind: Literal["recalendar"] = "recalendar"
    calendar: Calendar


class Transfer(Command, duty=True, leading=True):
    """Another person takes over being in charge of the running step."""

    kind: Literal["transfer"] = "transfer"
    names: ClassVar = "to"
    to: Number = Field(description="工号 / Their number")
    reason: Words = Field(description="理由 / Why")


class Delegate(Command, duty=True, leading=True):
    """Another person is asked for an opinion; then the duty comes back."""

    kind: Literal["delegate"] = "delegate"
    names: ClassVar = "to"
    to: Number = Field(description="工号 / Their number")
    reason: Words = Field(description="理由或所问 / Why, or what is asked")


class Advise(Command, duty=True):
    """The delegate gives the opinion they were asked for."""

    kind: Literal["advise"] = "advise"
    opinion: Words = Field(description="意见 / The opinion")


class Copy(Command):
    """People are to know of the review; they may see it from now on."""

    kind: Literal["copy"] = "copy"
    names: ClassVar = "to"
    to: People = Field(description="工号 / Their numbers")
    note: Words | None = Field(default=None, description="附言，可省略 / A note, optional")


class Urge(Command):
    """Those whom the review waits for are reminded."""

    kind: Literal["urge"] = "urge"
    note: Words | None = Field(default=None, description="附言，可省略 / A note, optional")


class Terminate(Command):
    """The Party work department or an administrator ends the review."""

    kind: Literal["terminate"] = "terminate"
    reason: Words = Field(description="理由 / Why")


COMMON: tuple[type[Command], ...] = (
    *(Submit, SendBack, Reject, Recall, Overdue, Reseat, Recalendar),
    *(Transfer, Delegate, Advise, Copy, Urge, Terminate),
)
"""Those that belong to no single kind of step."""
