"""What a kind of step is: one object that says everything about it. A new kind is one file beside this one.

The way between steps, to-dos, deadlines, procedures, explanations, papers and views ask the kind of the running step;
none of them lists the kinds.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Generic, TypeVar

from infra.kernel.working_days import Calendar
from services.review.reviews.model.commands import Command, Delegate, Form
from services.review.reviews.model.context import (
    CommandContext,
    Duties,
    Outcome,
    Rehearsal,
    Review,
    Statement,
    Step,
    StepRun,
)
from services.review.reviews.model.explain.page import Reason, Requirement
from services.review.reviews.model.procedure.bodies import Base, Role, Share
from services.review.shared.role_holders import RoleHolders

R = TypeVar("R", bound=StepRun)
V = TypeVar("V", bound=StepRun)


@dataclass(frozen=True)
class Viewer:
    """Who reads, and whether they may see who is on the roster, that of the whole area, and who raised objections."""

    person: str
    names: bool
    area: bool = False
    objectors: bool = False

    def may_see(self, person: str) -> bool:
        """Whether this person's part in a vote is shown to the reader."""
        return self.names or person == self.person

    def view(
        self, view: type[V], run: StepRun, counts: dict[str, int], *, people: tuple[str, ...], by: tuple[str, ...]
    ) -> V:
        """A run with its counts, and of its fields of ``people``, and of what is said ``by`` them, what is shown."""
        shown = {name: tuple(filter(self.may_see, getattr(run, name))) for name in people}
        shown |= {name: tuple(one for one in getattr(run, name) if self.may_see(one.by)) for name in by}
        return view.model_validate({**dict(run), **shown, "counts": counts})


Rule = tuple[str, object, str, str]
"""A field of a step, whether it holds, and what it must be in Chinese and in English."""


class Kind(ABC, Generic[R]):
    """One kind of step. What most kinds have in common is said here; a kind says what is its own.

    ``labels``: its names in procedures, and what each is called in the diagram. ``run``: what a stay at such a step
    keeps; ``view``: as a reader is shown it, if not as it is. ``commands``: those that belong to it, and what it makes
    of each; ``forms``: what is sent and becomes one of them; ``tag``: the heading under which these stand in the API.
    """

    labels: ClassVar[Mapping[str, str]]
    run: ClassVar[type[StepRun]]
    view: ClassVar[type[StepRun] | None] = None
    commands: ClassVar[Mapping[type[Command], Callable[[CommandContext, Any, Any], Outcome]]] = {}
    forms: ClassVar[tuple[type[Form], ...]] = ()
    tag: ClassVar[str] = ""
    shape: ClassVar[tuple[str, str]] = ("{{", "}}")
    """Its outline in the diagram."""
    who: ClassVar[str] = "assignees"
    """The field of a step with those whom the diagram names."""
    with_drafter: ClassVar[bool] = False
    """The pen is with the drafter: no proxy, no to-do for anybody else."""
    deciding: ClassVar[bool] = True
    """It may be the last step."""
    collective: ClassVar[bool] = True
    """It may be lost, which leads back or ends the review."""
    bars_drafters: ClassVar[bool] = True
    """Nobody acts in it on a text that they submitted."""
    may_reject: ClassVar[bool] = False
    """Whoever is in charge may be allowed to end the review."""
    shares: ClassVar[tuple[str, ...]] = ()
    """Which shares it must have: ``quorum``, ``majority``."""
    may_share: ClassVar[tuple[str, ...]] = ()
    """Which it may have."""
    bases: ClassVar[tuple[Base, ...]] = ("members", "expected", "voters", "present")
    """What its shares may be a part of."""
    takes_experts: ClassVar[bool] = False
    """People may be named in it by number."""
    counts_working_days: ClassVar[bool] = False
    """It needs the calendar, whatever its deadline."""
    empty: ClassVar[tuple[str, str]] = ("", "")
    """The problem of having nobody in it, and the field that is to blame."""
    stuck: ClassVar[str] = "trial.nobody"
    """The problem of a dry run that goes no further."""
    level: ClassVar[Role | None] = None
    """Whose level it always speaks for on paper; None = that of whoever acted."""

    def begin(self, context: CommandContext, step: Step, common: dict[str, Any]) -> R:
        """The run with which it begins; raises ``NotYet`` when there is nobody for it."""
        return self.run(**common)  # type: ignore[return-value] # it is the kind's own

    def decide(self, context: CommandContext, run: R, command: Command) -> Outcome:
        """What it makes of a command; raises ``Refused``, ``Forbidden`` and ``Invalid``."""
        if type(command) not in self.commands:
            raise context.not_here(command)
        return self.commands[type(command)](context, run, command)

    @abstractmethod
    def duties(self, context: CommandContext, run: R) -> Duties:
        """Whom it waits for, and for what."""

    def awaited(self, context: CommandContext, run: R) -> tuple[str, ...]:
        """Who must act beside those in charge and may have a proxy."""
        return ()

    def delegable(self, context: CommandContext, run: R) -> tuple[str, ...]:
        """Who of them may ask somebody for an opinion first."""
        return ()

    def may_stand_in(self, context: CommandContext, run: R, person: str, proxy: str | None) -> bool:
        """Whether this proxy may act for this person."""
        return True

    def acts_for(self, context: CommandContext, run: R, command: Command) -> str | None:
        """In whose name somebody gives a command, when not in their own."""
        if not command.leading or context.in_own_right():
            return None
        awaited = self.delegable(context, run) if isinstance(command, Delegate) else ()
        return None if context.by in awaited else context.stands_in((*context.in_charge, *awaited))

    def may_take(self, review: Review, holders: RoleHolders, person: str) -> bool:
        """Whether somebody without the post may act in it, who is no drafter."""
        return True

    def followed(self, context: CommandContext, run: R) -> R:
        """The run after posts changed hands."""
        return run

    def moment(self, run: R) -> datetime | None:
        """When something happens by itself in it, beside its deadline."""
        return None

    def come(self, context: CommandContext, run: R) -> Outcome | None:
        """What happens by itself at this moment, beside being late."""
        return None

    def recounted(self, run: R, calendar: Calendar, at: datetime) -> R:
        """The run by a newer calendar."""
        return run

    def rules(self, step: Step, *, mine: bool) -> Iterator[Rule]:
        """What a step must say (``mine``: one of this kind) or leave out (any other)."""
        yield from ()

    def terms(self, step: Step) -> Iterator[str]:
        """What the diagram says of such a step."""
        yield from ()

    @abstractmethod
    def rehearse(self, rehearsal: Rehearsal, run: R, *, agreeing: bool) -> Iterator[tuple[str, Command]]:
        """Who does what in a dry run, so that it passes, or is lost."""

    def passes_with(self, context: CommandContext, run: R) -> str | None:
        """The figures that carry it, with these people: of those who may vote, the votes in favour."""
        figures, majority = getattr(run, "figures", {}), context.step.majority
        if majority is None or "voters" not in figures:
            return None
        return f"{majority.needed({**figures, 'present': figures['voters']})} / {figures['voters']}"

    def requirements(self, step: Step, run: R) -> tuple[Requirement, ...]:
        """What it needs before it can end, and how far it is."""
        return ()

    def reasons(self, context: CommandContext, run: R, person: str, day: date) -> Iterator[Reason]:
        """Why it waits for this person, beside being in charge."""
        yield from ()

    def figures(self, step: Step, run: R) -> Iterator[str]:
        """What its papers say was counted, in Chinese as they are."""
        yield from ()

    def statements(self, run: R) -> Iterator[Statement]:
        """What single people said in it under their names, for its papers."""
        yield from ()

    def named(self, run: R) -> Iterable[str | None]:
        """Whom its papers name, beside who closed it."""
        return ()

    def involved(self, run: R) -> Iterable[str]:
        """Who was asked in, by no post."""
        return ()

    def asked(self, run: R) -> Iterable[str]:
        """Who of them may still have to act, and may have a proxy."""
        return ()

    def shown_to(self, viewer: Viewer, step: Step, run: R) -> StepRun:
        """The run as a reader sees it."""
        return run

    def shows_waiting(self, viewer: Viewer, person: str) -> bool:
        """Whether a reader sees that this person is waited for."""
        return True

    def opened(self, run: R) -> bool:
        """Whether what is sealed in it was opened."""
        return True


def share_of(
    rule: str, words: tuple[str, str], share: Share | None, count: int, figures: Mapping[Base, int], *meetings: int
) -> tuple[Requirement, ...]:
    """A share as a requirement; none where the step names none."""
    if share is None:
        return ()
    base, needed = figures[share.of], share.needed(figures)
    zh = f"{words[0]}：{base} 人中须 {needed} 人，现 {count} 人"
    en = f"{words[1]}: {needed} of {base} needed, {count} now"
    found = Requirement(
        rule=rule,
        of=share.of,
        base=base,
        needed=needed,
        count=count,
        fulfilled=share.met(count, figures),
        numbers=meetings,
        zh=zh,
        en=en,
    )
    return (found,)


def none_left(rule: str, left: int, numbers: tuple[int, ...], words: tuple[str, str]) -> Requirement:
    """Nothing of this may be left."""
    return Requirement(rule=rule, needed=0, count=left, fulfilled=not left, numbers=numbers, zh=words[0], en=words[1])


def listed(zh: str, en: str, numbers: tuple[int, ...]) -> tuple[str, str]:
    """Numbers in words."""
    names = ", ".join(map(str, numbers))
    return (f"{zh}：{names or '无'}", f"{en}: {names or 'none'}")
