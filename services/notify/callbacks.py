"""What an office system tells back: signed, once. It may say "opened" and "decided", and decides nothing."""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from infra.aggregate import Decision, Invalid, NotFound, Refused, Unauthorised
from infra.events import Cause
from infra.handlers import first_fault
from services.notify.channels.config import Common
from services.notify.office import Office, Seen, present
from services.notify.store import Todos

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

    def __init__(self, office: Office, todos: Todos, channels: Mapping[str, Common]) -> None:
        self._office, self._todos, self._channels = office, todos, channels

    async def take(self, channel: str, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
        """Take a callback; the same id again has no effect. Raises ``Unauthorised``, ``NotFound`` or ``Invalid``."""
        said = self._verified(channel, body, headers)
        about = said.data
        seen = Seen(
            id=f"{channel}:{headers['webhook-id']}",
            channel=channel,
            kind=said.type,
            todo=about.id,
            receiver=about.receiver,
            at=present(),
            data=about.model_dump(exclude={"id", "receiver"}),
        )
        cause = Cause(id=f"callback#{seen.id}#{seen.at.isoformat()}", at=seen.at, correlation=seen.id)
        try:
            await self._office.seen.create(partial(_new, seen), cause=cause)
        except Refused:
            return {"accepted": True, "repeated": True}
        if said.type == OPENED:
            await self._read(channel, about)
        decided = {"note": "办理结果以本系统为准，请在待办链接中办理。 It is decided in our system only."}
        return {"accepted": True, "repeated": False, **(decided if said.type == DECIDED else {})}

    def _verified(self, channel: str, body: bytes, headers: Mapping[str, str]) -> Said:
        settings = self._channels.get(channel)
        if settings is None or not settings.callback_secret:
            raise NotFound("channel.no_callbacks", zh="该通道未启用回调。", en="This channel takes no callbacks.")
        try:
            Webhook(settings.callback_secret).verify(body, dict(headers), json_parse=False)
        except (WebhookVerificationError, ValueError, KeyError) as error:
            raise Unauthorised(
                "callback.not_verified", zh="签名或时间戳无效。", en="Signature or time stamp is not valid."
            ) from error
        try:
            said = Said.model_validate(json.loads(body))
        except ValidationError as error:
            raise Invalid("callback.invalid", zh="回调内容有误。", en=first_fault(error), field="body") from error
        except ValueError as error:
            raise Invalid("callback.no_json", zh="回调不是 JSON。", en="It is no JSON.", field="body") from error
        if said.type not in {OPENED, DECIDED}:
            raise Invalid("callback.unknown", zh="不认识的回调类型。", en=f"Unknown type {said.type}.", field="/type")
        return said

    async def _read(self, channel: str, about: Said.About) -> None:
        for row in await self._office.rows.find({"channel": channel, "todo": about.id}, limit=1):
            if not about.receiver or self._channels[channel].user(row.person) == about.receiver:
                await self._todos.read(row.person, present(), row.todo)


def _new(seen: Seen) -> Decision[Seen]:
    return seen, []
