"""泛微 OFS, simulated: 200 with ``operResult`` inside, strict fields, stale ``receivets`` ignored without a word."""

import re
from typing import Any

from fastapi import Request

from tests.support.vendors.vendor import Entry, Vendor

FIELDS = {
    "syscode", "flowid", "requestname", "workflowname", "nodename", "pcurl", "appurl", "isremark", "viewtype",
    "creator", "createdatetime", "receiver", "receivedatetime", "receivets",
}  # fmt: skip
STATES = {"0": "open", "2": "done", "4": "done"}
STAMP = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$")


class WeaverVendor(Vendor):
    """One registered system, ``brandmatrix``; receivers that begin with ``X`` are unknown."""

    title = "泛微 OFS"
    syscode = "brandmatrix"

    def _fault(self, body: dict[str, Any]) -> str | None:
        """What the documentation does not allow in a to-do, in the vendor's words."""
        if set(body) != FIELDS or not all(isinstance(value, str) for value in body.values()):
            return f"参数有误: {sorted(set(body) ^ FIELDS)}"
        checks = {
            "系统标识未注册 syscode": body["syscode"] == self.syscode,
            "接收人不存在 receiver": not body["receiver"].startswith("X"),
            "时间格式有误": STAMP.match(body["createdatetime"]) and body["receivets"].isdigit(),
            "isremark 有误": body["isremark"] in STATES,
        }
        return next((why for why, fine in checks.items() if not fine), None)

    def routes(self) -> None:
        """The documented addresses."""

        def answer(ok: str, message: str) -> dict[str, str]:
            return {"syscode": self.syscode, "operType": "AutoOper", "operResult": ok, "message": message}

        @self.app.post("/rest/ofs/ReceiveRequestInfoByJson")
        async def receive(request: Request) -> dict[str, str]:
            if self.sky.too_fast():
                return answer("0", "访问过于频繁")
            body: dict[str, Any] = await request.json()
            fault = self._fault(body)
            if fault is None:
                state, stamp = STATES[body["isremark"]], int(body["receivets"])
                self.put(body["flowid"], Entry(body["receiver"], body["requestname"], body["pcurl"], state, stamp))
            return answer("0" if fault else "1", fault or "")

        @self.app.post("/rest/ofs/deleteUserRequestInfoByJson")
        async def delete(request: Request) -> dict[str, str]:
            if self.sky.too_fast():
                return answer("0", "访问过于频繁")
            body = await request.json()
            known = self.entries.get(body["flowid"])
            title, link = (known.title, known.link) if known else ("", "")
            self.put(body["flowid"], Entry(body["userid"], title, link, "withdrawn", int(body["receivets"])))
            return answer("1", "")

        @self.app.post("/rest/ofs/getTodoListByJson")
        async def listed(request: Request) -> dict[str, Any]:
            body = await request.json()
            rows = [
                {"flowid": key, "receiver": who}
                for key, who in sorted(self.open.items())
                if not body.get("userid") or body["userid"] == who
            ]
            first = (int(body["pageno"]) - 1) * int(body["pagesize"])
            return {"operResult": "1", "total": len(rows), "list": rows[first : first + int(body["pagesize"])]}
