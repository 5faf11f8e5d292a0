"""The SCIM endpoint: where it is. The protocol is put together when the first request comes, see ``protocol``."""

import asyncio
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response

from services.registry.hr.store import Entries

if TYPE_CHECKING:
    from services.registry.hr.feeds.scim.protocol import Protocol

ROOT = "/scim/v2"
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]


def routes(entries: Entries) -> APIRouter:
    """Everything under ``/scim/v2``. Its description is SCIM's own (``/Schemas``), not OpenAPI's."""
    api = APIRouter(include_in_schema=False)
    once, made = asyncio.Lock(), list["Protocol"]()

    async def answer(request: Request) -> Response:
        async with once:
            if not made:  # in a thread, for it takes a second in which others are served
                made.append(await asyncio.to_thread(_protocol, entries))
        return await made[0].answer(request)

    for path in (ROOT, ROOT + "/{path:path}"):
        api.add_api_route(path, answer, methods=METHODS)
    return api


def _protocol(entries: Entries) -> "Protocol":
    from services.registry.hr.feeds.scim.protocol import Protocol  # noqa: PLC0415 - heavy, and many have no SCIM client

    return Protocol(entries)
