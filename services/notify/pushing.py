"""Works off the rows of one channel: in order for each to-do, below the vendor's rate, patient while it is down."""

import asyncio
import random
from collections.abc import Callable
from functools import partial

from infra.aggregate import Decision
from infra.events import Cause
from infra.telemetry import log
from services.notify.channels.config import Common
from services.notify.channels.pace import Breaker, Pace
from services.notify.channels.port import OPERATIONS, Channel, Item, Rejected, Unavailable
from services.notify.model import row as moves
from services.notify.model.row import Row
from services.notify.office import Delivery, Office, present

AT_ONCE = 8
PAGE = 64


class Pushing:
    """One channel's worker. A crash between sending and writing repeats the sending with a greater number: harmless."""

    def __init__(self, office: Office, settings: Common, channel: Channel, public_url: str) -> None:
        self._office, self.settings, self.channel, self._public = office, settings, channel, public_url
        self.pace = Pace(settings.per_second)
        self.breaker = Breaker(settings.breaker_failures, settings.breaker_seconds)

    async def turn(self) -> bool:
        """Work off what is due; whether there was anything to do and a way to do it."""
        if self.breaker.state == "open":
            return False
        limit = 1 if self.breaker.state == "half-open" else PAGE
        rows = await self._office.due(self.settings.name, limit)
        gate = asyncio.Semaphore(AT_ONCE)

        async def work(row: Row) -> None:
            async with gate:
                if self.breaker.state != "open":
                    await self._push(row)

        await asyncio.gather(*(work(row) for row in rows))
        return bool(rows) and self.breaker.state != "open"

    async def paced(self) -> None:
        """Wait for a place among all calls to this vendor."""
        await self.pace.turn()

    async def _push(self, seen: Row) -> None:
        await self._change(seen.id, partial(moves.reserve, now=present()))
        row = await self._office.rows.get(seen.id)
        item, state, version = self.item(row), row.wanted, row.todo_version
        await self.paced()
        try:
            answer = await self._send(OPERATIONS[state], item)
        except Unavailable as error:
            await self._unavailable(row, item, error)
        except Rejected as error:
            self.breaker.worked()
            await self._log(item, state, "rejected", str(error))
            await self._change(row.id, partial(moves.refused, why=str(error)))
        else:
            self.breaker.worked()
            await self._log(item, state, "done", answer)
            await self._change(row.id, partial(moves.pushed, state=state, version=version, now=present()))

    async def _send(self, operation: str, item: Item) -> str:
        work: Callable[[Item], object] = getattr(self.channel, operation)
        return str(await work(item))  # type: ignore[misc]

    async def _unavailable(self, row: Row, item: Item, error: Unavailable) -> None:
        if error.ours:
            self.pace.slow_down(error.after or 1.0)
        else:
            self.breaker.failed(str(error))
            if self.breaker.state == "open":
                log.warning("office.down", channel=self.settings.name, error=str(error))
        await self._log(item, row.wanted, "unavailable", str(error))
        chance = random.random()
        decide = partial(moves.delayed, why=str(error), after=error.after, chance=chance, now=present())
        await self._change(row.id, decide)

    async def _change(self, key: str, decide: Callable[[Row], Decision[Row]]) -> None:
        now = present()
        await self._office.rows.update(
            key, decide, cause=Cause(id=f"push#{key}#{random.random()}", at=now, correlation=key)
        )

    async def _log(self, item: Item, state: str, outcome: str, answer: str) -> None:
        entry = Delivery(
            id=f"{self.settings.name}:{item.todo}:{item.seq}",
            at=present(),
            channel=self.settings.name,
            todo=item.todo,
            receiver=item.receiver,
            operation=OPERATIONS[state],
            seq=item.seq,
            outcome=outcome,
            answer=answer[:300],
        )
        await self._office.deliveries.keep([entry])

    def item(self, row: Row) -> Item:
        """The to-do as the vendor shall have it."""
        content, link = row.content, self.settings.link
        absolute = {"public": self._public, "link": content.link}
        return Item(
            todo=row.todo,
            receiver=self.settings.user(row.person),
            seq=row.seq,
            title=f"{content.name} {content.title}".strip(),
            title_en=f"{content.name} {content.title_en}".strip(),
            name=content.name,
            step=content.step,
            since=content.since,
            due=content.due,
            pc_link=link.pc.format(**absolute),
            app_link=link.app.format(**absolute),
        )
