"""Makes the deliveries of one channel: in order for each to-do, below the vendor's rate, patient while it is down."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from functools import partial

from infra.kernel import clock
from infra.kernel.errors import Refused
from infra.kernel.events import Decision
from infra.kernel.telemetry import log
from services.notify.office.channels.calling import Breaker
from services.notify.office.channels.port import UNFORESEEN, Channel, Item, Postponed, Rejected, Unavailable
from services.notify.office.model import delivery as model
from services.notify.office.model.delivery import ChannelDelivery, Step
from services.notify.office.store import Delivery, Office, cause

AT_ONCE = 8
PAGE = 64
Wants = Callable[[str], Awaitable[bool]]
"""Whether a person wants mail."""


class DeliveryWorker:
    """One channel's worker. A crash between sending and writing repeats the sending with a greater number: harmless.

    ``stretch``: seconds after which a turn begins no further call, well within the lease under which it works.
    ``wants``: for mail, who is told by it.
    """

    def __init__(
        self, office: Office, channel: Channel, public_url: str, stretch: float, wants: Wants | None = None
    ) -> None:
        settings = channel.settings
        self._office, self.settings, self.channel, self._public = office, settings, channel, public_url
        self._stretch = channel.pace.patience = stretch
        self._wants = wants
        self._at_once = max(1, min(AT_ONCE, int(settings.rate * stretch)))
        self.breaker = Breaker(settings.breaker_failures, settings.breaker_seconds)
        self._said: tuple[str, str | None] | None = None

    async def run_once(self) -> bool:
        """Work off what is due; whether there was anything to do and a way to do it."""
        await self._say()
        if not self._may:
            return False
        limit = 1 if self.breaker.state == "half-open" else PAGE
        deliveries = await self._office.due(self.settings.name, limit)
        slots, end = asyncio.Semaphore(self._at_once), time.monotonic() + self._stretch

        async def work(delivery: ChannelDelivery) -> None:
            async with slots:
                if self._may and time.monotonic() < end:
                    await self._push(delivery.id)

        await asyncio.gather(*(work(delivery) for delivery in deliveries))
        await self._say()
        return bool(deliveries) and self._may

    @property
    def _may(self) -> bool:
        return self.breaker.state != "open" and not self.channel.pace.resting

    async def _push(self, key: str) -> None:
        """Bring one delivery about, in the state in which it is when its numbers are taken."""
        try:
            await self._change(key, lambda one: model.reserve(one, self.settings.user(one.person), clock.now()))
        except Refused:  # somebody else was faster
            return
        delivery = await self._office.channel_deliveries.get(key)
        receiver = self.settings.user(delivery.person)
        try:
            for number, step in enumerate(await self._plan(delivery, receiver)):
                await self._deliver(self.item(delivery, step.receiver, delivery.seq + 2 * number), step)
        except Unavailable as error:
            decide = partial(model.delayed, why=str(error), after=error.after, chance=random.random(), now=clock.now())
            await self._change(key, decide)
        except Rejected as error:
            await self._change(key, partial(model.refused, sent=delivery, why=str(error), now=clock.now()))
        else:
            await self._change(key, partial(model.pushed, sent=delivery, receiver=receiver, now=clock.now()))

    async def _plan(self, delivery: ChannelDelivery, receiver: str) -> list[Step]:
        """The calls that bring this delivery about."""
        if self._wants is None:
            return model.steps(delivery, receiver)
        # one mail for a to-do that opened (again) since the last one; a new deadline or title needs none
        if delivery.wanted != "open" or delivery.mailed_since == delivery.content.since:
            return []
        return [Step(operation="upsert", receiver=receiver)] if await self._wants(delivery.person) else []

    async def _deliver(self, item: Item, step: Step) -> None:
        """Make one call and log it, before and after; raises ``Unavailable`` or ``Rejected``."""
        name, channel = self.settings.name, self.channel
        what = {"channel": name, "todo": item.todo, "receiver": step.to or item.receiver, "operation": step.operation}
        key = f"{name}:{item.todo}:{item.seq}"
        begun = Delivery(id=key, version=1, at=clock.now(), seq=item.seq, outcome="sending", answer="", **what)
        await self._office.deliveries.save([begun])

        async def ended(outcome: str, answer: str) -> None:
            again = {"version": 2, "outcome": outcome, "answer": answer[:300]}
            await self._office.deliveries.save([begun.model_copy(update=again)])

        try:
            if step.operation == "reassign":
                answer = await channel.reassign(item, step.to)
            else:
                answer = await channel.send(item, step.operation)
        except Unavailable as error:
            self.went_wrong(error)
            await ended("postponed" if isinstance(error, Postponed) else "unavailable", str(error))
            raise
        except Rejected as error:
            await self.went_well()
            await ended("rejected", str(error))
            raise
        except UNFORESEEN as error:  # an answer of such a shape must not stop the other to-dos
            log.warning("office.unforeseen", channel=name, todo=item.todo, error=repr(error))
            await ended("unavailable", repr(error))
            raise Unavailable(repr(error)) from error
        await self.went_well()
        await ended("done", answer)

    async def withdraw_unknown(self, item: Item) -> None:
        """Take away what no delivery of ours stands for; raises ``Unavailable`` or ``Rejected``."""
        await self._deliver(item, Step(operation="withdraw", receiver=item.receiver))

    def went_wrong(self, error: Unavailable) -> None:
        """A call failed; unless it was our haste, that says something about the vendor."""
        if not error.ours:
            self.breaker.failed(str(error))

    async def went_well(self) -> None:
        """The vendor answered. If it was given up before, what waited for it waits no longer."""
        if self.breaker.worked():
            where = {"channel": self.settings.name, "next_at": {"$gt": clock.now()}}
            for delivery in await self._office.channel_deliveries.find(where, limit=0):
                await self._change(delivery.id, partial(model.hastened, now=clock.now()))

    async def _say(self) -> None:
        """Note the breaker's state where every replica and ``doctor`` see it, whenever it changes."""
        state = "closed" if self.breaker.state == "closed" else "open"
        if self._said is None or self._said[0] != state:
            error = self.breaker.last_error
            if state == "open":
                log.warning("office.down", channel=self.settings.name, error=error)
            await self._office.note(self.settings.name, breaker=state, since=clock.now(), error=error)
            self._said = (state, error)

    async def _change(self, key: str, decide: Callable[[ChannelDelivery], Decision[ChannelDelivery]]) -> None:
        await self._office.channel_deliveries.update(key, decide, cause=cause(f"push#{key}"))

    def item(self, delivery: ChannelDelivery, receiver: str, seq: int) -> Item:
        """The to-do as the vendor shall have it."""
        content, link = delivery.content, self.settings.link
        absolute = {"public": self._public, "link": content.link}
        return Item(
            todo=delivery.todo,
            receiver=receiver,
            seq=seq,
            title=f"{content.name} {content.title}".strip(),
            title_en=f"{content.name} {content.title_en}".strip(),
            **content.model_dump(include={"name", "step", "since", "due"}),
            pc_link=link.pc.format(**absolute),
            app_link=link.app.format(**absolute),
        )
