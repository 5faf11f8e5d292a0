"""泛微 OFS, simulated: 200 with ``operResult`` inside, strict fields, stale ``receivets`` ignored without a word.

A to-do stands in the list of each receiver on its own, as over there: another receiver does not take it from the first.
OFS documents no rate; that of this installation is 10 calls a second.
"""

import re
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from tests.support.vendors.vendor import Entry, Vendor
from tests.support.vendors.weather import Limit

FIELDS = {
    "syscode", "flowid", "requestname", "workflowname", "nodename", "pcurl", "appurl", "isremark", "viewtype",
    "creator", "createdatetime", "receiver", "receivedatetime", "receivets",
}  # fmt: skip
STATES = {"0": "open", "2": "done", "4": "done"}
STAMP = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$")


class WeaverVendor(Vendor):
    """One registered system, ``brandmatrix``; receivers that begin with ``X`` are unknown.

    ``names``: what this installation calls a documented field, where that differs; ``extra``: fields that it wants
    beside; ``workflows``: the names it knows, all if there are none.
    """

    title = "泛微 OFS"
    syscode = "brandmatrix"
    token = ""
    token_header = "token"
    receive_path = "/rest/ofs/ReceiveRequestInfoByJson"

    def __init__(
        self,
        limits: tuple[Limit, ...] | None = None,
        names: dict[str, str] | None = None,
        extra: tuple[str, ...] = (),
        workflows: tuple[str, ...] = (),
    ) -> None:
        self.names, self.extra, self.workflows = names or {}, extra, workflows
        super().__init__(limits)

    def too_fast(self) -> Response:
        return JSONResponse(self._answer("0", "访问过于频繁"))

    def expire(self, secret: str) -> None:
        self.token = secret

    def _answer(self, ok: str, message: str) -> dict[str, str]:
        return {"syscode": self.syscode, "operType": "AutoOper", "operResult": ok, "message": message}

    def _refused(self, request: Request) -> Response | None:
        if self.token and request.headers.get(self.token_header) != self.token:
            return JSONResponse({"message": "token expired"}, 401)
        return None

    def _read(self, body: dict[str, Any]) -> dict[str, Any]:
        """The documented fields out of what this installation calls them."""
        back = {mine: name for name, mine in self.names.items()}
        return {back.get(name, name): value for name, value in body.items() if name not in self.extra}

    def _fault(self, given: dict[str, Any], body: dict[str, Any]) -> str | None:
        """What the documentation does not allow in a to-do, in the vendor's words."""
        wanted = {self.names.get(name, name) for name in FIELDS} | set(self.extra)
        if set(given) != wanted or not all(isinstance(value, str) for value in given.values()):
            return f"参数有误: {sorted(set(given) ^ wanted)}"
        checks = {
            "系统标识未注册 syscode": body["syscode"] == self.syscode,
            "接收人不存在 receiver": not body["receiver"].startswith("X"),
            "流程类型不存在": not self.workflows or body["workflowname"] in self.workflows,
            "时间格式有误": STAMP.match(body["createdatetime"]) and body["receivets"].isdigit(),
            "isremark 有误": body["isremark"] in STATES,
        }
        return next((why for why, fine in checks.items() if not fine), None)

    def routes(self) -> None:
        """The documented addresses."""

        @self.app.post(self.receive_path)
        async def receive(request: Request) -> Any:  # noqa: ANN401 - a document or an answer
            if (no := self._refused(request)) is not None:
                return no
            given = await request.json()
            body = self._read(given)
            fault = self._fault(given, body)
            if fault is None:
                state, stamp = STATES[body["isremark"]], int(body["receivets"])
                self.put(Entry(body["flowid"], body["receiver"], body["requestname"], body["pcurl"], state, stamp))
            return self._answer("0" if fault else "1", fault or "")

        @self.app.post("/rest/ofs/deleteUserRequestInfoByJson")
        async def delete(request: Request) -> Any:  # noqa: ANN401 - a document or an answer
            if (no := self._refused(request)) is not None:
                return no
            body = self._read(await request.json())
            known = self.entries.get((body["flowid"], body["userid"]))
            title, link = (known.title, known.link) if known else ("", "")
            self.put(Entry(body["flowid"], body["userid"], title, link, "withdrawn", int(body["receivets"])))
            return self._answer("1", "")

        @self.app.post("/rest/ofs/getTodoListByJson")
        async def listed(request: Request) -> Any:  # noqa: ANN401 - a document or an answer
            if (no := self._refused(request)) is not None:
                return no
            body = self._read(await request.json())
            flow, receiver = (self.names.get(name, name) for name in ("flowid", "receiver"))
            rows = [{flow: key, receiver: who} for key, who in self.open if body.get("userid") in {"", None, who}]
            first = (int(body["pageno"]) - 1) * int(body["pagesize"])
            return {"operResult": "1", "total": len(rows), "list": rows[first : first + int(body["pagesize"])]}
