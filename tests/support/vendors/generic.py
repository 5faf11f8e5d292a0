"""A receiver of Standard Webhooks, simulated: unsigned calls are 401, the greatest ``seq`` of a to-do wins."""

import base64
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tests.support.vendors.vendor import Entry, Vendor

SECRET = "whsec_" + base64.b64encode(b"a secret of the demo, 24 bytes+").decode()


class GenericVendor(Vendor):
    """One receiver; a to-do has one receiver at a time; receivers that begin with ``X`` are unknown."""

    title = "通用待办（Standard Webhooks）"
    secret = SECRET

    def expire(self, secret: str) -> None:
        self.secret = secret

    def by_hand(self, entry: Entry) -> None:
        self.entries.pop((entry.todo, ""), None)
        if entry.state != "gone":
            self.entries[entry.todo, ""] = entry

    def routes(self) -> None:
        """One address for everything."""

        async def verified(request: Request) -> bool:
            try:
                Webhook(self.secret).verify(await request.body(), dict(request.headers), json_parse=False)
            except (WebhookVerificationError, ValueError):
                return False
            return True

        @self.app.post("/todos")
        async def tell(request: Request) -> JSONResponse:
            if not await verified(request):
                return JSONResponse({"error": "signature"}, 401)
            data: dict[str, Any] = (await request.json())["data"]
            if data["receiver"].startswith("X"):
                return JSONResponse({"error": "no such receiver"}, 422)
            link, seq = data["links"]["pc"], int(data["seq"])
            entry = Entry(data["id"], data["receiver"], data["title"], link, data["state"], seq)
            self.put(entry, (data["id"], ""))
            return JSONResponse({"accepted": True})

        @self.app.get("/todos")
        async def listed(request: Request, receiver: str = "") -> JSONResponse:
            if not await verified(request):
                return JSONResponse({"error": "signature"}, 401)
            rows = [{"id": key, "receiver": who} for key, who in self.open if receiver in {"", who}]
            return JSONResponse({"items": rows})
