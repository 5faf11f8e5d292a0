"""What a person does with parked messages: look, and send them again once the cause is mended, or dismiss them."""

from datetime import datetime

from infra.kernel import clock
from infra.messaging.parked import OPEN, Parked, ParkedMessage
from infra.messaging.publisher import Message, Publisher, Unpublished


class Keeper(Parked):
    """The parked messages of one service, as whoever keeps the system well sees them."""

    async def open(self, limit: int = 100) -> list[ParkedMessage]:
        """Those that nobody has redriven or dismissed yet, oldest first."""
        return await self.find(OPEN, sort=[("at", 1)], limit=limit)

    async def redrive(self, message: ParkedMessage, publisher: Publisher, service: str) -> None:
        """Send it to the queue it came from with its attempts counted anew; raises ``Unpublished``.

        It is marked first: a message that fails again at once is then open again, never hidden by a late mark.
        """
        await self._mark(message.id, redriven_at=clock.now())
        try:
            headers = {name: value for name, value in message.headers.items() if not name.startswith("x-")}
            outgoing = Message(message.content, headers, message.message_id, message.content_type)
            await publisher.publish(f"{service}.return", message.origin, outgoing)
        except Unpublished:
            await self._mark(message.id, redriven_at=None)
            raise

    async def dismiss(self, key: str, why: str) -> bool:
        """Leave it as it is, with the reason; False when no open one has this id. Should it come again, it is open."""
        return await self._mark(key, dismissed_at=clock.now(), dismissed_because=why)

    async def _mark(self, key: str, **marks: datetime | str | None) -> bool:
        done = await self._collection.update_one({"_id": key}, {"$set": marks})
        return done.matched_count > 0
