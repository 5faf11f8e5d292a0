"""飞书 三方审批: the definition once, then an instance with one task for each to-do; ``update_time`` must grow.

An instance is told with ``update_mode`` UPDATE: only there the vendor compares ``update_time`` and leaves alone what is
older. (REPLACE takes everything as it comes, so what is late would win.) Whatever the HTTP status, the ``code`` inside
counts: 0 is success, 9999166x an invalid token, 99991400 the rate limit. Instance and task ids must be distinct from
each other, so each is derived with a prefix of its own.
"""

import asyncio
import hashlib
import time
from typing import Any, Literal

from pydantic import Field

from services.notify.office.channels.calling import SERVER_ERROR, Line, document, words
from services.notify.office.channels.port import Common, Entry, Item, Operation, Rejected, Unavailable

TOKEN = "/open-apis/auth/v3/tenant_access_token/internal"  # noqa: S105 - an address
DEFINE = "/open-apis/approval/v4/external_approvals"
INSTANCES = "/open-apis/approval/v4/external_instances"
TASKS = "/open-apis/approval/v4/external_tasks"
BAD_TOKEN = {99991661, 99991663, 99991664, 99991668}
TOO_FAST = {99991400, 11232}
INTERNAL = {1395001, 2200}
EARLY = 300
"""Seconds before its end at which a token is fetched anew."""


STATUS: dict[Operation, tuple[str, str]] = {
    "upsert": ("PENDING", "PENDING"),
    "complete": ("APPROVED", "DONE"),
    "withdraw": ("DELETED", "DONE"),
}
"""Of the instance and of its task; what was decided stands in our own system, and what is deleted nobody sees."""


class FeishuSettings(Common):
    """飞书; ``approval_key`` identifies our definition of an approval. Its limits hold for each address."""

    kind: Literal["feishu_approval"]
    per_second: float = Field(default=50, gt=0, le=1000)
    per_minute: float | None = Field(default=1000, gt=0)
    app_id: str
    approval_key: str = "brand-matrix"
    title: str = "党建品牌待办"


class Feishu(Line[FeishuSettings]):
    """One tenant of 飞书."""

    def __init__(self, settings: FeishuSettings) -> None:
        super().__init__(settings)
        self._token, self._until, self._code = "", 0.0, ""
        self._defining, self._fetching = asyncio.Lock(), asyncio.Lock()  # many to-dos at once need one of each

    async def send(self, item: Item, operation: Operation) -> str:
        """An instance with one task."""
        status, task = STATUS[operation]
        return await self._instance(item, status, {item.receiver: task})

    async def reassign(self, item: Item, receiver: str) -> str:
        """The same instance: one task is passed on, the other one waits."""
        return await self._instance(item, "PENDING", {item.receiver: "TRANSFERRED", receiver: "PENDING"})

    async def list_open(self) -> list[Entry]:
        """The tasks of our definition that wait, page by page."""
        found: list[Entry] = []
        page = ""
        while True:
            body = {"approval_codes": [await self._approval()], "status": "PENDING"}
            said = await self._ask("GET", TASKS, body, {"page_size": 100, **({"page_token": page} if page else {})})
            for instance in said.get("data", {}).get("data", []):
                key = str(instance["instance_id"]).removeprefix("i:")
                found += [Entry(key, str(task["user_id"])) for task in instance.get("tasks", [])]
            page = said.get("data", {}).get("page_token", "")
            if not page:
                return found

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
                _texts("zh-CN", "@i18n@title", item.title),
                _texts("en-US", "@i18n@title", item.title_en),
            ],
        }
        said = await self._ask("POST", INSTANCES, body)
        return f"code {said['code']}"

    async def _approval(self) -> str:
        """The code of our definition; creating it again under the same key gives the same code."""
        body = {
            "approval_name": "@i18n@name",
            "approval_code": self.settings.approval_key,
            "group_code": "work_group",
            "external": {"support_pc": True, "support_mobile": True, "create_link_pc": ""},
            "i18n_resources": [_texts("zh-CN", "@i18n@name", self.settings.title)],
        }
        async with self._defining:
            if not self._code:
                self._code = str((await self._ask("POST", DEFINE, body))["data"]["approval_code"])
        return self._code

    async def _ask(self, method: str, path: str, body: Any, query: Any = None) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """Ask with a token; one that the vendor forgot early is fetched anew, once."""
        for last in (False, True):
            headers = {"Authorization": f"Bearer {(token := await self._access())}"}
            answer = await self.ask(method, path, json=body, params=query, headers=headers)
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
                raise self.too_fast(answer)
            if code in INTERNAL:
                raise Unavailable(why)
            raise Rejected(why)
        raise Unavailable("no token")

    async def _access(self) -> str:
        async with self._fetching:
            if not self._token or time.monotonic() > self._until:
                body = {"app_id": self.settings.app_id, "app_secret": self.settings.secret}
                said = document(await self.ask("POST", TOKEN, json=body))
                if int(said.get("code", -1)) != 0:
                    raise Unavailable(f"no tenant token: code {said.get('code')} {said.get('msg', '')}")
                self._token = str(said["tenant_access_token"])
                self._until = time.monotonic() + max(float(said.get("expire", 0)) - EARLY, 1)
        return self._token


def _texts(locale: str, key: str, value: str) -> dict[str, Any]:
    return {"locale": locale, "is_default": locale == "zh-CN", "texts": [{"key": key, "value": value}]}
