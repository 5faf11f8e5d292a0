"""The check: one person in charge, who did not submit the text, agrees; returning and rejecting are common commands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from services.review.reviews.model.commands import Command
from services.review.reviews.model.context import CommandContext, Duties, Outcome
from services.review.reviews.model.step_run import StepRun
from services.review.reviews.model.steps.kind import Kind
from services.review.shared.text_types import Words

if TYPE_CHECKING:
    from services.review.reviews.model.procedure.rehearsal import Rehearsal


class Checking(StepRun):
    """One person checks."""

    kind: Literal["check"] = "check"


class Agree(Command):
    """The checker agrees."""

    kind: Literal["agree"] = "agree"
    done: ClassVar = ("审核同意", "agreed")
    duty: ClassVar = True
    leading: ClassVar = True
    comment: Words | None = None


class Check(Kind[Checking]):
    """One person checks."""

    labels: ClassVar = {"check": "审核"}
    run: ClassVar = Checking
    view: ClassVar = Checking
    commands: ClassVar = (Agree,)
    shape: ClassVar = ("[", "]")
    collective: ClassVar = False
    may_reject: ClassVar = True

    def decide(self, context: CommandContext, run: Checking, command: Command) -> Outcome:
        """Agree; raises ``Forbidden`` for anybody but the checker."""
        if not isinstance(command, Agree):
            raise context.not_here(command)
        context.require_charge()
        return Outcome(run, "pass", reason=command.comment)

    def duties(self, context: CommandContext, run: Checking) -> Duties:
        """The checker checks."""
        return dict.fromkeys(context.leading, ("审核", "check"))

    def rehearse(self, rehearsal: Rehearsal, run: Checking, *, agreeing: bool) -> Iterator[tuple[str, Command]]:
        """The checker agrees."""
        yield rehearsal.lead, Agree()
