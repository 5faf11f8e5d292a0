"""飞书 三方审批: the definition once, then an instance with one task for each to-do; ``update_time`` must grow.

An instance is told with ``update_mode`` UPDATE: only there the vendor compares ``update_time`` and leaves alone what is
older. (REPLACE takes everything as it comes, so what is late would win.) Whatever the HTTP status, the ``code`` inside
counts: 0 is success, 9999166x an invalid token, 99991400 the rate limit. Instance and task ids must be distinct from
each other, so each is derived with a prefix of its own.
"""

import asyncio
import hashlib
import time
from typing import Any

from services.notify.office.channels.calling import SERVER_ERROR, Line, document, words
from services.notify.office.channels.config import FeishuSettings
from services.notify.office.channels.port import Entry, Item, Rejected, Unavailable

TOKEN = "/open-apis/auth/v3/tenant_access_token/internal"  # noqa: S105 - an address
DEFINE = "/open-apis/approval/v4/external_approvals"
INSTANCES = "/open-apis/approval/v4/external_instances"
TASKS = "/open-apis/approval/v4/external_tasks"
BAD_TOKEN = {99991661, 99991663, 99991664, 99991668}
TOO_FAST = {99991400, 11232}
INTERNAL = {1395001, 2200}
EARLY = 300
"""Seconds before its end at which a token is fetched anew."""


class Feishu:
    """One tenant of 飞书."""

    def __init__(self, settings: FeishuSettings) -> None:
        self._settings = settings
        self.line = Line(settings)
        self.pace = self.line.pace
        self._token, self._until = "", 0.0
        self._code = ""
        self._defining, self._fetching = asyncio.Lock(), asyncio.Lock()  # many to-dos at once need one of each

    async def upsert(self, item: Item) -> str:
        """PENDING."""
        return await self._instance(item, "PENDING", {item.receiver: "PENDING"})

    async def complete(self, item: Item) -> str:
        """The task is done; what was decided stands in our own system."""
        return await self._instance(item, "APPROVED", {item.receiver: "DONE"})

    async def withdraw(self, item: Item) -> str:
        """DELETED: nobody sees it any more."""
        return await self._instance(item, "DELETED", {item.receiver: "DONE"})

    async def reassign(self, item: Item, receiver: str) -> str:
        """The same instance: one task is passed on, the other one waits."""
        return await self._instance(item, "PENDING", {item.receiver: "TRANSFERRED", receiver: "PENDING"})

    async def list_open(self, receiver: str | None = None) -> list[Entry]:
        """The tasks of our definition that wait, page by page."""
        found: list[Entry] = []
        page = ""
        while True:
            body = {"approval_codes": [await self._approval()], "status": "PENDING"}
            asked = {**body, **({"user_ids": [receiver]} if receiver else {})}
            said = await self._ask("GET", TASKS, asked, {"page_size": 100, **({"page_token": page} if page else {})})
            for instance in said.get("data", {}).get("data", []):
                key = str(instance["instance_id"]).removeprefix("i:")
                found += [Entry(key, str(task["user_id"])) for task in instance.get("tasks", [])]
            page = said.get("data", {}).get("page_token", "")
            if not page:
                return found

    async def close(self) -> None:
        """Close connections."""
        await self.line.close()

    async def _instance(self, item: Item, status: str, tasks: dict[str, str]) -> str:
        """Tell the instance and the tasks that change, by receiver; all with the same growing stamp."""
        stamp = str(item.seq)
        links = {"pc_link": item.pc_link, "mobile_link": item.app_link}
        began = str(int(item.since.timestamp() * 1000))
        body = {
            "approval_code": await self._approval(),
            "instance_id": f"i:{item.todo}",
            "status": status,
            "title": "@i18n@title",
            "links": links,
            "user_id": item.receiver,
            "start_time": began,
            "end_time": "0" if status == "PENDING" else stamp,
            "update_time": stamp,
            "update_mode": "UPDATE",
            "display_method": "BROWSER",
            "task_list": [
                {
                    "task_id": f"t:{hashlib.sha256(f'{item.todo}{receiver}'.encode()).hexdigest()[:32]}",
                    "user_id": receiver,
                    "title": "@i18n@title",
                    "links": links,
                    "status": task,
                    "create_time": began,
                    "end_time": "0" if task == "PENDING" else stamp,
                    "update_time": stamp,
                }
                for receiver, task in tasks.items()
            ],
            "i18n_resources": [
                {"locale": "zh-CN", "is_default": True, "texts": [{"key": "@i18n@title", "value": item.title}]},
                {"locale": "en-US", "is_default": False, "texts": [{"key": "@i18n@title", "value": item.title_en}]},
            ],
        }
        said = await self._ask("POST", INSTANCES, body)
        return f"code {said['code']}"

    async def _approval(self) -> str:
        """The code of our definition; creating it again under the same key gives the same code."""
        async with self._defining:
            if not self._code:
                self._code = await self._define()
        return self._code

    async def _define(self) -> str:
        body = {
            "approval_name": "@i18n@name",
            "approval_code": self._settings.approval_key,
            "group_code": "work_group",
            "external": {"support_pc": True, "support_mobile": True, "create_link_pc": ""},
            "i18n_resources": [
                {
                    "locale": "zh-CN",
                    "is_default": True,
                    "texts": [{"key": "@i18n@name", "value": self._settings.title}],
                }
            ],
        }
        said = await self._ask("POST", DEFINE, body)
        return str(said["data"]["approval_code"])

    async def _ask(self, method: str, path: str, body: Any, query: Any = None) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """Ask with a token; one that the vendor forgot early is fetched anew, once."""
        for last in (False, True):
            token = await self._access()
            headers = {"Authorization": f"Bearer {token}"}
            answer = await self.line.ask(method, path, json=body, params=query, headers=headers)
            if answer.status_code >= SERVER_ERROR:
                raise Unavailable(f"HTTP {answer.status_code}: {words(answer)}")
            said = document(answer)
            code = int(said.get("code", -1))
            if code == 0:
                return said
            why = f"code {code}: {str(said.get('msg', ''))[:200]}"
            if code in BAD_TOKEN:
                self._token = "" if self._token == token else self._token
                if last:
                    raise Unavailable(why)
                continue
            if code in TOO_FAST:
                raise self.line.too_fast(answer)
            if code in INTERNAL:
                raise Unavailable(why)
            raise Rejected(why)
        raise Unavailable("no token")

    async def _access(self) -> str:
        async with self._fetching:
            if not self._token or time.monotonic() > self._until:
                body = {"app_id": self._settings.app_id, "app_secret": self._settings.secret}
                said = document(await self.line.ask("POST", TOKEN, json=body))
                if int(said.get("code", -1)) != 0:
                    raise Unavailable(f"no tenant token: code {said.get('code')} {said.get('msg', '')}")
                self._token = str(said["tenant_access_token"])
                self._until = time.monotonic() + max(float(said.get("expire", 0)) - EARLY, 1)
        return self._token
