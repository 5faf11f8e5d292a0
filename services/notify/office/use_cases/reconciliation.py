"""Compares what is open in an office system with what is open here, says what differs, and mends it.

What is on its way is left alone: only deliveries that were settled before the list was asked for are compared.
"""

import time
from collections.abc import Iterable
from functools import partial

from infra.kernel import clock
from infra.kernel.events import Decision
from infra.kernel.telemetry import log
from services.notify.inbox.store import Todos
from services.notify.office.channels.port import UNFORESEEN, Item, Rejected, Unavailable
from services.notify.office.model import delivery as model
from services.notify.office.model.delivery import ChannelDelivery, differences
from services.notify.office.store import Drift, Office, cause
from services.notify.office.use_cases.delivery import DeliveryWorker

SHOWN = 200


class ChannelWorker:
    """One office system, tended by one replica at a time: pushed to, and compared once in a while and when asked.

    Both in one job: so there is one pace and one breaker for a vendor, whoever calls it and why.
    """

    def __init__(self, office: Office, todos: Todos, worker: DeliveryWorker, seconds: float) -> None:
        self._office, self._todos, self.worker, self._seconds = office, todos, worker, seconds
        self._compared, self._asked = -seconds, clock.now()
        self._down = False

    async def run_once(self) -> bool:
        """Push what is due, compare when it is time; whether more waits."""
        name = self.worker.settings.name
        known = await self._office.known.find({"_id": name}, limit=1)
        asked = known[0].asked_at if known else None
        more = await self.worker.run_once()
        down = self.worker.breaker.state != "closed"
        back, self._down = self._down and not down, down
        late = time.monotonic() - self._compared >= self._seconds
        if late or back or (asked is not None and asked > self._asked):
            self._asked = max(self._asked, asked or self._asked)
            self._compared = time.monotonic()
            await self.compare()
        return more

    async def compare(self) -> Drift:
        """Compare and make due what differs."""
        worker, begun = self.worker, clock.now()
        name = worker.settings.name
        await self._complete()
        if worker.breaker.state == "open":
            return await self._keep(Drift(id=name, at=begun, error=f"not asked: {worker.breaker.last_error}"))
        try:
            there = await worker.channel.list_open()
        except (Unavailable, Rejected, *UNFORESEEN) as error:
            if isinstance(error, Unavailable):
                worker.went_wrong(error)
            return await self._keep(Drift(id=name, at=begun, error=f"{type(error).__name__}: {error}"[:300]))
        await worker.went_well()
        found = await self._office.channel_deliveries.find({"channel": name}, limit=0)
        deliveries = {delivery.todo: delivery for delivery in found}
        wrong = differences(deliveries, there, worker.settings.user, begun)
        for delivery in wrong.missing:
            await self._find(delivery, [])
        for todo, receiver in wrong.surplus:
            if todo in deliveries:
                await self._find(deliveries[todo], [receiver])
            else:
                await self._take_away(todo, receiver)
        drift = Drift(
            id=name,
            at=begun,
            open_here=sum(delivery.wanted == "open" for delivery in deliveries.values()),
            open_there=len(there),
            missing=tuple(delivery.todo for delivery in wrong.missing)[:SHOWN],
            surplus=tuple(todo for todo, _ in wrong.surplus)[:SHOWN],
            in_flight=sum(delivery.next_at is not None for delivery in deliveries.values()),
            failed=sum(delivery.failed for delivery in deliveries.values()),
        )
        if not drift.clean:
            log.warning("office.drift", channel=name, missing=len(wrong.missing), surplus=len(wrong.surplus))
        return await self._keep(drift)

    async def _complete(self) -> None:
        """Deliveries for the open to-dos that have none: of a channel that was connected later, or after a loss."""
        name = self.worker.settings.name
        found = await self._office.channel_deliveries.find({"channel": name, "wanted": "open"}, limit=0)
        there = {delivery.todo for delivery in found}
        open_here = await self._todos.mirror.find({"state": "open"}, limit=0)
        await self._office.want([todo for todo in open_here if todo.id not in there], [name])

    async def _find(self, delivery: ChannelDelivery, holders: Iterable[str]) -> None:
        decide = partial(model.found, holders=tuple(holders), now=clock.now())
        await self._office.channel_deliveries.update(delivery.id, decide, cause=cause(f"reconcile#{delivery.id}"))

    async def _take_away(self, todo: str, receiver: str) -> None:
        """Withdraw a to-do of our system that we know nothing of: it can never be done here."""
        now = clock.now()
        item = Item(todo, receiver, seq=int(now.timestamp() * 1000), since=now)
        try:
            await self.worker.withdraw_unknown(item)
        except (Unavailable, Rejected) as error:
            name = self.worker.settings.name
            log.warning("office.surplus_stays", channel=name, todo=todo, error=str(error))

    async def _keep(self, drift: Drift) -> Drift:
        """The last comparison of each channel, and for good those that found something."""
        drift = drift.becomes(channel=drift.id)

        def decide(before: Drift | None) -> Decision[Drift]:
            return (before or drift).becomes(**drift.model_dump(exclude={"id", "version"})), []

        await self._office.drifts.put(drift.id, decide, cause=cause(f"drift#{drift.id}"))
        if drift.missing or drift.surplus:
            one = drift.becomes(id=f"{drift.id}:{drift.at.isoformat()}")
            await self._office.history.put(one.id, lambda _: (one, []), cause=cause(f"found#{one.id}"))
        return drift
