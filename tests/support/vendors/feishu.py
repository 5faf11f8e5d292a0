"""飞书 third-party approval, simulated: tokens that expire, a code inside every answer, two ways to update.

``update_mode`` UPDATE ignores each task whose ``update_time`` did not grow; REPLACE takes everything as it comes and
forgets the tasks that are not in it. Limits as documented, for each address: 50 in a second, 1000 in a minute.
"""

import secrets
import time
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from tests.support.vendors.vendor import Entry, Vendor
from tests.support.vendors.weather import Limit

ENDED = {"APPROVED": "done", "REJECTED": "done", "DELETED": "withdrawn", "CANCELED": "withdrawn"}
TASKS = {"PENDING": "open", "APPROVED": "done", "DONE": "done", "TRANSFERRED": "done"}


class FeishuVendor(Vendor):
    """One app (``cli_demo`` / ``secret``); receivers that begin with ``X`` are unknown."""

    title = "飞书审批中心"
    each_address = True
    limits = (Limit(50, 1), Limit(1000, 60))
    app_id, app_secret = "cli_demo", "secret"
    token_seconds = 7200.0

    def __init__(self, limits: tuple[Limit, ...] | None = None) -> None:
        self.tokens: dict[str, float] = {}
        self.definitions: dict[str, str] = {}
        self.task_ids: dict[tuple[str, str], str] = {}
        super().__init__(limits)

    def too_fast(self) -> Response:
        limited = {"code": 99991400, "msg": "request trigger frequency limit"}
        return JSONResponse(limited, self.sky.chance.choice((429, 400)), {"x-ogw-ratelimit-reset": "1"})

    def expire(self, secret: str) -> None:
        del secret  # tokens are asked for, not given
        self.tokens.clear()

    def _refused(self, request: Request) -> Response | None:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self.tokens.get(token, 0) < time.monotonic():
            return JSONResponse({"code": 99991663, "msg": "Invalid access token for authorization."}, 400)
        return None

    def _take(self, body: dict[str, Any]) -> dict[str, Any]:
        states = {"PENDING", "HIDDEN", "TERMINATED", *ENDED}
        if body["approval_code"] not in self.definitions.values() or body["status"] not in states:
            return {"code": 1390001, "msg": "param is invalid"}
        if any(one["user_id"].startswith("X") for one in (body, *body["task_list"])):
            return {"code": 1390003, "msg": "user not found"}
        ids = [body["instance_id"], *(task["task_id"] for task in body["task_list"])]
        if len(set(ids)) < len(ids):
            return {"code": 1390002, "msg": "ids must be distinct"}
        key = body["instance_id"].removeprefix("i:")
        title = next(text["value"] for one in body["i18n_resources"] for text in one["texts"])
        guarded = body["update_mode"] == "UPDATE"
        if not guarded:
            for place in [place for place in self.entries if place[0] == key]:
                del self.entries[place]
        published = {task["user_id"] for task in body["task_list"]}
        for one in [one for place, one in self.entries.items() if place[0] == key and place[1] not in published]:
            if body["status"] in ENDED and one.state == "open":
                ended = {**vars(one), "state": ENDED[body["status"]], "stamp": int(body["update_time"])}
                self.put(Entry(**ended), guarded=guarded)
        for task in body["task_list"]:
            # a task of an instance that ended waits for nobody
            state = ENDED.get(body["status"], TASKS[task["status"]])
            self.task_ids[key, task["user_id"]] = task["task_id"]
            link = task["links"]["pc_link"]
            entry = Entry(key, task["user_id"], title, link, state, int(task["update_time"]))
            self.put(entry, guarded=guarded)
        return {"code": 0, "msg": "success", "data": {"data": {}}}

    def routes(self) -> None:
        """The documented addresses."""

        @self.app.post("/open-apis/auth/v3/tenant_access_token/internal")
        async def token(request: Request) -> dict[str, Any]:
            body = await request.json()
            if (body.get("app_id"), body.get("app_secret")) != (self.app_id, self.app_secret):
                return {"code": 10014, "msg": "app secret invalid"}
            fresh = f"t-{secrets.token_hex(8)}"
            self.tokens[fresh] = time.monotonic() + self.token_seconds
            return {"code": 0, "msg": "ok", "tenant_access_token": fresh, "expire": int(self.token_seconds)}

        @self.app.post("/open-apis/approval/v4/external_approvals")
        async def define(request: Request) -> Any:  # noqa: ANN401 - a document or an answer
            if (no := self._refused(request)) is not None:
                return no
            body = await request.json()
            code = self.definitions.setdefault(body["approval_code"], f"C-{len(self.definitions) + 1}")
            return {"code": 0, "msg": "success", "data": {"approval_code": code}}

        @self.app.post("/open-apis/approval/v4/external_instances")
        async def instance(request: Request) -> Any:  # noqa: ANN401 - a document or an answer
            if (no := self._refused(request)) is not None:
                return no
            return self._take(await request.json())

        @self.app.get("/open-apis/approval/v4/external_tasks")
        async def tasks(request: Request, page_size: int = 100, page_token: str = "") -> Any:  # noqa: ANN401
            if (no := self._refused(request)) is not None:
                return no
            first = int(page_token or 0)
            rows = [
                {
                    "instance_id": f"i:{key}",
                    "status": "PENDING",
                    "tasks": [{"id": self.task_ids.get((key, who), "t"), "user_id": who}],
                }
                for key, who in self.open[first : first + page_size]
            ]
            more = str(first + page_size) if first + page_size < len(self.open) else ""
            return {"code": 0, "msg": "success", "data": {"data": rows, "page_token": more, "has_more": bool(more)}}
