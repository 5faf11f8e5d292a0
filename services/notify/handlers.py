"""Facts in: to-dos, people and organisations are mirrored; eight kinds of facts become messages."""

from collections.abc import Sequence
from dataclasses import dataclass

from infra.events import Cause, Event
from infra.handlers import Handlers
from services.notify import events
from services.notify.model import notice as messages
from services.notify.model.todo import newest, todos
from services.notify.model.wording import Wording
from services.notify.office import Office
from services.notify.store import Mirrors, Notices, OrganisationRow, PersonRow, TodoRow, Todos


def hear(mirrors: Mirrors, tasks: Todos, notices: Notices, wording: Wording, office: Office) -> Handlers:
    """What this service hears, and what it does about it."""
    heard = Handlers()
    _mirror(heard, mirrors, tasks, office)
    _send(heard, Posting(mirrors, notices, wording))
    _send_asked(heard, Posting(mirrors, notices, wording))
    return heard


def _mirror(heard: Handlers, mirrors: Mirrors, tasks: Todos, office: Office) -> None:
    @heard.project(events.TasksChanged)
    async def on_tasks(batch: Sequence[Event[events.TasksChanged]]) -> None:
        rows = [TodoRow(version=event.sequence, **dict(todo)) for event in batch for todo in todos(event.data)]
        await tasks.mirror.keep(newest(rows))
        await office.want(newest(rows))

    @heard.project(events.PersonRecorded)
    async def on_people(batch: Sequence[Event[events.PersonRecorded]]) -> None:
        rows = [PersonRow(id=event.data.person, version=event.sequence, **dict(event.data)) for event in batch]
        await mirrors.people.keep(newest(rows))

    @heard.project(events.OrganisationRecorded)
    async def on_organisations(batch: Sequence[Event[events.OrganisationRecorded]]) -> None:
        rows = [
            OrganisationRow(id=event.data.organisation, version=event.sequence, **dict(event.data)) for event in batch
        ]
        await mirrors.organisations.keep(newest(rows))


@dataclass(frozen=True)
class Posting:
    """Puts messages into words and sends them."""

    mirrors: Mirrors
    notices: Notices
    wording: Wording

    async def send(self, cause: Cause, message: messages.Message) -> None:
        """Keep the notice to which an event leads; a second time it meets itself."""
        words = self.wording.render(message.kind, message.values, message.english)
        await self.notices.shelf.keep([messages.notice(cause, message, self.wording.version, words)])

    async def name(self, organisation: str) -> str:
        """An organisation's name; raises ``NotYet`` while it is not known here."""
        return (await self.mirrors.organisation(organisation)).name


def _send(heard: Handlers, posting: Posting) -> None:
    send, name, mirrors = posting.send, posting.name, posting.mirrors

    @heard.on(events.ReviewConcluded)
    async def on_concluded(event: Event[events.ReviewConcluded]) -> None:
        await send(event.cause, messages.concluded(event.data, await name(event.data.owner)))

    @heard.on(events.ReviewReturned)
    async def on_returned(event: Event[events.ReviewReturned]) -> None:
        await send(event.cause, messages.returned(event.data, await name(event.data.owner)))

    @heard.on(events.StepOverdue)
    async def on_overdue(event: Event[events.StepOverdue]) -> None:
        above = await mirrors.above(event.data.owner)
        await send(event.cause, messages.overdue(event.data, await name(event.data.owner), above))

    @heard.on(events.PlaqueAwarded)
    async def on_awarded(event: Event[events.PlaqueAwarded]) -> None:
        await send(event.cause, messages.awarded(event.data, await name(event.data.owner)))

    @heard.on(events.ActivityFiled)
    async def on_filed(event: Event[events.ActivityFiled]) -> None:
        await send(event.cause, messages.filed(event.data, await name(event.data.organisation)))

    @heard.on(events.ActivityCancelled)
    async def on_cancelled(event: Event[events.ActivityCancelled]) -> None:
        await send(event.cause, messages.cancelled(event.data, await name(event.data.organisation)))


def _send_asked(heard: Handlers, posting: Posting) -> None:
    """What a person asked to be told to others."""
    send, name = posting.send, posting.name

    @heard.on(events.StepUrged)
    async def on_urged(event: Event[events.StepUrged]) -> None:
        await send(event.cause, messages.urged(event.data, await name(event.data.owner)))

    @heard.on(events.ReviewCopied)
    async def on_copied(event: Event[events.ReviewCopied]) -> None:
        await send(event.cause, messages.copied(event.data, await name(event.data.owner)))
