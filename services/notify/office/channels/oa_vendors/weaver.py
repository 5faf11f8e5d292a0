"""泛微 OFS (统一待办), REST with JSON: one call brings a to-do into any state, ``receivets`` guards against stale ones.

Fields and answers as documented for ``ReceiveRequestInfoByJson``: ``isremark`` 0 待办, 2 已办; the answer is 200 with
``operResult`` "1" or "0" inside. ``receivets`` are milliseconds; what has older ones is ignored over there.
"""

from dataclasses import replace
from typing import Any, Literal

import httpx

from infra.kernel.dates import CHINA
from infra.kernel.values import Closed
from services.notify.office.channels.calling import Line, document, words
from services.notify.office.channels.port import Common, Entry, Item, Operation, Rejected, Unavailable

TODO, DONE = "0", "2"
TOO_FAST = ("频繁", "too many", "frequen")
PERMANENT = ("receiver", "syscode", "接收人", "系统标识")


class WeaverPaths(Closed):
    """Where a 泛微 installation answers; installations of different years differ."""

    receive: str = "/rest/ofs/ReceiveRequestInfoByJson"
    delete: str = "/rest/ofs/deleteUserRequestInfoByJson"
    list: str = "/rest/ofs/getTodoListByJson"


class WeaverSettings(Common):
    """泛微 OFS; ``syscode`` is what our system is registered under there.

    ``mapping``: its name of a field for the documented one, in what is sent and in its list; ``extra``: fields that it
    wants beside them; ``workflows``: its name of a workflow for a step of ours, where that is not ``workflow``.
    The secret is the token of its gateway, if any. OFS documents no rate: agree on one with those who run it.
    """

    kind: Literal["weaver_ofs"]
    syscode: str
    workflow: str = "党建品牌"
    workflows: dict[str, str] = {}  # noqa: RUF012 - pydantic copies it
    creator: str = ""
    mapping: dict[str, str] = {}  # noqa: RUF012 - pydantic copies it
    extra: dict[str, str] = {}  # noqa: RUF012 - pydantic copies it
    paths: WeaverPaths = WeaverPaths()
    token_header: str = "token"  # noqa: S105 - a name


class Weaver(Line[WeaverSettings]):
    """One 泛微 installation."""

    async def send(self, item: Item, operation: Operation) -> str:
        """待办, 已办, or this person's item deleted."""
        body = {"syscode": self.settings.syscode, "flowid": item.todo, "receivets": str(item.seq)}
        if operation == "withdraw":
            return await self._send(self.settings.paths.delete, {**body, "userid": item.receiver})
        stamp = item.since.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
        body |= {
            "requestname": item.title,
            "workflowname": self.settings.workflows.get(item.step, self.settings.workflow),
            "nodename": item.step,
            "pcurl": item.pc_link,
            "appurl": item.app_link,
            "isremark": TODO if operation == "upsert" else DONE,
            "viewtype": "0",
            "creator": self.settings.creator or item.receiver,
            "createdatetime": stamp,
            "receiver": item.receiver,
            "receivedatetime": stamp,
        }
        return await self._send(self.settings.paths.receive, body)

    async def reassign(self, item: Item, receiver: str) -> str:
        """There is no such operation here: the earlier one has done it, the other one has it to do."""
        await self.send(item, "complete")
        return await self.send(replace(item, receiver=receiver, seq=item.seq + 1), "upsert")

    async def list_open(self) -> list[Entry]:
        """The open items of our system, page by page."""
        found: list[Entry] = []
        page = 1
        while True:
            body = {"syscode": self.settings.syscode, "pageno": page, "pagesize": 200, "userid": ""}
            said = document(await self._call(self.settings.paths.list, body))
            rows = said.get("list", [])
            found += [Entry(str(row[self._name("flowid")]), str(row[self._name("receiver")])) for row in rows]
            if len(found) >= int(said.get("total", 0)) or not rows:
                return found
            page += 1

    async def _send(self, path: str, body: dict[str, str]) -> str:
        """Tell one thing and read what the answer holds: it is 200 whatever happened."""
        answer = await self._call(path, body)
        said = document(answer)
        if str(said.get("operResult")) == "1":
            return words(answer)
        why = str(said.get("message", words(answer)))[:300]
        if any(word in why for word in TOO_FAST):
            raise self.too_fast(answer)
        if any(word in why for word in PERMANENT):
            raise Rejected(why)
        raise Unavailable(why)

    async def _call(self, path: str, body: dict[str, Any]) -> httpx.Response:
        mapped = {self._name(name): value for name, value in body.items()} | self.settings.extra
        headers = {self.settings.token_header: token} if (token := self.settings.secret) else {}
        return await self.call("POST", path, json=mapped, headers=headers)

    def _name(self, field: str) -> str:
        """What this installation calls a documented field."""
        return self.settings.mapping.get(field, field)
