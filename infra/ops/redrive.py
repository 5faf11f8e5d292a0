"""What a person does with parked messages: look at them, and send them again once the cause is mended."""

from datetime import datetime

from infra.kernel import clock
from infra.messaging.parked import Parked, ParkedMessage
from infra.messaging.publisher import Message, Publisher, Unpublished


class Keeper(Parked):
    """The parked messages of one service, as whoever keeps the system well sees them."""

    async def open(self, limit: int = 100) -> list[ParkedMessage]:
        """Those that nobody has redriven yet, oldest first."""
        return await self.find({"redriven_at": None}, sort=[("at", 1)], limit=limit)

    async def redrive(self, message: ParkedMessage, publisher: Publisher, service: str) -> None:
        """Send it to the queue it came from with its attempts counted anew; raises ``Unpublished``.

        It is marked first: a message that fails again at once is then open again, never hidden by a late mark.
        """
        await self._mark(message, clock.now())
        try:
            headers = {name: value for name, value in message.headers.items() if not name.startswith("x-")}
            outgoing = Message(message.content, headers, message.message_id, message.content_type)
            await publisher.publish(f"{service}.return", message.origin, outgoing)
        except Unpublished:
            await self._mark(message, None)
            raise

    async def _mark(self, message: ParkedMessage, at: datetime | None) -> None:
        await self._collection.update_one({"_id": message.id}, {"$set": {"redriven_at": at}})
