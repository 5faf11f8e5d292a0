"""How a well-behaved client calls the services: one Idempotency-Key for each command, kept through every retry."""

import asyncio
import uuid
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any, Protocol

import httpx

Json = Any
"""What a service answers."""
Token = Callable[[str, Iterable[str]], str]
BUSY = {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
PAUSE_SECONDS = 0.25


class Watch(Protocol):
    """Somebody who keeps account of what was tried and what was acknowledged."""

    def tried(self, person: str, key: str) -> None:
        """A command is about to be sent (perhaps again)."""

    def acknowledged(self, person: str, key: str, answer: Json) -> None:
        """A command was answered with success."""


class Refusal(Exception):  # noqa: N818 - read as a sentence
    """A service said no; ``document`` is its problem document (RFC 9457)."""

    def __init__(self, status: int, document: Json) -> None:
        super().__init__(f"{status} {document.get('type')}: {document.get('detail')} {document.get('detail_en')}")
        self.status, self.document = status, document


class Client:
    """Calls the services in the name of people. ``patience`` = seconds to go on while a service is away."""

    def __init__(
        self, urls: Mapping[str, str], token: Token, watch: Watch | None = None, patience: float = 180
    ) -> None:
        self._urls, self._token, self._watch, self._patience = urls, token, watch, patience
        self._http = httpx.AsyncClient(timeout=10, trust_env=False)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def get(self, person: str, service: str, path: str, *roles: str, **query: str) -> Json:
        """Read; raises ``Refusal``."""
        return await self._send("GET", person, roles, f"{self._urls[service]}{path}", params=query)

    async def post(self, person: str, service: str, path: str, body: Json, *roles: str, key: str = "") -> Json:
        """Command; the same ``key`` (by chance, if none is given) through all retries; raises ``Refusal``."""
        return await self._command("POST", person, roles, f"{self._urls[service]}{path}", body, key)

    async def put(self, person: str, service: str, path: str, body: Json, *roles: str, key: str = "") -> Json:
        """As ``post``, for things that the caller names."""
        return await self._command("PUT", person, roles, f"{self._urls[service]}{path}", body, key)

    async def _command(  # noqa: PLR0913, PLR0917 - the parts of a request
        self, method: str, person: str, roles: Iterable[str], url: str, body: Json, key: str
    ) -> Json:
        key = key or uuid.uuid4().hex
        if self._watch:
            self._watch.tried(person, key)
        answer = await self._send(method, person, roles, url, json=body, headers={"Idempotency-Key": key})
        if self._watch:
            self._watch.acknowledged(person, key, answer)
        return answer

    async def _send(self, method: str, person: str, roles: Iterable[str], url: str, **more: Any) -> Json:  # noqa: ANN401
        headers = {"Authorization": f"Bearer {self._token(person, roles)}", **more.pop("headers", {})}
        end = asyncio.get_running_loop().time() + self._patience
        while True:
            over = asyncio.get_running_loop().time() > end
            try:
                answer = await self._http.request(method, url, headers=headers, **more)
            except httpx.TransportError:
                if over:
                    raise
            else:
                if answer.is_success:
                    return answer.json()
                if answer.status_code not in BUSY or over:
                    raise Refusal(answer.status_code, answer.json())
            await asyncio.sleep(PAUSE_SECONDS)
