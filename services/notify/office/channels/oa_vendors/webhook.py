"""Any system that can receive a signed POST: the whole state of each to-do, signed by Standard Webhooks.

It keeps what has the greatest ``seq`` for each id and answers 2xx; ``GET <base_url>`` lists what is open there.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from standardwebhooks.webhooks import Webhook

from infra.kernel import clock
from services.notify.office.channels.calling import Line, document, words
from services.notify.office.channels.port import Common, Entry, Item, Operation

STATES: dict[Operation, str] = {"upsert": "open", "complete": "done", "withdraw": "withdrawn"}


class WebhookSettings(Common):
    """Any receiver of Standard Webhooks; the secret begins with ``whsec_``."""

    kind: Literal["webhook"]
    secret_file: Path


class Signed(Line[WebhookSettings]):
    """One receiver of signed webhooks."""

    async def send(self, item: Item, operation: Operation) -> str:
        """The to-do in its state."""
        data: dict[str, Any] = {
            "id": item.todo,
            "seq": item.seq,
            "state": STATES[operation],
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
        return words(await self.call("POST", self.settings.base_url, content=text.encode(), headers=headers))

    async def reassign(self, item: Item, receiver: str) -> str:
        """The same to-do with another receiver."""
        return await self.send(replace(item, receiver=receiver), "upsert")

    async def list_open(self) -> list[Entry]:
        """What is open there."""
        answer = await self.call("GET", self.settings.base_url, headers=self._sign("list", ""))
        return [Entry(str(row["id"]), str(row["receiver"])) for row in document(answer)["items"]]

    def _sign(self, name: str, text: str) -> dict[str, str]:
        now = clock.now()
        return {
            "webhook-id": name,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(self.settings.secret).sign(name, now, text),
        }
