"""Commands: everything that can happen to a review, as data. A review's history is the list of its commands.

Here are those that belong to no single kind of step; those of a kind stand with it.
"""

from abc import abstractmethod
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, TypeAlias

from pydantic import Field

from infra.kernel.values import Input
from infra.kernel.working_days import Calendar
from services.review.events.value_objects import Document
from services.review.shared.text_types import Action, Key, Number, Words

Choice: TypeAlias = Literal["for", "against", "abstain"]
People = Annotated[tuple[Number, ...], Field(min_length=1, max_length=50)]
CHECKING, OPERATIONS = "审核 check", "转办、委派、抄送、催办、终止 operations"
"""The headings under which commands that belong to no kind of step stand in the API."""


class Route(NamedTuple):
    """Where people send something: the path below a review's, its title, and an example of what they send.

    ``number``: the field that stands in the path as ``{n}``; another name in the path is the field's own.
    ``tag``: the heading it stands under, None = that of its kind of step.
    """

    path: str
    summary: str
    example: dict[str, Any]
    number: str | None = None
    status: int = 200
    tag: str | None = None


class Command(Action):
    """What every command is, beside what it says.

    ``done``: what it is called in an explanation. ``route``: where people send its fields as they are; None = it
    comes by itself, or from a form. ``duty``: by it people do what a to-do asks of them. ``leading``: it is of
    whoever is in charge of the step, so a proxy may give it. ``stays``: it never ends a run. ``changes_text``: the
    text may be another one after it. ``makes``: what it numbers. ``shown``: to whom its history shows who gave it;
    ``sealed``: its content only once the run is opened. ``for_officers``: the field that only the work department
    reads. ``names``: the field with those who must be known here; ``dated``: the one with the day whose committee
    it is about.
    """

    kind: str
    done: ClassVar[tuple[str, str] | None] = None
    route: ClassVar[Route | None] = None
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

    route: ClassVar[Route]

    @abstractmethod
    def command(self, by: str) -> Command:
        """What it says; raises ``Invalid`` for what does not fit together."""


class Submit(Command, duty=True, changes_text=True):
    """A text is handed over: the first time, or again after a return. ``schemas`` are its block types' JSON Schemas.

    ``calendar``: what working days are counted by from now on; None where the procedure counts none.
    """

    kind: Literal["submit"] = "submit"
    done: ClassVar = ("提交文稿", "handed the text in")
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
    done: ClassVar = ("退回", "sent it back")
    route: ClassVar = Route(
        "/return",
        "退回到之前的任一环节 Return to any earlier step",
        {"to": "previous", "reason": "请补充今年的实例", "resume": True},
        tag=CHECKING,
    )
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
    done: ClassVar = ("驳回", "rejected it")
    route: ClassVar = Route("/rejection", "驳回 Reject for good", {"reason": "与本支部工作无关"}, tag=CHECKING)
    reason: Words = Field(description="理由 / Why")


class Recall(Command):
    """The submitter takes the review back."""

    kind: Literal["recall"] = "recall"
    done: ClassVar = ("撤回", "took it back")
    route: ClassVar = Route("/recall", "撤回（提交人） Recall, by the submitter", {"reason": "稿件有误"}, tag=CHECKING)
    reason: Words | None = Field(default=None, description="理由，可省略 / Why, optional")


class Overdue(Command):
    """A moment has come that the running step waited for: its deadline, a level of its escalation, a notice's end."""

    kind: Literal["overdue"] = "overdue"
    done: ClassVar = ("期限已过", "the deadline passed")


class Reseat(Command, stays=True):
    """Posts changed hands: the to-dos follow them."""

    kind: Literal["reseat"] = "reseat"
    done: ClassVar = ("任职变动，待办随之调整", "posts changed hands and the to-dos followed")


class Recalendar(Command, stays=True):
    """A newer calendar has come: from now on working days are counted by it."""

    kind: Literal["recalendar"] = "recalendar"
    done: ClassVar = ("工作日历更新，期限随之调整", "a newer calendar came and the dates followed")
    calendar: Calendar


class Transfer(Command, duty=True, leading=True):
    """Another person takes over being in charge of the running step."""

    kind: Literal["transfer"] = "transfer"
    route: ClassVar = Route(
        "/transfer",
        "转办（表决、签署除外） Hand the lead of the step over; never a vote or a signature",
        {"to": "E1024", "reason": "出差，由其办理"},
        tag=OPERATIONS,
    )
    names: ClassVar = "to"
    to: Number = Field(description="工号 / Their number")
    reason: Words = Field(description="理由 / Why")


class Delegate(Command, duty=True, leading=True):
    """Another person is asked for an opinion; then the duty comes back."""

    kind: Literal["delegate"] = "delegate"
    route: ClassVar = Route(
        "/delegation",
        "委派：征求意见后由本人办理 Ask somebody for an opinion; the duty comes back",
        {"to": "E1024", "reason": "请核对安全数据"},
        tag=OPERATIONS,
    )
    names: ClassVar = "to"
    to: Number = Field(description="工号 / Their number")
    reason: Words = Field(description="理由或所问 / Why, or what is asked")


class Advise(Command, duty=True):
    """The delegate gives the opinion they were asked for."""

    kind: Literal["advise"] = "advise"
    route: ClassVar = Route(
        "/advice", "答复委派 Give the opinion one was asked for", {"opinion": "数据属实"}, tag=OPERATIONS
    )
    opinion: Words = Field(description="意见 / The opinion")


class Copy(Command):
    """People are to know of the review; they may see it from now on."""

    kind: Literal["copy"] = "copy"
    route: ClassVar = Route(
        "/copies",
        "抄送 Let people know; they may see the review",
        {"to": ["E1024"], "note": "供参考"},
        status=201,
        tag=OPERATIONS,
    )
    names: ClassVar = "to"
    to: People = Field(description="工号 / Their numbers")
    note: Words | None = Field(default=None, description="附言，可省略 / A note, optional")


class Urge(Command):
    """Those whom the review waits for are reminded."""

    kind: Literal["urge"] = "urge"
    route: ClassVar = Route(
        "/urge", "催办 Remind those whom the review waits for", {"note": "请于本周内办理"}, tag=OPERATIONS
    )
    note: Words | None = Field(default=None, description="附言，可省略 / A note, optional")


class Terminate(Command):
    """The Party work department or an administrator ends the review."""

    kind: Literal["terminate"] = "terminate"
    route: ClassVar = Route(
        "/termination",
        "终止（党委工作部或管理员） Terminate, by the office or an administrator",
        {"reason": "支部已撤销"},
        tag=OPERATIONS,
    )
    reason: Words = Field(description="理由 / Why")


COMMON: tuple[type[Command], ...] = (
    *(Submit, SendBack, Reject, Recall, Overdue, Reseat, Recalendar),
    *(Transfer, Delegate, Advise, Copy, Urge, Terminate),
)
"""Those that belong to no single kind of step."""
