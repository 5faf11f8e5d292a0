"""Any system that can receive a signed POST: the whole state of each to-do, signed by Standard Webhooks.

It keeps what has the greatest ``seq`` for each id and answers 2xx; ``GET <base_url>`` lists what is open there.
"""

import json
from typing import Any

from standardwebhooks.webhooks import Webhook

from infra.kernel import clock
from services.notify.office.channels.calling import Line, document, words
from services.notify.office.channels.config import WebhookSettings
from services.notify.office.channels.port import Entry, Item


class Signed:
    """One receiver of signed webhooks."""

    def __init__(self, settings: WebhookSettings) -> None:
        self._settings = settings
        self.line = Line(settings)
        self.pace = self.line.pace

    async def upsert(self, item: Item) -> str:
        """State open."""
        return await self._send(item, "open")

    async def complete(self, item: Item) -> str:
        """State done."""
        return await self._send(item, "done")

    async def withdraw(self, item: Item) -> str:
        """State withdrawn."""
        return await self._send(item, "withdrawn")

    async def reassign(self, item: Item, receiver: str) -> str:
        """The same to-do with another receiver."""
        return await self._send(Item(**{**vars(item), "receiver": receiver}), "open")

    async def list_open(self, receiver: str | None = None) -> list[Entry]:
        """What is open there."""
        query = {"receiver": receiver} if receiver else {}
        said = document(
            await self.line.call("GET", self._settings.base_url, params=query, headers=self._sign("list", ""))
        )
        return [Entry(str(row["id"]), str(row["receiver"])) for row in said["items"]]

    async def close(self) -> None:
        """Close connections."""
        await self.line.close()

    async def _send(self, item: Item, state: str) -> str:
        data: dict[str, Any] = {
            "id": item.todo,
            "seq": item.seq,
            "state": state,
            "receiver": item.receiver,
            "title": item.title,
            "title_en": item.title_en,
            "brand_name": item.name,
            "step": item.step,
            "since": item.since.isoformat(),
            "due": item.due.isoformat() if item.due else None,
            "links": {"pc": item.pc_link, "app": item.app_link},
        }
        now = clock.now().isoformat()
        text = json.dumps({"type": "todo.state", "timestamp": now, "data": data}, ensure_ascii=False)
        headers = {**self._sign(f"{item.todo}.{item.seq}", text), "Content-Type": "application/json"}
        return words(await self.line.call("POST", self._settings.base_url, content=text.encode(), headers=headers))

    def _sign(self, name: str, text: str) -> dict[str, str]:
        now = clock.now()
        return {
            "webhook-id": name,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(self._settings.secret).sign(name, now, text),
        }
