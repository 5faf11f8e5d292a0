"""Circulation (传阅): people confirm that they have read the text (阅知); at its deadline it passes by itself.

Who reads is taken from the step on the day it opens; a drafter knows the text. Reading is personal, nobody does it by
proxy. Who loses the post before reading is waited for no more, and the names of those who were stay in the run.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, ClassVar, Literal

from pydantic import Field

from infra.kernel.dates import day_of
from infra.kernel.errors import Forbidden, NotYet, Refused
from services.review.events.value_objects import Stored
from services.review.reviews.model.commands import Command, Route
from services.review.reviews.model.context import CommandContext, Duties, Outcome, Rehearsal, Step, StepRun
from services.review.reviews.model.explain.page import Reason, Requirement
from services.review.reviews.model.steps.kind import Kind, Rule, Viewer, none_left
from services.review.shared.role_holders import people
from services.review.shared.text_types import Words

MOST_READERS = 500
"""A review is one document of the database, and each reader has a to-do in it."""


class Reading(Stored):
    """Somebody confirmed that they have read it."""

    by: str
    at: datetime
    comment: str | None = None


class Acknowledging(StepRun):
    """It circulates; ``readers`` are those of the day on which it opened."""

    kind: Literal["acknowledge"] = "acknowledge"
    readers: tuple[str, ...]
    readings: tuple[Reading, ...] = ()

    @property
    def unread(self) -> tuple[str, ...]:
        """Who has not confirmed."""
        read = {one.by for one in self.readings}
        return tuple(person for person in self.readers if person not in read)


class AcknowledgingView(Acknowledging):
    """A circulation as one reader sees it: how many always, who as far as it may be seen."""

    counts: dict[str, int]


class Acknowledge(Command, duty=True):
    """Somebody who is to read it confirms that they have."""

    kind: Literal["acknowledge"] = "acknowledge"
    done: ClassVar = ("确认已阅", "confirmed having read it")
    route: ClassVar = Route("/acknowledgements", "确认已阅（本人） Confirm that one has read it", {"comment": "已阅"})
    comment: Words | None = Field(default=None, description="意见，可省略 / A comment, optional")


def _holding(context: CommandContext, step: Step) -> tuple[str, ...]:
    """Who belongs to the readers today: holders of the step's roles and the people named in it, but no drafter."""
    held = (*context.holding(*step.readers), *step.experts)
    return people(one for one in held if one not in context.review.drafters)


def _waited_for(context: CommandContext, run: Acknowledging) -> tuple[str, ...]:
    """Who has not read it and did not leave."""
    staying = set(_holding(context, context.step))
    return tuple(one for one in run.unread if one in staying)


def _acknowledge(context: CommandContext, run: Acknowledging, command: Acknowledge) -> Outcome:
    """Confirm; it passes when everybody has who is still to."""
    if context.by in run.readers and context.by not in run.unread:
        raise Refused("acknowledge.twice", zh="您已确认阅知。", en="You have confirmed already.")
    if context.by not in _waited_for(context, run):
        raise Forbidden("acknowledge.no_reader", zh="您不在传阅范围内。", en="You are not among its readers today.")
    after = run.becomes(readings=(*run.readings, Reading(by=context.by, at=context.at, comment=command.comment)))
    return Outcome(after) if _waited_for(context, after) else Outcome(after, "pass")


class Circulation(Kind[Acknowledging]):
    """Named people confirm that they have read it; none of them can hold it up."""

    labels: ClassVar = {"acknowledge": "传阅"}
    run: ClassVar = Acknowledging
    view: ClassVar = AcknowledgingView
    commands: ClassVar = {Acknowledge: _acknowledge}
    tag: ClassVar = "传阅 circulation"
    shape: ClassVar = ("[[", "]]")
    who: ClassVar = "readers"
    deciding: ClassVar = False
    collective: ClassVar = False
    takes_experts: ClassVar = True
    empty: ClassVar = ("acknowledge.no_readers", "readers")

    def begin(self, context: CommandContext, step: Step, common: dict[str, Any]) -> Acknowledging:
        """With the readers of today; raises ``NotYet`` when there are none, or more than one review can hold."""
        readers = _holding(context, step)
        if not 0 < len(readers) <= MOST_READERS:
            raise NotYet(
                "acknowledge.no_readers",
                zh=f"环节“{step.title}”今天应传阅 {len(readers)} 人，须为 1 至 {MOST_READERS} 人。",
                en=f"{len(readers)} would read in the step “{step.title_en}” today; it must be 1 to {MOST_READERS}.",
            )
        return Acknowledging(**common, readers=readers)

    def duties(self, context: CommandContext, run: Acknowledging) -> Duties:
        """Whoever has not read it and still belongs to its readers reads it."""
        return dict.fromkeys(_waited_for(context, run), ("阅知", "read and confirm"))

    def come(self, context: CommandContext, run: Acknowledging) -> Outcome | None:
        """At its deadline it passes, whoever has not read it."""
        if run.due_at is None or run.due_at > context.at:
            return None
        left, read = len(run.unread), len(run.readings)
        reason = (
            f"传阅期限届满：{read} 人已阅，{left} 人未确认。 The time is over: {read} have read it, {left} have not."
        )
        return Outcome(run, "pass", reason=reason)

    def rules(self, step: Step, *, mine: bool) -> Iterator[Rule]:
        """Who reads, and until when."""
        readers, named = step.readers, step.readers or (mine and step.experts)
        yield (
            "readers",
            bool(named) == mine and len(set(readers)) == len(readers),
            "传阅环节须写明传阅角色或人员且不重复，其他环节不写。",
            "a circulation names roles or people who read, each once; no other step does.",
        )
        yield (
            "days",
            not mine or step.days is not None or step.working_days is not None,
            "传阅环节须有期限，期满自动通过。",
            "a circulation has a deadline, at which it passes by itself.",
        )

    def rehearse(self, rehearsal: Rehearsal, run: Acknowledging, *, agreeing: bool) -> Iterator[tuple[str, Command]]:
        """Everybody reads it."""
        yield from ((one, Acknowledge()) for one in run.unread)

    def passes_with(self, context: CommandContext, run: Acknowledging) -> str | None:
        """All readings, or the deadline."""
        n = len(run.readers)
        return f"{n} 人已阅，或期限届满 / {n} have read it, or its time is over"

    def requirements(self, step: Step, run: Acknowledging) -> tuple[Requirement, ...]:
        """Nobody left who has not read it."""
        left, n = len(run.unread), len(run.readers)
        words = (f"应传阅 {n} 人，{left} 人尚未确认阅知", f"{left} of {n} have not confirmed having read it")
        return (none_left("readings_missing", left, (), words),)

    def reasons(self, context: CommandContext, run: Acknowledging, person: str, day: date) -> Iterator[Reason]:
        """A reader who has not confirmed."""
        if person in run.unread:
            opened = day_of(run.opened_at)
            zh, en = f"{opened} 确定的传阅人员，尚未确认阅知", f"among the readers of {opened}, has not confirmed"
            yield Reason(rule="reader", day=opened, zh=zh, en=en)

    def figures(self, step: Step, run: Acknowledging) -> Iterator[str]:
        """How many have read it."""
        yield f"应传阅 {len(run.readers)} 人，已阅 {len(run.readings)} 人"

    def involved(self, run: Acknowledging) -> Iterable[str]:
        """The readers."""
        return run.readers

    def shown_to(self, viewer: Viewer, step: Step, run: Acknowledging) -> AcknowledgingView:
        """Who has read it, to those who may know who the readers are: they may be the members."""
        counts = {"readers": len(run.readers), "read": len(run.readings)}
        return viewer.view(AcknowledgingView, run, counts, people=("readers",), by=("readings",))

    def shows_waiting(self, viewer: Viewer, person: str) -> bool:
        """The same of who has not."""
        return viewer.may_see(person)
