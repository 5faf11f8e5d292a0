"""The kinds of steps, one file each; everything else asks the kind of the running step. A new kind is added here."""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeAlias

from pydantic import Field

from services.review.reviews.model.commands import COMMON, Command
from services.review.reviews.model.context import StepRun
from services.review.reviews.model.steps.acknowledge import Circulation
from services.review.reviews.model.steps.check import Check
from services.review.reviews.model.steps.co_revision import CoRevision
from services.review.reviews.model.steps.discussion import Discussion
from services.review.reviews.model.steps.draft import Draft
from services.review.reviews.model.steps.kind import Kind
from services.review.reviews.model.steps.poll import Poll
from services.review.reviews.model.steps.public_notice import PublicNotice
from services.review.reviews.model.steps.resolution import CommitteeResolution
from services.review.reviews.model.steps.scoring import Scoring
from services.review.reviews.model.steps.signing import Signatures

KINDS: Final[tuple[Kind[Any], ...]] = (
    *(Draft(), Check(), Discussion(), CoRevision(), CommitteeResolution(), Signatures()),
    *(PublicNotice(), Scoring(), Poll(), Circulation()),
)
BY_NAME: Final = {name: kind for kind in KINDS for name in kind.labels}
_ALL: Final[tuple[type[Command], ...]] = (*COMMON, *(one for kind in KINDS for one in kind.commands))
COMMANDS: Final = {one.model_fields["kind"].default: one for one in _ALL}
"""Every command by its name."""

if TYPE_CHECKING:
    KindName: TypeAlias = str
    AnyCommand: TypeAlias = Command
    AnyStepRun: TypeAlias = StepRun
    AnyView: TypeAlias = StepRun
else:
    KindName = Literal[tuple(BY_NAME)]
    AnyCommand = Annotated[reduce(or_, _ALL), Field(discriminator="kind")]
    AnyStepRun = Annotated[reduce(or_, (kind.run for kind in KINDS)), Field(discriminator="kind")]
    AnyView = Annotated[reduce(or_, (kind.view or kind.run for kind in KINDS)), Field(discriminator="kind")]


def owner_of(command: str) -> Kind[Any] | None:
    """The kind of step to which a command belongs, by its name; None = it is common to all."""
    return next((kind for kind in KINDS if COMMANDS[command] in kind.commands), None)
