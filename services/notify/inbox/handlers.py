"""Facts in: to-dos, people and organisations are mirrored; the other facts become messages."""

from collections.abc import Sequence
from dataclasses import replace

from infra.kernel.events import Cause, Event
from infra.messaging.subscriptions import Handlers
from services.notify import events
from services.notify.inbox.model import campaign_notice, rectification_notice, standing_notice
from services.notify.inbox.model import notice as messages
from services.notify.inbox.model.todo import newest, todos
from services.notify.inbox.model.wording import Wording
from services.notify.inbox.store import Mirrors, Notices, TodoRow, Todos
from services.notify.office.store import Office


def subscribe(mirrors: Mirrors, tasks: Todos, notices: Notices, wording: Wording, office: Office) -> Handlers:
    """What this service consumes, and what it does about it."""
    subscriptions = Handlers()
    _mirror(subscriptions, mirrors, tasks, office)
    sender = Sender(mirrors, notices, wording)
    _notify_of_brands(subscriptions, sender)
    _notify_of_activities(subscriptions, sender)
    _notify_what_was_asked(subscriptions, sender)
    _notify_of_standings(subscriptions, sender)
    _notify_of_campaigns(subscriptions, sender)
    return subscriptions


class Sender:
    """Puts a message into words and keeps it for whom it reaches."""

    def __init__(self, mirrors: Mirrors, notices: Notices, wording: Wording) -> None:
        self._mirrors, self._notices, self._wording = mirrors, notices, wording
        self.above = mirrors.above

    async def send(self, cause: Cause, message: messages.Message) -> None:
        """Keep the message under the id that follows from its cause."""
        words = self._wording.render(message.kind, message.values, message.english)
        await self._notices.messages.save([messages.notice(cause, message, self._wording.version, words)])

    async def name(self, organisation: str) -> str:
        """What the organisation is called."""
        return (await self._mirrors.organisation(organisation)).name


def _mirror(subscriptions: Handlers, mirrors: Mirrors, tasks: Todos, office: Office) -> None:
    @subscriptions.project(events.TasksChanged)
    async def on_tasks(batch: Sequence[Event[events.TasksChanged]]) -> None:
        rows = newest(TodoRow(version=event.sequence, **dict(todo)) for event in batch for todo in todos(event.data))
        await tasks.mirror.save(rows)
        await office.want(rows)

    subscriptions.mirror(events.PersonRecorded, mirrors.people)
    subscriptions.mirror(events.OrganisationRecorded, mirrors.organisations)


def _notify_of_brands(subscriptions: Handlers, sender: Sender) -> None:
    send, name = sender.send, sender.name

    @subscriptions.on(events.ReviewConcluded)
    async def on_concluded(event: Event[events.ReviewConcluded]) -> None:
        await send(event.cause, messages.concluded(event.data, await name(event.data.owner)))

    @subscriptions.on(events.ReviewReturned)
    async def on_returned(event: Event[events.ReviewReturned]) -> None:
        await send(event.cause, messages.returned(event.data, await name(event.data.owner)))

    @subscriptions.on(events.StepOverdue)
    async def on_overdue(event: Event[events.StepOverdue]) -> None:
        above = await sender.above(event.data.owner)
        await send(event.cause, messages.overdue(event.data, await name(event.data.owner), above))

    @subscriptions.on(events.StepEscalated)
    async def on_escalated(event: Event[events.StepEscalated]) -> None:
        await send(event.cause, messages.escalated(event.data, await name(event.data.owner)))

    @subscriptions.on(events.PlaqueAwarded)
    async def on_awarded(event: Event[events.PlaqueAwarded]) -> None:
        await send(event.cause, messages.awarded(event.data, await name(event.data.owner)))


def _notify_of_activities(subscriptions: Handlers, sender: Sender) -> None:
    send, name = sender.send, sender.name

    @subscriptions.on(events.ActivityFiled)
    async def on_filed(event: Event[events.ActivityFiled]) -> None:
        await send(event.cause, messages.filed(event.data, await name(event.data.organisation)))

    @subscriptions.on(events.ActivityCancelled)
    async def on_cancelled(event: Event[events.ActivityCancelled]) -> None:
        await send(event.cause, messages.cancelled(event.data, await name(event.data.organisation)))

    @subscriptions.on(events.DraftMade)
    async def on_draft(event: Event[events.DraftMade]) -> None:
        await send(event.cause, messages.drafted(event.data, await name(event.data.organisation)))

    @subscriptions.on(events.ReminderRaised)
    async def on_reminder(event: Event[events.ReminderRaised]) -> None:
        above = await sender.above(event.data.organisation)
        await send(event.cause, messages.reminded(event.data, await name(event.data.organisation), above))

    @subscriptions.on(events.HintRaised)
    async def on_hint(event: Event[events.HintRaised]) -> None:
        above = await sender.above(event.data.organisation)
        await send(event.cause, messages.hinted(event.data, await name(event.data.organisation), above))


def _notify_what_was_asked(subscriptions: Handlers, sender: Sender) -> None:
    """What a person asked to be told to others."""
    send, name = sender.send, sender.name

    @subscriptions.on(events.StepUrged)
    async def on_urged(event: Event[events.StepUrged]) -> None:
        await send(event.cause, messages.urged(event.data, await name(event.data.owner)))

    @subscriptions.on(events.ReviewCopied)
    async def on_copied(event: Event[events.ReviewCopied]) -> None:
        await send(event.cause, messages.copied(event.data, await name(event.data.owner)))


def _notify_of_standings(subscriptions: Handlers, sender: Sender) -> None:
    send, name = sender.send, sender.name

    @subscriptions.on(events.RectificationOrdered)
    async def on_ordered(event: Event[events.RectificationOrdered]) -> None:
        await send(event.cause, rectification_notice.ordered(event.data, await name(event.data.owner)))

    @subscriptions.on(events.RectificationOverdue)
    async def on_overdue(event: Event[events.RectificationOverdue]) -> None:
        above = await sender.above(event.data.owner)
        await send(event.cause, rectification_notice.overdue(event.data, await name(event.data.owner), above))

    @subscriptions.on(events.RectificationClosed)
    async def on_closed(event: Event[events.RectificationClosed]) -> None:
        await send(event.cause, rectification_notice.closed(event.data, await name(event.data.owner)))

    @subscriptions.on(events.StandingRecorded)
    async def on_decided(event: Event[events.StandingRecorded]) -> None:
        if event.data.deed in standing_notice.DEEDS:
            # the state may be published again for another reason: a decision is a message once
            cause = replace(event.cause, id=f"standing#{event.data.brand}#{event.data.decision}")
            await send(cause, standing_notice.decided(event.data, await name(event.data.owner)))


def _notify_of_campaigns(subscriptions: Handlers, sender: Sender) -> None:
    @subscriptions.on(events.CampaignCalled)
    async def on_called(event: Event[events.CampaignCalled]) -> None:
        message = campaign_notice.called(event.data)
        if message is not None:
            await sender.send(event.cause, message)

    @subscriptions.on(events.CampaignNamed)
    async def on_named(event: Event[events.CampaignNamed]) -> None:
        await sender.send(event.cause, campaign_notice.named(event.data))
