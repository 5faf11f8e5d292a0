"""To-dos, and duties that are handed on: a transfer gives one away, a delegate is asked and the duty comes back.

Each decision publishes the to-dos that it opened, finished or withdrew. A vote, a ballot and a signature are personal
and never handed over. Whoever takes a duty is no drafter of the text, and in a co-revision not of the branch that
answers. A duty belongs to a post: when its holder loses it, what was taken over from them lapses.
"""

from collections.abc import Collection

from infra.kernel.errors import Forbidden, Refused
from services.review.events.published.reviews import TasksChanged
from services.review.events.value_objects import Task
from services.review.reviews.model.commands import Advise, Command, Delegate, Transfer
from services.review.reviews.model.context import CommandContext, Duties, Handing, Outcome, may_take
from services.review.reviews.model.review import Review


def waiting(context: CommandContext) -> Duties:
    """Who must act now so that the review goes on, and what each must do."""
    if context.review.live is None:
        return {}
    own = context.step.rules.duties(context, context.run)
    return standing_in(context, own) | advising(context) | own


def settle(context: CommandContext, command: Command) -> tuple[Review, list[TasksChanged]]:
    """Bring the to-dos of the review in line with who must act after this command; tell only what changed."""
    review = context.review
    wanted = {task.task: task for task in _wanted(context)}
    known = {task.task: task for task in review.tasks}
    now: dict[str, Task] = {}
    for key, task in known.items():
        now[key] = wanted[key] if key in wanted else _ended(context, command, task)
    now |= wanted
    changed = [task for key, task in now.items() if known.get(key) != task]
    if not changed:
        return review, []
    fact = TasksChanged(**review.label, tasks=changed)
    return review.becomes(tasks=tuple(now.values())), [fact]


def _wanted(context: CommandContext) -> list[Task]:
    live, step = context.review.live, context.review.step
    if live is None or step is None:
        return []
    known = {task.task: task for task in context.review.tasks if task.state == "open"}
    tasks = []
    for person, (duty, duty_en) in sorted(waiting(context).items()):
        key = f"{context.review.id}:{live.step}:{live.round}:{person}"
        task = Task(
            task=key,
            person=person,
            step=live.step,
            round=live.round,
            title=f"{step.title}·{duty}",
            title_en=f"{step.title_en}: {duty_en}",
            state="open",
            since=known[key].since if key in known else context.at,
            due=live.due_at,
        )
        tasks.append(task)
    return tasks


def _ended(context: CommandContext, command: Command, task: Task) -> Task:
    """An open to-do that nobody waits for any more: done by its person, or withdrawn."""
    if task.state != "open":
        return task
    acted = (context.by == task.person and command.duty) or any(
        entry.by == task.person and entry.at > task.since and entry.command.duty for entry in context.review.history
    )
    return task.model_copy(update={"state": "done" if acted else "withdrawn"})


MOST_HANDINGS = 50
"""In one run: a review is one document of the database and must stay small."""


def transfer(context: CommandContext, command: Transfer) -> Outcome:
    """Somebody else is in charge from now on, instead of this person or of who they are the proxy of."""
    context.require_charge()
    giver = context.behalf or context.by
    if giver not in context.in_charge:
        raise Refused(
            "transfer.by_role",
            zh="您凭系统角色办理，没有可以转办的待办。",
            en="You act by a role of your token: there is no duty of yours to hand over.",
        )
    if command.to in context.in_charge:
        raise Refused("transfer.in_charge", zh="此人已是承办人。", en="They are in charge already.", field="/to")
    return _handed(
        context, Handing(kind="transfer", giver=giver, taker=command.to, at=context.at, reason=command.reason)
    )


def delegate(context: CommandContext, command: Delegate) -> Outcome:
    """Ask somebody for an opinion before acting; one delegate at a time for each who asks."""
    giver = context.behalf or context.by
    if giver not in _acting(context):
        raise Forbidden(
            "delegate.no_duty",
            zh="您在本环节没有可以委派的职责（表决不能委派）。",
            en="You have no duty here that could be delegated; a vote never is.",
        )
    if command.to == giver or any(one.taker == command.to or one.giver == giver for one in _open(context)):
        raise Refused(
            "delegate.open",
            zh="已有尚未答复的委派，或此人正在办理委派。",
            en="An opinion is still awaited, from you or from them.",
            field="/to",
        )
    return _handed(
        context, Handing(kind="delegate", giver=giver, taker=command.to, at=context.at, reason=command.reason)
    )


def advise(context: CommandContext, command: Advise) -> Outcome:
    """The delegate's opinion; the duty is back with who asked."""
    asked = next((one for one in _open(context) if one.taker == context.by), None)
    if asked is None:
        raise Forbidden("advice.not_asked", zh="没有等待您答复的委派。", en="Nobody here waits for your opinion.")
    answered = asked.becomes(opinion=command.opinion, ended_at=context.at)
    handings = tuple(answered if one is asked else one for one in context.run.handings)
    return Outcome(context.run.becomes(handings=handings))


def advising(context: CommandContext) -> Duties:
    """The delegates who are waited for: those asked by somebody who still has the duty."""
    asked = [one.taker for one in _open(context) if one.giver in _acting(context)]
    return dict.fromkeys(asked, ("答复委派", "give the opinion asked for"))


def standing_in(context: CommandContext, waited_for: Collection[str]) -> Duties:
    """The proxies of those who are waited for and absent; never for a vote, nor for the drafter's pen."""
    rules, run, found = context.step.rules, context.run, Duties()
    if rules.with_drafter:
        return found
    for person in dict.fromkeys((*context.leading, *rules.awaited(context, run))):
        proxy = context.holders.proxy_of(person)
        if proxy is None or person not in waited_for or not rules.may_stand_in(context, run, person, proxy):
            continue
        if may_take(context.review, context.step, context.holders, proxy):
            found[proxy] = (f"代{person}办理", f"act for {person}")
    return found


def _acting(context: CommandContext) -> tuple[str, ...]:
    """Who has a duty that is not a personal vote."""
    return (*context.in_charge, *context.step.rules.delegable(context, context.run))


def _open(context: CommandContext) -> list[Handing]:
    return [one for one in context.run.handings if one.kind == "delegate" and one.ended_at is None]


def _handed(context: CommandContext, handing: Handing) -> Outcome:
    if not may_take(context.review, context.step, context.holders, handing.taker):
        raise Refused(
            "duty.own_text",
            zh="起草人及其支部答复人不得承办对本稿件的审核职责。",
            en="A drafter, or in a co-revision the branch's side, may not take over a duty on this text.",
            field="/to",
        )
    if len(context.run.handings) >= MOST_HANDINGS:
        raise Refused(
            "duty.handed_too_often",
            zh=f"一个环节中最多转办、委派 {MOST_HANDINGS} 次。",
            en=f"At most {MOST_HANDINGS} transfers and delegations in one visit.",
        )
    return Outcome(context.run.becomes(handings=(*context.run.handings, handing)))
