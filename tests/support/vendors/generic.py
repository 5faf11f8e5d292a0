"""A receiver of Standard Webhooks, simulated: unsigned calls are 401, the greatest ``seq`` of a to-do wins."""

import base64
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tests.support.vendors.vendor import Entry, Vendor

SECRET = "whsec_" + base64.b64encode(b"a secret of the demo, 24 bytes+").decode()


class GenericVendor(Vendor):
    """One receiver; receivers that begin with ``X`` are unknown."""

    title = "通用待办（Standard Webhooks）"

    def routes(self) -> None:
        """One address for everything."""
        hook = Webhook(SECRET)

        async def verified(request: Request) -> bool:
            try:
                hook.verify(await request.body(), dict(request.headers), json_parse=False)
            except (WebhookVerificationError, ValueError):
                return False
            return True

        @self.app.post("/todos")
        async def tell(request: Request) -> JSONResponse:
            if self.sky.too_fast():
                return JSONResponse({"error": "slow down"}, 429, {"retry-after": "1"})
            if not await verified(request):
                return JSONResponse({"error": "signature"}, 401)
            data: dict[str, Any] = (await request.json())["data"]
            if data["receiver"].startswith("X"):
                return JSONResponse({"error": "no such receiver"}, 422)
            entry = Entry(data["receiver"], data["title"], data["links"]["pc"], data["state"], int(data["seq"]))
            self.put(data["id"], entry)
            return JSONResponse({"accepted": True})

        @self.app.get("/todos")
        async def listed(request: Request, receiver: str = "") -> JSONResponse:
            if not await verified(request):
                return JSONResponse({"error": "signature"}, 401)
            rows = [{"id": key, "receiver": who} for key, who in sorted(self.open.items()) if receiver in {"", who}]
            return JSONResponse({"items": rows})
