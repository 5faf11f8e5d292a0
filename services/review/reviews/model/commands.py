"""Commands: everything that can happen to a review, as data. A review's history is the list of its commands.

Here are those that belong to no single kind of step; those of a kind stand with it.
"""

from datetime import date
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field

from services.review.events.value_objects import Document
from services.review.shared.calendar import Calendar
from services.review.shared.text_types import Action, Key, Number, Words

Choice: TypeAlias = Literal["for", "against", "abstain"]
People = Annotated[tuple[Number, ...], Field(min_length=1, max_length=50)]


class Command(Action):
    """What every command is, beside what it says.

    ``done``: what it is called in an explanation. ``duty``: by it people do what a to-do asks of them. ``leading``: it
    is of whoever is in charge of the step, so a proxy may give it. ``stays``: it never ends a run. ``makes``: what it
    numbers. ``shown``: to whom its history shows who gave it; ``sealed``: its content only once the run is opened.
    ``for_officers``: the field that only the work department reads.
    """

    kind: str
    done: ClassVar[tuple[str, str] | None] = None
    duty: ClassVar[bool] = False
    leading: ClassVar[bool] = False
    stays: ClassVar[bool] = False
    makes: ClassVar[str | None] = None
    changes_text: ClassVar[bool] = False
    shown: ClassVar[Literal["all", "names", "never"]] = "all"
    sealed: ClassVar[bool] = False
    for_officers: ClassVar[str | None] = None

    @property
    def named(self) -> tuple[str, tuple[str, ...]]:
        """The people whom it names, and in which field: they must be known here."""
        return "", ()

    @property
    def day(self) -> date | None:
        """The day whose committee it is about; None = that on which it is given."""
        return None


class Submit(Command):
    """A text is handed over: the first time, or again after a return. ``schemas`` are its block types' JSON Schemas.

    ``calendar``: what working days are counted by from now on; None where the procedure counts none.
    """

    kind: Literal["submit"] = "submit"
    done: ClassVar = ("提交文稿", "handed the text in")
    duty: ClassVar = True
    changes_text: ClassVar = True
    submission: int
    document: Document
    revision: int
    schemas: dict[str, str]
    calendar: Calendar | None = None


class SendBack(Command):
    """Whoever is in charge of the running step returns the review to an earlier one.

    ``to``: None = to the draft, ``previous`` = to where it came from. ``resume``: what comes back from there goes
    straight to the returning step, instead of through all steps again.
    """

    kind: Literal["send_back"] = "send_back"
    done: ClassVar = ("退回", "sent it back")
    duty: ClassVar = True
    leading: ClassVar = True
    to: Key | None = None
    reason: Words
    resume: bool = False


class Reject(Command):
    """Whoever is in charge of a step that may reject ends the review."""

    kind: Literal["reject"] = "reject"
    done: ClassVar = ("驳回", "rejected it")
    duty: ClassVar = True
    leading: ClassVar = True
    reason: Words


class Recall(Command):
    """The submitter takes the review back."""

    kind: Literal["recall"] = "recall"
    done: ClassVar = ("撤回", "took it back")
    reason: Words | None = None


class Overdue(Command):
    """A moment has come that the running step waited for: its deadline, a level of its escalation, a notice's end."""

    kind: Literal["overdue"] = "overdue"
    done: ClassVar = ("期限已过", "the deadline passed")


class Reseat(Command):
    """Posts changed hands: the to-dos follow them."""

    kind: Literal["reseat"] = "reseat"
    done: ClassVar = ("任职变动，待办随之调整", "posts changed hands and the to-dos followed")
    stays: ClassVar = True


class Recalendar(Command):
    """A newer calendar has come: from now on working days are counted by it."""

    kind: Literal["recalendar"] = "recalendar"
    done: ClassVar = ("工作日历更新，期限随之调整", "a newer calendar came and the dates followed")
    stays: ClassVar = True
    calendar: Calendar


class Transfer(Command):
    """Another person takes over being in charge of the running step."""

    kind: Literal["transfer"] = "transfer"
    duty: ClassVar = True
    leading: ClassVar = True
    to: Number
    reason: Words

    @property
    def named(self) -> tuple[str, tuple[str, ...]]:
        """Who takes over."""
        return "/to", (self.to,)


class Delegate(Command):
    """Another person is asked for an opinion; then the duty comes back."""

    kind: Literal["delegate"] = "delegate"
    duty: ClassVar = True
    leading: ClassVar = True
    to: Number
    reason: Words

    @property
    def named(self) -> tuple[str, tuple[str, ...]]:
        """Who is asked."""
        return "/to", (self.to,)


class Advise(Command):
    """The delegate gives the opinion they were asked for."""

    kind: Literal["advise"] = "advise"
    duty: ClassVar = True
    opinion: Words


class Copy(Command):
    """People are to know of the review; they may see it from now on."""

    kind: Literal["copy"] = "copy"
    to: People
    note: Words | None = None

    @property
    def named(self) -> tuple[str, tuple[str, ...]]:
        """Who is to know."""
        return "/to", self.to


class Urge(Command):
    """Those whom the review waits for are reminded."""

    kind: Literal["urge"] = "urge"
    note: Words | None = None


class Terminate(Command):
    """The Party work department or an administrator ends the review."""

    kind: Literal["terminate"] = "terminate"
    reason: Words


COMMON: tuple[type[Command], ...] = (
    *(Submit, SendBack, Reject, Recall, Overdue, Reseat, Recalendar),
    *(Transfer, Delegate, Advise, Copy, Urge, Terminate),
)
"""Those that belong to no single kind of step."""
