"""Facts in: to-dos, people and organisations are mirrored; the other facts become messages."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from infra.kernel.events import Cause, Event, Fact
from infra.messaging.subscriptions import Handlers
from services.notify import events
from services.notify.inbox.model import notice as messages
from services.notify.inbox.model import standing_notice
from services.notify.inbox.model.notice import Message
from services.notify.inbox.model.todo import newest, todos
from services.notify.inbox.model.wording import Wording
from services.notify.inbox.store import Mirrors, Notices, TodoRow, Todos
from services.notify.office.store import Office

MESSAGES: Mapping[type[Fact], Callable[[Any, str], Message]] = {
    events.ReviewConcluded: messages.concluded,
    events.ReviewReturned: messages.returned,
    events.StepEscalated: messages.escalated,
    events.StepUrged: messages.urged,
    events.ReviewCopied: messages.copied,
    events.PlaqueAwarded: messages.awarded,
    events.ActivityFiled: messages.filed,
    events.ActivityCancelled: messages.cancelled,
    events.DraftMade: messages.drafted,
    events.RectificationOrdered: standing_notice.ordered,
    events.RectificationClosed: standing_notice.closed,
}
"""What a fact leads to, with the name of the organisation that it concerns."""

MESSAGES_UPWARDS: Mapping[type[Fact], Callable[[Any, str, Sequence[str]], Message]] = {
    events.StepOverdue: messages.overdue,
    events.ReminderRaised: messages.reminded,
    events.HintRaised: messages.hinted,
    events.RectificationOverdue: standing_notice.overdue,
}
"""The same for those that also reach the work department of an organisation above it."""


def subscribe(mirrors: Mirrors, tasks: Todos, notices: Notices, wording: Wording, office: Office) -> Handlers:
    """What this service consumes, and what it does about it."""
    subscriptions, sender = Handlers(), Sender(mirrors, notices, wording)

    @subscriptions.project(events.TasksChanged)
    async def on_tasks(batch: Sequence[Event[events.TasksChanged]]) -> None:
        rows = newest(TodoRow(version=event.sequence, **dict(todo)) for event in batch for todo in todos(event.data))
        await tasks.mirror.save(rows)
        await office.want(rows)

    subscriptions.mirror(events.PersonRecorded, mirrors.people)
    subscriptions.mirror(events.OrganisationRecorded, mirrors.organisations)
    for fact, message in MESSAGES.items():
        subscriptions.on(fact)(sender.sending(message))
    for fact, upwards in MESSAGES_UPWARDS.items():
        subscriptions.on(fact)(sender.sending_upwards(upwards))

    @subscriptions.on(events.StandingRecorded)
    async def on_decided(event: Event[events.StandingRecorded]) -> None:
        if event.data.deed in standing_notice.DEEDS:
            # the state may be published again for another reason: a decision is a message once
            cause = replace(event.cause, id=f"standing#{event.data.brand}#{event.data.decision}")
            await sender.send(cause, standing_notice.decided(event.data, await sender.name(event.data)))

    @subscriptions.on(events.CampaignCalled)
    async def on_called(event: Event[events.CampaignCalled]) -> None:
        message = standing_notice.called(event.data)
        if message is not None:
            await sender.send(event.cause, message)

    @subscriptions.on(events.CampaignNamed)
    async def on_named(event: Event[events.CampaignNamed]) -> None:
        await sender.send(event.cause, standing_notice.named(event.data))

    return subscriptions


class Sender:
    """Puts a message into words and stores it for whom it reaches."""

    def __init__(self, mirrors: Mirrors, notices: Notices, wording: Wording) -> None:
        self._mirrors, self._notices, self._wording = mirrors, notices, wording

    async def send(self, cause: Cause, message: Message) -> None:
        """Store the message under the id that follows from its cause."""
        words = self._wording.render(message.kind, message.values, message.english)
        await self._notices.messages.save([messages.notice(cause, message, self._wording.version, words)])

    async def name(self, fact: Fact) -> str:
        """What the organisation is called that a fact concerns."""
        return (await self._mirrors.organisation(_concerned(fact))).name

    def sending(self, message: Callable[[Any, str], Message]) -> Callable[[Event[Any]], Awaitable[None]]:
        """The handler that sends this message."""

        async def handle(event: Event[Any]) -> None:
            await self.send(event.cause, message(event.data, await self.name(event.data)))

        return handle

    def sending_upwards(
        self, message: Callable[[Any, str, Sequence[str]], Message]
    ) -> Callable[[Event[Any]], Awaitable[None]]:
        """The handler that sends this message, also to above the organisation."""

        async def handle(event: Event[Any]) -> None:
            above = await self._mirrors.above(_concerned(event.data))
            await self.send(event.cause, message(event.data, await self.name(event.data), above))

        return handle


def _concerned(fact: Any) -> str:  # noqa: ANN401 - facts name it differently
    return str(fact.owner if hasattr(fact, "owner") else fact.organisation)
