"""A to-do is replicated state: review owns it, notify keeps the newest that it consumed."""

from services.notify.events.consumed import Duty, TasksChanged


class Todo(Duty):
    """One thing one person has to do; the id ``review:step:round:person`` also names it in other systems."""

    id: str
    review: str
    brand: str
    owner: str
    name: str | None

    @property
    def link(self) -> str:
        """Where it is done."""
        return f"/reviews/{self.review}"


def todos(fact: TasksChanged) -> list[Todo]:
    """The to-dos that a fact is about, each in its whole state."""
    shared = fact.model_dump(exclude={"tasks"})
    return [Todo(id=task.task, **shared, **task.model_dump(exclude={"task"})) for task in fact.tasks]
