"""Mail as a channel: a to-do that opens is told once to whoever wants mail; nothing else is sent."""

from collections.abc import Awaitable, Callable
from typing import Any

from services.notify.office.model.delivery import ChannelDelivery, Step
from services.notify.office.use_cases.delivery import DeliveryWorker

Wants = Callable[[str], Awaitable[bool]]


class Mailing(DeliveryWorker):
    """The worker of the mail channel."""

    def __init__(self, *parts: Any, wants: Wants, **more: Any) -> None:  # noqa: ANN401 - those of its base
        super().__init__(*parts, **more)
        self._wants = wants

    async def plan(self, delivery: ChannelDelivery, receiver: str) -> list[Step]:
        """One message for a to-do that opened (again) since the last one; a new deadline or title needs none."""
        if delivery.wanted != "open" or delivery.mailed_since == delivery.content.since:
            return []
        return [Step(operation="upsert", receiver=receiver)] if await self._wants(delivery.person) else []
