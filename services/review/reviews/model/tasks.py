"""To-dos: which person must do what now; each decision tells those that it opened, finished or withdrew."""

from services.review.events.published.reviews import TasksChanged
from services.review.events.value_objects import Task
from services.review.reviews.model.commands import Command
from services.review.reviews.model.context import CommandContext, Duties
from services.review.reviews.model.handing import advising, standing_in
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
    kept = {task.task: task for task in review.tasks}
    now: dict[str, Task] = {}
    for key, task in kept.items():
        now[key] = wanted[key] if key in wanted else _ended(context, command, task)
    now |= wanted
    changed = [task for key, task in now.items() if kept.get(key) != task]
    if not changed:
        return review, []
    fact = TasksChanged(review=review.id, brand=review.brand, owner=review.owner, name=review.name, tasks=changed)
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
