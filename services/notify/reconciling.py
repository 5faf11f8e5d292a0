"""Compares what is open in an office system with what is open here, says what differs, and mends it.

What is on its way is left alone: only rows that were settled before the list was asked for are compared.
"""

from collections.abc import Sequence
from functools import partial

from infra.events import Cause
from infra.telemetry import log
from services.notify.channels.port import Entry, Item, Rejected, Unavailable
from services.notify.model import row as moves
from services.notify.model.row import Row
from services.notify.office import Drift, Office, present
from services.notify.pushing import Pushing

SHOWN = 200


class Reconciling:
    """One comparison after another, each channel in turn."""

    def __init__(self, office: Office, pushings: Sequence[Pushing]) -> None:
        self._office, self._pushings = office, pushings

    async def turn(self) -> bool:
        """Compare every channel once; there is never more to do at once."""
        for pushing in self._pushings:
            await self.compare(pushing)
        return False

    async def compare(self, pushing: Pushing) -> Drift:
        """Compare one channel and make due what differs."""
        name, begun = pushing.settings.name, present()
        if pushing.breaker.state == "open":
            return await self._keep(Drift(id=name, at=begun, error=pushing.breaker.last_error))
        await pushing.paced()
        try:
            there = await pushing.channel.list_open()
        except (Unavailable, Rejected) as error:
            return await self._keep(Drift(id=name, at=begun, error=str(error)[:300]))
        rows = {row.todo: row for row in await self._office.rows.find({"channel": name}, limit=0)}
        still = {
            key: row for key, row in rows.items() if row.settled and (row.pushed_at is None or row.pushed_at < begun)
        }
        missing = _missing(still, there, pushing)
        surplus = _surplus(still, rows, there, pushing)
        for row in (*missing, *(rows[key] for key in surplus if key in rows)):
            decide = partial(moves.redrive, now=present())
            name_of = f"reconcile#{row.id}#{begun.isoformat()}"
            await self._office.rows.update(row.id, decide, cause=Cause(id=name_of, at=begun, correlation=row.id))
        for key in surplus:
            if key not in rows:
                await self._take_away(pushing, key, next(entry.receiver for entry in there if entry.todo == key))
        drift = Drift(
            id=name,
            at=begun,
            open_here=sum(row.wanted == "open" for row in rows.values()),
            open_there=len(there),
            missing=tuple(row.todo for row in missing)[:SHOWN],
            surplus=tuple(surplus)[:SHOWN],
            in_flight=len(rows) - len(still),
        )
        if not drift.clean:
            log.warning("office.drift", channel=name, missing=len(missing), surplus=len(surplus))
        return await self._keep(drift)

    async def _take_away(self, pushing: Pushing, todo: str, receiver: str) -> None:
        """Withdraw a to-do of our system that we know nothing of: it can never be done here."""
        now = present()
        item = Item(
            todo=todo,
            receiver=receiver,
            seq=int(now.timestamp() * 1000),
            title="",
            title_en="",
            name="",
            step="",
            since=now,
            due=None,
            pc_link="",
            app_link="",
        )
        await pushing.paced()
        try:
            await pushing.channel.withdraw(item)
        except (Unavailable, Rejected) as error:
            log.warning("office.surplus_stays", channel=pushing.settings.name, todo=todo, error=str(error))

    async def _keep(self, drift: Drift) -> Drift:
        cause = Cause(id=f"drift#{drift.id}#{drift.at.isoformat()}", at=drift.at, correlation=drift.id)

        def decide(before: Drift | None) -> tuple[Drift, list[object]]:
            return (before.becomes(**drift.model_dump(exclude={"id", "version"})) if before else drift), []

        await self._office.drifts.put(drift.id, decide, cause=cause)  # type: ignore[arg-type]
        return drift


def _missing(still: dict[str, Row], there: Sequence[Entry], pushing: Pushing) -> list[Row]:
    listed = {(entry.todo, entry.receiver) for entry in there}
    return [
        row
        for row in still.values()
        if row.wanted == "open" and (row.todo, pushing.settings.user(row.person)) not in listed
    ]


def _surplus(still: dict[str, Row], rows: dict[str, Row], there: Sequence[Entry], pushing: Pushing) -> list[str]:
    """Open there and not here: rows that are done here, to-dos never heard of, and those of another receiver."""
    found = []
    for entry in there:
        row = still.get(entry.todo)
        unknown = entry.todo not in rows
        if unknown or (
            row is not None and (row.wanted != "open" or pushing.settings.user(row.person) != entry.receiver)
        ):
            found.append(entry.todo)
    return found
