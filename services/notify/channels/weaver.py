"""泛微 OFS (统一待办), REST with JSON: one call brings a to-do into any state, ``receivets`` guards against stale ones.

Fields and answers as documented for ``ReceiveRequestInfoByJson``: ``isremark`` 0 待办, 2 已办; the answer is 200 with
``operResult`` "1" or "0" inside. ``receivets`` are milliseconds; what has older ones is ignored over there.
"""

from datetime import timedelta, timezone

import httpx

from services.notify.channels.calling import call, client, document, words
from services.notify.channels.config import WeaverSettings
from services.notify.channels.port import Entry, Item, Rejected, Unavailable

CHINA = timezone(timedelta(hours=8))
RECEIVE = "/rest/ofs/ReceiveRequestInfoByJson"
DELETE = "/rest/ofs/deleteUserRequestInfoByJson"
LIST = "/rest/ofs/getTodoListByJson"
TODO, DONE = "0", "2"
PERMANENT = ("receiver", "syscode", "接收人", "系统标识")


class Weaver:
    """One 泛微 installation."""

    def __init__(self, settings: WeaverSettings) -> None:
        self._settings = settings
        self._http = client(settings.base_url, settings.timeout)

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
        return _agreed(await call(self._http, "POST", DELETE, json=body, headers=self._headers()))

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
            said = document(await call(self._http, "POST", LIST, json=body, headers=self._headers()))
            rows = said.get("list", [])
            found += [Entry(str(row["flowid"]), str(row["receiver"])) for row in rows]
            if len(found) >= int(said.get("total", 0)) or not rows:
                return found
            page += 1

    async def close(self) -> None:
        """Close connections."""
        await self._http.aclose()

    async def _receive(self, item: Item, remark: str) -> str:
        stamp = item.since.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
        body = {
            "syscode": self._settings.syscode,
            "flowid": item.todo,
            "requestname": item.title,
            "workflowname": self._settings.workflow,
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
        mapped = {self._settings.mapping.get(name, name): value for name, value in body.items()}
        return _agreed(await call(self._http, "POST", RECEIVE, json=mapped, headers=self._headers()))

    def _headers(self) -> dict[str, str]:
        token = self._settings.token
        return {"token": token} if token else {}


def _agreed(answer: httpx.Response) -> str:
    said = document(answer)
    if str(said.get("operResult")) == "1":
        return words(answer)
    why = str(said.get("message", words(answer)))[:300]
    if any(word in why for word in PERMANENT):
        raise Rejected(why)
    raise Unavailable(why)
