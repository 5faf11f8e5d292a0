"""飞书 三方审批: the definition once, then an instance with one task for each to-do; ``update_time`` must grow.

Answers are 200 with a ``code``: 0 is success, 9999166x an invalid token, 99991400 the rate limit. Instance and task ids
must be distinct from each other, so each is derived with a prefix of its own.
"""

import hashlib
import time
from typing import Any

from services.notify.channels.calling import call, client, document
from services.notify.channels.config import FeishuSettings
from services.notify.channels.port import Entry, Item, Rejected, Unavailable

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
        self._http = client(settings.base_url, settings.timeout)
        self._token, self._until = "", 0.0
        self._code = ""

    async def upsert(self, item: Item) -> str:
        """PENDING."""
        return await self._instance(item, "PENDING", "PENDING")

    async def complete(self, item: Item) -> str:
        """The task is done; what was decided stands in our own system."""
        return await self._instance(item, "APPROVED", "DONE")

    async def withdraw(self, item: Item) -> str:
        """DELETED: nobody sees it any more."""
        return await self._instance(item, "DELETED", "DONE")

    async def reassign(self, item: Item, receiver: str) -> str:
        """The same instance with the other person's task; REPLACE takes the earlier one away."""
        return await self._instance(Item(**{**vars(item), "receiver": receiver}), "PENDING", "PENDING")

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
        await self._http.aclose()

    async def _instance(self, item: Item, status: str, task: str) -> str:
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
            "update_mode": "REPLACE",
            "display_method": "BROWSER",
            "task_list": [
                {
                    "task_id": f"t:{hashlib.sha256(f'{item.todo}{item.receiver}'.encode()).hexdigest()[:32]}",
                    "user_id": item.receiver,
                    "title": "@i18n@title",
                    "links": links,
                    "status": task,
                    "create_time": began,
                    "end_time": "0" if task == "PENDING" else stamp,
                    "update_time": stamp,
                }
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
        if not self._code:
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
            self._code = str(said["data"]["approval_code"])
        return self._code

    async def _ask(self, method: str, path: str, body: Any, query: Any = None) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """Ask with a token; one that the vendor forgot early is fetched anew, once."""
        for last in (False, True):
            headers = {"Authorization": f"Bearer {await self._access()}"}
            said = document(await call(self._http, method, path, json=body, params=query, headers=headers))
            code = int(said.get("code", -1))
            if code == 0:
                return said
            why = f"code {code}: {str(said.get('msg', ''))[:200]}"
            if code in BAD_TOKEN:
                self._token = ""
                if not last:
                    continue
                raise Unavailable(why)
            if code in TOO_FAST:
                raise Unavailable(why, after=1, ours=True)
            if code in INTERNAL:
                raise Unavailable(why)
            raise Rejected(why)
        raise Unavailable("no token")

    async def _access(self) -> str:
        if not self._token or time.monotonic() > self._until:
            body = {"app_id": self._settings.app_id, "app_secret": self._settings.secret}
            said = document(await call(self._http, "POST", TOKEN, json=body))
            if int(said.get("code", -1)) != 0:
                raise Unavailable(f"no tenant token: code {said.get('code')}")
            self._token = str(said["tenant_access_token"])
            self._until = time.monotonic() + max(float(said.get("expire", 0)) - EARLY, 1)
        return self._token
