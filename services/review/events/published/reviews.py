"""The facts about reviews that review publishes."""

from datetime import UTC, date, datetime
from typing import ClassVar, Final, Literal

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


_TEXT: Final[Document] = {"name": {"state": "known", "value": "三心"}, "aliases": [], "blocks": {}}
_SLOGAN: Final = Change(
    path="/slogan", before={"state": "unknown"}, after={"state": "known", "value": "尽心、细心、暖心"}
)
_CARRIED: Final = Resolution(
    number="党委决议〔2026〕3号", meeting="党委会〔2026〕第5次", held_on=date(2026, 3, 20), expected=9, present=8,
    in_favour=7, against=0, abstained=1,
)  # fmt: skip
_CHECK: Final = Task(
    task="b-sanxin.r1:secretary_check:1:10021", person="10021", step="secretary_check", round=1,
    title="支部书记审核·审核", title_en="Secretary's check: check", state="open",
    since=datetime(2026, 3, 2, 1, 0, tzinfo=UTC), due=datetime(2026, 3, 7, 1, 0, tzinfo=UTC),
)  # fmt: skip

EXAMPLES: Final = (
    ReviewOpened(
        review="b-sanxin.r1", brand="b-sanxin", step="secretary_check", procedure="one-branch-one-brand",
        procedure_version=1, submission=1,
    ),
    DocumentRevised(
        review="b-sanxin.r1", brand="b-sanxin", document=_TEXT, revision=4, changes=[_SLOGAN], suggested_by="10007",
        accepted_by="10021",
    ),
    ReviewReturned(
        review="b-sanxin.r1", brand="b-sanxin", owner="branch-3", document=_TEXT, revision=3,
        from_step="secretary_check", to_step="draft", to_drafter=True, reason="请补充品牌内涵。", returned_by="10021",
        drafter="10022",
    ),
    ReviewConcluded(
        review="b-sanxin.r1", brand="b-sanxin", owner="branch-3", name="三心", outcome="approved", document=_TEXT,
        revision=4, resolution=_CARRIED, reason=None, concluded_by="10007", drafter="10022",
    ),
    TasksChanged(review="b-sanxin.r1", brand="b-sanxin", owner="branch-3", name="三心", tasks=[_CHECK]),
    StepOverdue(
        review="b-sanxin.r1", brand="b-sanxin", owner="branch-3", name="三心", step="secretary_check", round=1,
        due=datetime(2026, 3, 7, 1, 0, tzinfo=UTC), people=["10021"],
    ),
    StepEscalated(
        review="b-sanxin.r1", brand="b-sanxin", owner="branch-3", name="三心", step="secretary_check", round=1,
        due=datetime(2026, 3, 9, 16, 0, tzinfo=UTC), level=1, working_days=2, roles=["superior_secretary"],
        people=["10003"], waiting=1,
    ),
    StepUrged(
        review="b-sanxin.r1", brand="b-sanxin", owner="branch-3", name="三心", step="secretary_check", round=1,
        due=datetime(2026, 3, 7, 1, 0, tzinfo=UTC), people=["10021"], urged_by="10022", note="请尽快审核。",
    ),
    ReviewCopied(
        review="b-sanxin.r1", brand="b-sanxin", owner="branch-3", name="三心", people=["10030"], copied_by="10021",
        note=None,
    ),
)  # fmt: skip
"""One example of each."""
