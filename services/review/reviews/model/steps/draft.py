"""The draft: the text is with its drafter, who submits it; no command belongs to it."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from services.review.reviews.model.commands import Command
from services.review.reviews.model.context import CommandContext, Duties, Rehearsal, StepRun
from services.review.reviews.model.steps.kind import Kind


class Drafting(StepRun):
    """The text is with its drafter."""

    kind: Literal["draft"] = "draft"


class Draft(Kind[Drafting]):
    """It is in nobody's hands but its drafter's."""

    labels: ClassVar = {"draft": "起草"}
    run: ClassVar = Drafting
    shape: ClassVar = ("([", "])")
    with_drafter: ClassVar = True
    deciding: ClassVar = False
    collective: ClassVar = False
    bars_drafters: ClassVar = False

    def duties(self, context: CommandContext, run: Drafting) -> Duties:
        """Its drafter revises."""
        return dict.fromkeys(context.leading, ("修改后重新提交", "revise and submit again"))

    def rehearse(self, rehearsal: Rehearsal, run: Drafting, *, agreeing: bool) -> Iterator[tuple[str, Command]]:
        """A dry run begins when it is over."""
        yield from ()
