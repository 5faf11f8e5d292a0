"""The check: one person in charge, who did not submit the text, agrees; returning and rejecting are common commands."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from infra.kernel.errors import Invalid
from services.review.reviews.model.commands import Command, Form, Reject, Route, SendBack
from services.review.reviews.model.context import CommandContext, Duties, Outcome, Rehearsal, StepRun
from services.review.reviews.model.steps.kind import Kind
from services.review.shared.text_types import Key, Words


class Checking(StepRun):
    """One person checks."""

    kind: Literal["check"] = "check"


class Agree(Command, duty=True, leading=True):
    """The checker agrees."""

    kind: Literal["agree"] = "agree"
    done: ClassVar = ("审核同意", "agreed")
    comment: Words | None = None


class Verdict(Form):
    """The outcome of a check."""

    route: ClassVar = Route(
        "/check",
        "审核：同意、退回或驳回 Check: agree, return or reject",
        {"decision": "return", "reason": "请补充今年的实例"},
    )
    decision: Literal["agree", "return", "reject"] = Field(description="同意、退回或驳回 / Agree, return or reject")
    reason: Words | None = Field(default=None, description="意见；退回、驳回必填 / Needed for return and reject")
    to: Key | None = Field(
        default=None, description="退回到的环节，默认初稿 / The step to return to, by default the draft"
    )

    def command(self, by: str) -> Command:
        """Agreeing, returning or rejecting; raises ``Invalid`` without a reason for the latter two."""
        if self.decision == "agree":
            return Agree(comment=self.reason)
        if self.reason is None:
            raise Invalid("check.no_reason", zh="退回或驳回须说明理由。", en="Say why.", field="/reason")
        return SendBack(to=self.to, reason=self.reason) if self.decision == "return" else Reject(reason=self.reason)


def _agree(context: CommandContext, run: Checking, command: Agree) -> Outcome:
    context.require_charge()
    return Outcome(run, "pass", reason=command.comment)


class Check(Kind[Checking]):
    """One person checks."""

    labels: ClassVar = {"check": "审核"}
    run: ClassVar = Checking
    commands: ClassVar = {Agree: _agree}
    tag: ClassVar = "审核 check"
    forms: ClassVar = (Verdict,)
    shape: ClassVar = ("[", "]")
    collective: ClassVar = False
    may_reject: ClassVar = True

    def duties(self, context: CommandContext, run: Checking) -> Duties:
        """The checker checks."""
        return dict.fromkeys(context.leading, ("审核", "check"))

    def rehearse(self, rehearsal: Rehearsal, run: Checking, *, agreeing: bool) -> Iterator[tuple[str, Command]]:
        """The checker agrees."""
        yield rehearsal.lead, Agree()
