"""To-dos: which person must do what now; each decision tells those that it opened, finished or withdrew."""

from services.review.events.published.reviews import TasksChanged
from services.review.events.value_objects import Task
from services.review.reviews.model.commands import DUTIES, Command
from services.review.reviews.model.context import CommandContext, Duties
from services.review.reviews.model.handing import advising, standing_in
from services.review.reviews.model.kinds import duties
from services.review.reviews.model.review import Review


def waiting(turn: CommandContext) -> Duties:
    """Who must act now so that the review goes on, and what each must do."""
    if turn.review.live is None:
        return {}
    own = duties(turn, turn.review.live)
    return standing_in(turn, own) | advising(turn) | own


def settle(turn: CommandContext, move: Command) -> tuple[Review, list[TasksChanged]]:
    """Bring the to-dos of the review in line with who must act after this move; tell only what changed."""
    review = turn.review
    wanted = {task.task: task for task in _wanted(turn)}
    kept = {task.task: task for task in review.tasks}
    now: dict[str, Task] = {}
    for key, task in kept.items():
        now[key] = wanted[key] if key in wanted else _ended(turn, move, task)
    now |= wanted
    changed = [task for key, task in now.items() if kept.get(key) != task]
    if not changed:
        return review, []
    told = TasksChanged(review=review.id, brand=review.brand, owner=review.owner, name=review.name, tasks=changed)
    return review.becomes(tasks=tuple(now.values())), [told]


def _wanted(turn: CommandContext) -> list[Task]:
    live, step = turn.review.live, turn.review.step
    if live is None or step is None:
        return []
    known = {task.task: task for task in turn.review.tasks if task.state == "open"}
    tasks = []
    for person, (duty, duty_en) in sorted(waiting(turn).items()):
        key = f"{turn.review.id}:{live.step}:{live.round}:{person}"
        task = Task(
            task=key,
            person=person,
            step=live.step,
            round=live.round,
            title=f"{step.title}·{duty}",
            title_en=f"{step.title_en}: {duty_en}",
            state="open",
            since=known[key].since if key in known else turn.at,
            due=live.due_at,
        )
        tasks.append(task)
    return tasks


def _ended(turn: CommandContext, move: Command, task: Task) -> Task:
    """An open to-do that nobody waits for any more: done by its person, or withdrawn."""
    if task.state != "open":
        return task
    acted = (turn.by == task.person and isinstance(move, DUTIES)) or any(
        entry.by == task.person and entry.at > task.since and isinstance(entry.move, DUTIES)
        for entry in turn.review.history
    )
    return task.model_copy(update={"state": "done" if acted else "withdrawn"})
