"""What an office system tells back: signed, once. It may say "opened" and "decided", and decides nothing."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from infra.kernel import clock
from infra.kernel.errors import Invalid, NotFound, Refused, Unauthorised, first_fault
from services.notify.inbox.store import Todos
from services.notify.office.store import Office, SeenCallback, cause
from services.notify.office.use_cases.delivery import DeliveryWorker

ID = re.compile(r"^[\x21-\x7e]{1,200}$")
OPENED, DECIDED = "todo.opened", "todo.decided"


class Said(BaseModel):
    """The body of a callback; ``data`` names the to-do and who acted."""

    model_config = ConfigDict(extra="ignore")

    class About(BaseModel):
        """The to-do and its receiver over there."""

        model_config = ConfigDict(extra="allow")

        id: str = Field(min_length=1, max_length=300)
        receiver: str = Field(default="", max_length=200)

    type: str = Field(min_length=1, max_length=100)
    data: About


class Callbacks:
    """Checks signatures, remembers what it saw, marks to-dos as read."""

    def __init__(self, office: Office, todos: Todos, workers: Sequence[DeliveryWorker]) -> None:
        self._office, self._todos = office, todos
        self._channels = {one.settings.name: one for one in workers}

    async def take(self, channel: str, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
        """Take a callback; the same id again has no effect. Raises ``Unauthorised``, ``NotFound`` or ``Invalid``."""
        said = self._verified(channel, body, headers)
        about = said.data
        said_of = {"channel": channel, "kind": said.type, "todo": about.id, "receiver": about.receiver}
        more = about.model_dump(exclude={"id", "receiver"})
        seen = SeenCallback(id=f"{channel}:{headers['webhook-id']}", at=clock.now(), data=more, **said_of)
        if await self._office.seen.count({"_id": seen.id}):
            return {"accepted": True, "repeated": True}
        # the effect first: if the process ends here the vendor gets no answer, tells again, and finds it done
        link = await self._about(channel, about, read=said.type == OPENED)
        try:
            await self._office.seen.create(lambda: (seen, []), cause=cause(f"callback#{seen.id}"))
        except Refused:  # the same one, taken by another replica at the same moment
            return {"accepted": True, "repeated": True}
        note = {"note": "办理结果以本系统为准，请打开链接办理。 It is decided in our system only: open the link."}
        return {"accepted": True, "repeated": False, "link": link, **(note if said.type == DECIDED else {})}

    def _verified(self, channel: str, body: bytes, headers: Mapping[str, str]) -> Said:
        worker = self._channels.get(channel)
        secret = worker.settings.callback_secret if worker else ""
        if not secret:
            raise NotFound("channel.no_callbacks", zh="该通道未启用回调。", en="This channel takes no callbacks.")
        try:
            Webhook(secret).verify(body, dict(headers), json_parse=False)
            known_by = ID.match(headers["webhook-id"])
        except (WebhookVerificationError, ValueError, OverflowError) as error:
            raise Unauthorised(
                "callback.not_verified", zh="签名或时间戳无效。", en="Signature or time stamp is not valid."
            ) from error
        if known_by is None:
            raise Invalid("callback.id", zh="webhook-id 不可用。", en="No usable id.", field="header:/webhook-id")
        try:
            said = Said.model_validate(json.loads(body))
        except ValidationError as error:
            raise Invalid("callback.invalid", zh="回调内容有误。", en=first_fault(error), field="body") from error
        except ValueError as error:
            raise Invalid("callback.no_json", zh="回调不是 JSON。", en="It is no JSON.", field="body") from error
        if said.type not in {OPENED, DECIDED}:
            raise Invalid("callback.unknown", zh="不认识的回调类型。", en=f"Unknown type {said.type}.", field="/type")
        return said

    async def _about(self, channel: str, about: Said.About, *, read: bool) -> str | None:
        """Where the to-do is done; ``read``: its receiver opened it over there, so it is read here as well."""
        worker = self._channels[channel]
        for delivery in await self._office.channel_deliveries.find({"channel": channel, "todo": about.id}, limit=1):
            if read and about.receiver in {"", worker.settings.user(delivery.person)}:
                await self._todos.read(delivery.person, clock.now(), delivery.todo)
            return worker.item(delivery, about.receiver, delivery.seq).pc_link
        return None
