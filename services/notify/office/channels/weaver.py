"""泛微 OFS (统一待办), REST with JSON: one call brings a to-do into any state, ``receivets`` guards against stale ones.

Fields and answers as documented for ``ReceiveRequestInfoByJson``: ``isremark`` 0 待办, 2 已办; the answer is 200 with
``operResult`` "1" or "0" inside. ``receivets`` are milliseconds; what has older ones is ignored over there.
"""

from typing import Any

import httpx

from infra.kernel.dates import CHINA
from services.notify.office.channels.calling import Line, document, words
from services.notify.office.channels.config import WeaverSettings
from services.notify.office.channels.port import Entry, Item, Rejected, Unavailable

TODO, DONE = "0", "2"
TOO_FAST = ("频繁", "too many", "frequen")
PERMANENT = ("receiver", "syscode", "接收人", "系统标识")


class Weaver:
    """One 泛微 installation."""

    def __init__(self, settings: WeaverSettings) -> None:
        self._settings = settings
        self.line = Line(settings)
        self.pace = self.line.pace

    async def upsert(self, item: Item) -> str:
        """待办."""
        return await self._receive(item, TODO)

    async def complete(self, item: Item) -> str:
        """已办."""
        return await self._receive(item, DONE)

    async def withdraw(self, item: Item) -> str:
        """Delete this person's item."""
        body = {
            "syscode": self._settings.syscode,
            "flowid": item.todo,
            "userid": item.receiver,
            "receivets": str(item.seq),
        }
        return await self._send(self._settings.paths.delete, body)

    async def reassign(self, item: Item, receiver: str) -> str:
        """There is no such operation here: the earlier one has done it, the other one has it to do."""
        await self.complete(item)
        return await self.upsert(Item(**{**vars(item), "receiver": receiver, "seq": item.seq + 1}))

    async def list_open(self, receiver: str | None = None) -> list[Entry]:
        """The open items of our system, page by page."""
        found: list[Entry] = []
        page = 1
        while True:
            body = {"syscode": self._settings.syscode, "pageno": page, "pagesize": 200, "userid": receiver or ""}
            said = document(await self._call(self._settings.paths.list, body))
            rows = said.get("list", [])
            found += [Entry(str(row[self._name("flowid")]), str(row[self._name("receiver")])) for row in rows]
            if len(found) >= int(said.get("total", 0)) or not rows:
                return found
            page += 1

    async def close(self) -> None:
        """Close connections."""
        await self.line.close()

    async def _receive(self, item: Item, remark: str) -> str:
        stamp = item.since.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
        body = {
            "syscode": self._settings.syscode,
            "flowid": item.todo,
            "requestname": item.title,
            "workflowname": self._settings.workflows.get(item.step, self._settings.workflow),
            "nodename": item.step,
            "pcurl": item.pc_link,
            "appurl": item.app_link,
            "isremark": remark,
            "viewtype": "0",
            "creator": self._settings.creator or item.receiver,
            "createdatetime": stamp,
            "receiver": item.receiver,
            "receivedatetime": stamp,
            "receivets": str(item.seq),
        }
        return await self._send(self._settings.paths.receive, body)

    async def _send(self, path: str, body: dict[str, str]) -> str:
        """Tell one thing and read what the answer holds: it is 200 whatever happened."""
        answer = await self._call(path, body)
        said = document(answer)
        if str(said.get("operResult")) == "1":
            return words(answer)
        why = str(said.get("message", words(answer)))[:300]
        if any(word in why for word in TOO_FAST):
            raise self.line.too_fast(answer)
        if any(word in why for word in PERMANENT):
            raise Rejected(why)
        raise Unavailable(why)

    async def _call(self, path: str, body: dict[str, Any]) -> httpx.Response:
        token = self._settings.token
        mapped = {self._name(name): value for name, value in body.items()} | self._settings.extra
        headers = {self._settings.token_header: token} if token else {}
        return await self.line.call("POST", path, json=mapped, headers=headers)

    def _name(self, field: str) -> str:
        """What this installation calls a documented field."""
        return self._settings.mapping.get(field, field)
