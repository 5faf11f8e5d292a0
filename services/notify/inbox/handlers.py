"""Facts in: to-dos, people and organisations are mirrored; the other facts become messages."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from infra.kernel.events import Event
from infra.messaging.subscriptions import Handlers
from services.notify.events.consumed import OrganisationRecorded, PersonRecorded, TasksChanged
from services.notify.inbox.model.notice import ABOVE, MESSAGES, Message, notice
from services.notify.inbox.model.todo import todos
from services.notify.inbox.model.wording import Wording
from services.notify.inbox.store import Mirrors, Notices, TodoRow, Todos
from services.notify.office.store import Office


def newest(rows: Iterable[TodoRow]) -> list[TodoRow]:
    """For each id the newest row: the order of a batch and its repetitions are of no meaning."""
    return list({row.id: row for row in sorted(rows, key=lambda row: row.version)}.values())


def subscribe(mirrors: Mirrors, tasks: Todos, notices: Notices, wording: Wording, office: Office) -> Handlers:
    """What this service consumes, and what it does about it."""
    subscriptions = Handlers()
    subscriptions.mirror(PersonRecorded, mirrors.people)
    subscriptions.mirror(OrganisationRecorded, mirrors.organisations)

    @subscriptions.project(TasksChanged)
    async def on_tasks(batch: Sequence[Event[TasksChanged]]) -> None:
        rows = newest(TodoRow(version=event.sequence, **dict(todo)) for event in batch for todo in todos(event.data))
        await tasks.mirror.save(rows)
        await office.want(rows)

    def sending(say: Callable[[Any], Message | None]) -> Callable[[Event[Any]], Awaitable[None]]:
        async def send(event: Event[Any]) -> None:
            message = say(event.data)
            if message is None:
                return
            if message.concerns is not None:
                above = await mirrors.above(message.concerns) if ABOVE in message.to else []
                organisation = await mirrors.organisation(message.concerns)
                message = message.addressed(organisation.name, above)
            await notices.messages.save([notice(event.cause, message, wording)])

        return send

    for fact, say in MESSAGES.items():
        subscriptions.on(fact)(sending(say))
    return subscriptions
