"""飞书 third-party approval, simulated: tokens that expire, 200 with a code inside, ``update_time`` that must grow."""

import secrets
import time
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from tests.support.vendors.vendor import Entry, Vendor

STATES = {"PENDING": "open", "APPROVED": "done", "DELETED": "withdrawn", "CANCELED": "withdrawn"}


class FeishuVendor(Vendor):
    """One app (``cli_demo`` / ``secret``); receivers that begin with ``X`` are unknown."""

    title = "飞书审批中心"
    app_id, app_secret = "cli_demo", "secret"
    token_seconds = 7200.0

    def __init__(self) -> None:
        self.tokens: dict[str, float] = {}
        self.definitions: dict[str, str] = {}
        self.task_ids: dict[str, str] = {}
        super().__init__()

    def forget_tokens(self) -> None:
        """Every token is invalid from now on, whatever was promised."""
        self.tokens.clear()

    def _refused(self, request: Request) -> Response | None:
        if self.sky.too_fast():
            limited = {"code": 99991400, "msg": "request trigger frequency limit"}
            return JSONResponse(limited, 429, {"x-ogw-ratelimit-reset": "1"})
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self.tokens.get(token, 0) < time.monotonic():
            return JSONResponse({"code": 99991663, "msg": "invalid access token"})
        return None

    def _take(self, body: dict[str, Any]) -> dict[str, Any]:
        (task,) = body["task_list"]
        if body["approval_code"] not in self.definitions.values() or body["status"] not in STATES:
            return {"code": 1390001, "msg": "param is invalid"}
        if body["user_id"].startswith("X"):
            return {"code": 1390003, "msg": "user not found"}
        if body["instance_id"] == task["task_id"]:
            return {"code": 1390002, "msg": "ids must be distinct"}
        key = body["instance_id"].removeprefix("i:")
        self.task_ids[key] = task["task_id"]
        title = next(text["value"] for one in body["i18n_resources"] for text in one["texts"])
        state = STATES[body["status"]]
        self.put(key, Entry(task["user_id"], title, task["links"]["pc_link"], state, int(body["update_time"])))
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
            keys = sorted(self.open.items())
            rows = [
                {"instance_id": f"i:{key}", "status": "PENDING", "tasks": [{"id": self.task_ids[key], "user_id": who}]}
                for key, who in keys[first : first + page_size]
            ]
            more = str(first + page_size) if first + page_size < len(keys) else ""
            return {"code": 0, "msg": "success", "data": {"data": rows, "page_token": more, "has_more": bool(more)}}
