"""The one transition function: a review, a command, who, when, the role holders → the review after it, and facts.

Everything that ever happens to a review goes through ``apply``, so that its history replayed gives its state. Here are
the way between steps and the to-dos, which know no rules of any one kind of step. Each decision publishes the to-dos
that it opened, finished or withdrew.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from infra.kernel.errors import Refused
from infra.kernel.events import Decision, Fact
from infra.kernel.working_days import Calendar
from services.review.events.published.reviews import ReviewConcluded, ReviewOpened, ReviewReturned, TasksChanged
from services.review.events.value_objects import Task
from services.review.reviews.model import deadlines
from services.review.reviews.model.commands import Command, Overdue, Recalendar, Reseat, Submit
from services.review.reviews.model.context import CommandContext, Duties, Outcome
from services.review.reviews.model.operations import ALWAYS, OPERATIONS
from services.review.reviews.model.procedure.procedure import REJECT, Step
from services.review.reviews.model.review import Entry, Review
from services.review.reviews.model.steps import AnyStepRun
from services.review.shared.role_holders import RoleHolders


def apply(review: Review, command: Command, by: str, at: datetime, holders: RoleHolders) -> Decision[Review]:
    """Make a command; raises ``Refused``, ``Forbidden`` or ``Invalid``, and then nothing has happened."""
    at = at.astimezone(UTC).replace(microsecond=at.microsecond // 1000 * 1000)  # what the database keeps
    if review.finished:
        raise Refused("review.finished", zh="该审核已办结，不能再变更。", en="This review is finished for good.")
    context = _in_whose_name(CommandContext(review, by, at, holders), command)
    after, facts, made = _made(context, command)
    after, changed = _settled(CommandContext(after, by, at, holders), command)
    due = _upcoming(after)
    after = after if after.due_at == due else after.becomes(due_at=due)
    if after == review:
        return review, []
    name = holders.digest
    entry = Entry(
        n=len(review.history) + 1, at=at, by=by, command=command, holders=name, made=made, behalf=context.behalf
    )
    after = after.becomes(
        history=(*review.history, entry), seal=entry.sealed(review.seal), holders={**review.holders, name: holders}
    )
    return after, [*facts, *changed]


def overdue(review: Review, now: datetime) -> Decision[Review]:
    """A moment that the running step waits for may have come; decided with the role holders last known."""
    return _by_itself(review, Overdue(), now)


def recalendared(review: Review, offered: Calendar, now: datetime) -> Decision[Review]:
    """A calendar may be newer than the one that a review carries; decided with the role holders last known."""
    calendar = deadlines.newer(review, offered)
    return (review, []) if calendar is None else _by_itself(review, Recalendar(calendar=calendar), now)


def _by_itself(review: Review, command: Command, now: datetime) -> Decision[Review]:
    return apply(review, command, "system", now, review.holders[review.history[-1].holders])


def _in_whose_name(context: CommandContext, command: Command) -> CommandContext:
    """The context with signers who succeeded others in their posts, and with the name in which a proxy acts."""
    review = context.review
    if review.live is None:
        return context
    kind, run = context.step.rules, context.step.rules.followed(context, review.live)
    if run is not review.live:
        context = replace(context, review=review.with_run(run))
    if review.state != "running":
        return context
    return replace(context, behalf=kind.acts_for(context, context.run, command))


def _made(context: CommandContext, command: Command) -> tuple[Review, Sequence[Fact], int | None]:
    """The review after a command, the facts, and the number of what was made."""
    match command:
        case Submit():
            return *_take(context, command), None
        case Reseat():  # the to-dos follow after every command
            return context.review, (), None
        case Recalendar():
            return deadlines.recalendar(context, command.calendar), (), None
        case Overdue():
            outcome = deadlines.come(context)
        case _:
            outcome = _outcome(context, command)
    return *_follow(context, outcome), outcome.made


def _outcome(context: CommandContext, command: Command) -> Outcome:
    """Ask the running step what it makes of the command; returning, rejecting and handing on are the same in all."""
    state, operation = context.review.state, OPERATIONS.get(type(command))
    if state != "running" and (state == "new" or not isinstance(command, ALWAYS)):
        raise Refused("review.with_drafter", zh="稿件已退回起草人。", en="The text is back with its drafter.")
    return operation(context, command) if operation else context.step.rules.decide(context, context.run, command)


def _take(context: CommandContext, command: Submit) -> Decision[Review]:
    """Take in a submission: the first one, or a resubmission after a return; it goes to the step after the draft."""
    review, draft = context.review, context.review.procedure.first
    if command.submission <= review.submission:
        raise Refused("submission.known", zh="该次提交已受理。", en="This submission was taken in already.")
    if review.state not in ("new", "returned"):
        raise Refused("review.running", zh="审核进行中，不能再次提交。", en="The review is running already.")
    live = review.live or _visit(context, draft, 1)
    drafting = _closed(context, live, "passed", None)
    review = review.becomes(
        state="running",
        drafters=(*(person for person in review.drafters if person != context.by), context.by),
        submission=command.submission,
        document=command.document,
        revision=command.revision,
        schemas=command.schemas,
        calendar=command.calendar or review.calendar,
        runs=(*(review.runs[:-1] if review.live else review.runs), drafting),
    )
    following = review.procedure.after(draft)
    assert following is not None  # noqa: S101 - a published procedure ends in a deciding step
    review, following = _onward(replace(context, review=review), drafting, following)
    opened = ReviewOpened(
        **review.label,
        step=following.key,
        procedure=review.procedure.id,
        procedure_version=review.procedure.number,
        submission=review.submission,
    )
    return review, [opened]


def _follow(context: CommandContext, outcome: Outcome) -> Decision[Review]:
    """Do what a step made of a command."""
    review = context.review.with_run(outcome.run)
    if outcome.document is not None:
        review = review.becomes(document=outcome.document, revision=review.revision + 1)
    if outcome.copies:
        review = review.becomes(copies=(*review.copies, *outcome.copies))
    context = replace(context, review=review)
    match outcome.go:
        case "stay":
            return review, outcome.facts
        case "pass":
            return _pass(context, outcome)
        case "back" if outcome.to != REJECT:
            return _back(context, outcome)
        case "recall":
            return _conclude(context, "recalled", "recalled", outcome)
        case "terminate":
            return _conclude(context, "terminated", "terminated", outcome)
        case _:
            return _conclude(context, "rejected", "not_carried" if outcome.lost else "rejected", outcome)


def _conclude(context: CommandContext, state: str, ends: str, outcome: Outcome) -> Decision[Review]:
    """End the review for good, and its run as it ``ends``."""
    after = context.review.with_run(
        _closed(context, outcome.run, ends, outcome.reason),
        state=state,
        due_at=None,
        resolution=outcome.resolution,
        reason=outcome.reason,
    )
    terminated = state == "terminated"
    said = {"outcome": "rejected" if terminated else state, "terminated": terminated, "concluded_by": context.by}
    return after, [ReviewConcluded.model_validate({**dict(after), **after.label, "drafter": after.drafter, **said})]


def _pass(context: CommandContext, outcome: Outcome) -> Decision[Review]:
    following = context.review.procedure.after(context.step)
    if following is None and not outcome.run.resume:
        return _conclude(context, "approved", "passed", outcome)
    closed = _closed(context, outcome.run, "passed", outcome.reason)
    context = replace(context, review=context.review.with_run(closed))
    return _onward(context, closed, following or context.step)[0], []


def _back(context: CommandContext, outcome: Outcome) -> Decision[Review]:
    procedure, source = context.review.procedure, context.step
    target = procedure.first if outcome.to is None else procedure.step(outcome.to)
    closed = _closed(context, outcome.run, "not_carried" if outcome.lost else "returned", outcome.reason)
    review = context.review.with_run(closed, state="returned" if target.rules.with_drafter else "running")
    after = _enter(replace(context, review=review), target, outcome.resume)
    fact: Fact = ReviewReturned(
        **after.label,
        document=after.document,
        revision=after.revision,
        from_step=source.key,
        to_step=target.key,
        to_drafter=target.rules.with_drafter,
        reason=outcome.reason or "",
        returned_by=context.by,
        drafter=after.drafter,
        resume=bool(outcome.resume),
    )
    return after, [fact]


def _onward(context: CommandContext, passed: AnyStepRun, following: Step) -> tuple[Review, Step]:
    """From a passed run to the step that is waiting for the review to come back, or else to the following one."""
    step = context.review.procedure.step(passed.resume[0]) if passed.resume else following
    return _enter(context, step, passed.resume[1:]), step


def _enter(context: CommandContext, step: Step, resume: tuple[str, ...] = ()) -> Review:
    """Begin a new run; earlier runs of the same step stay as they were."""
    seen = sum(run.step == step.key for run in context.review.runs)
    run = _visit(context, step, seen + 1).becomes(resume=resume)
    return context.review.becomes(runs=(*context.review.runs, run), due_at=run.due_at)


def _visit(context: CommandContext, step: Step, count: int) -> AnyStepRun:
    due, provisional = step.deadline(context.at, context.review.calendar)
    common = {"step": step.key, "round": count, "opened_at": context.at, "due_at": due, "provisional": provisional}
    begun: AnyStepRun = step.rules.begin(context, step, common)
    return begun


def _closed(context: CommandContext, run: AnyStepRun, outcome: str, reason: str | None) -> AnyStepRun:
    return run.becomes(
        closed_at=context.at, closed_by=context.by, closed_for=context.behalf, outcome=outcome, reason=reason
    )


def _upcoming(review: Review) -> datetime | None:
    """The next moment at which something happens by itself; None when nothing does."""
    run, step = review.live, review.step
    if run is None or step is None:
        return None
    coming = [run.due_at] if not run.overdue else deadlines.levels(step, run, review.calendar)[run.escalated :][:1]
    coming.append(step.rules.moment(run))
    return min((moment for moment in coming if moment is not None), default=None)


def waiting(context: CommandContext) -> Duties:
    """Who must act now so that the review goes on, and what each must do."""
    if context.review.live is None:
        return {}
    own = context.step.rules.duties(context, context.run)
    asked = [one.taker for one in context.delegations if one.giver in context.delegable]
    return _standing_in(context, own) | dict.fromkeys(asked, ("答复委派", "give the opinion asked for")) | own


def _standing_in(context: CommandContext, waited_for: Collection[str]) -> Duties:
    """The proxies of those who are waited for and absent; never for a vote, nor for the drafter's pen."""
    rules, run, found = context.step.rules, context.run, Duties()
    if rules.with_drafter:
        return found
    for person in dict.fromkeys((*context.leading, *rules.awaited(context, run))):
        proxy = context.holders.proxy_of(person)
        if proxy is None or person not in waited_for or not rules.may_stand_in(context, run, person, proxy):
            continue
        if context.may_take(proxy):
            found[proxy] = (f"代{person}办理", f"act for {person}")
    return found


def _settled(context: CommandContext, command: Command) -> tuple[Review, list[TasksChanged]]:
    """Bring the to-dos of the review in line with who must act after this command; tell only what changed."""
    review, known = context.review, {task.task: task for task in context.review.tasks}
    wanted = {task.task: task for task in _wanted(context, known)}
    now = {key: wanted.get(key) or _ended(context, command, task) for key, task in known.items()} | wanted
    changed = [task for key, task in now.items() if known.get(key) != task]
    if not changed:
        return review, []
    return review.becomes(tasks=tuple(now.values())), [TasksChanged(**review.label, tasks=changed)]


def _wanted(context: CommandContext, known: Mapping[str, Task]) -> Iterator[Task]:
    live, step = context.review.live, context.review.step
    if live is None or step is None:
        return
    for person, (duty, duty_en) in sorted(waiting(context).items()):
        key = f"{context.review.id}:{live.step}:{live.round}:{person}"
        yield Task(
            task=key,
            person=person,
            step=live.step,
            round=live.round,
            title=f"{step.title}·{duty}",
            title_en=f"{step.title_en}: {duty_en}",
            state="open",
            since=known[key].since if key in known and known[key].state == "open" else context.at,
            due=live.due_at,
        )


def _ended(context: CommandContext, command: Command, task: Task) -> Task:
    """An open to-do that nobody waits for any more: done by its person, or withdrawn."""
    if task.state != "open":
        return task
    acted = (context.by == task.person and command.duty) or any(
        entry.by == task.person and entry.at > task.since and entry.command.duty for entry in context.review.history
    )
    return task.model_copy(update={"state": "done" if acted else "withdrawn"})


def first(review: Review) -> Review:
    """The review before its first command."""
    own = ("id", "brand", "owner", "committee", "procedure")
    return Review(**{name: getattr(review, name) for name in own})


def as_of(review: Review, entry: int) -> Review:
    """The review as it was after one of its commands."""
    return replay(first(review), review.history[:entry], review.holders)


def replay(review: Review, history: Sequence[Entry], holders: Mapping[str, RoleHolders]) -> Review:
    """Make the commands of a history again, in order; raises what one raises that cannot have happened."""
    for entry in history:
        review, _ = apply(review, entry.command, entry.by, entry.at, holders[entry.holders])
    return review
