"""SCIM's protocol by scim2-server: our tokens, our database, our errors in SCIM's shape, and what it says of itself.

Importing it makes some hundred models of SCIM's and takes longer than half a service; ``server`` does so when the
first request comes. Telephone numbers, addresses, pictures and passwords are neither announced nor kept; a client that
sends them all the same is not refused, for most identity systems do so by default and cannot leave them out.
"""

import json
from functools import cache
from pathlib import Path
from typing import Final

from fastapi import Request, Response
from scim2_models import (
    ForbiddenException,
    SCIMException,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    UnauthorizedException,
)
from scim2_server.applications.asgi import ASGIApplication
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.utils import load_default_resource_types, load_default_schemas

from infra.kernel.errors import Forbidden, Problem, Unauthorised
from infra.kernel.telemetry import log
from infra.storage.mongo import PyMongoError
from infra.web.auth import Tokens
from services.registry.access import FEEDERS
from services.registry.hr.feeds.scim.server import ROOT
from services.registry.hr.feeds.scim.storage import CLIENT, Directory
from services.registry.hr.store import Entries

USER: Final = "urn:ietf:params:scim:schemas:core:2.0:User"
ATTRIBUTES: Final = {
    "userName", "name", "displayName", "nickName", "title", "userType", "preferredLanguage", "locale", "timezone",
    "active", "emails",
}  # fmt: skip
DATA: Final = Path(__file__).parents[3] / "data" / "scim.json"
"""What this server can do (ServiceProviderConfig); a bulk request stays below what any request may have here."""

POLICY: Final = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)
"""The departures from the RFC that widely used identity systems are known for."""


@cache
def provider() -> ScimProvider:
    """Users with the enterprise extension, and groups; its models are made once, for making them is slow."""
    schemas, config = load_default_schemas(), ServiceProviderConfig.model_validate_json(DATA.read_text("utf-8"))
    user = schemas[USER]
    user.attributes = [one for one in user.attributes or () if one.name in ATTRIBUTES]
    return ScimProvider.from_discovery(
        schemas.values(), load_default_resource_types().values(), config=config, policy=POLICY
    )


class _Unavailable(SCIMException):
    """The database does not answer, or too many write at once: to be repeated."""

    status = 503
    _default_detail = "暂时无法处理，请稍后重试。 Not possible now; try again later."


class _Application(ASGIApplication):
    """The library's application without its reading and writing of HTTP, which is FastAPI's here."""

    tokens: Tokens

    async def admit(self, request: ScimRequest) -> None:
        """Only HR's systems and administrators, everywhere: a directory has no organisations of the Party.

        Raises SCIM's 401 and 403 with our reasons.
        """
        try:
            client = await self.tokens.principal(request.header("authorization"))
            client.require(*FEEDERS, scope="*")
        except Unauthorised as error:
            raise UnauthorizedException(detail=f"{error.zh} {error.en}") from error
        except Forbidden as error:
            raise ForbiddenException(detail=f"{error.zh} {error.en}") from error
        CLIENT.set(client.id)

    async def dispatch_request(self, request: ScimRequest) -> ScimResponse:
        """Authenticate and serve; what the service is and can do is told to everybody (RFC 7644 section 4)."""
        if self.needs_auth(request):
            await self.admit(request)
        return await self.handler.handle(request)

    def handle_exception(self, request: ScimRequest, exception: Exception) -> ScimResponse:
        """What went wrong, as SCIM's error; the library logs a bug and answers 500."""
        if isinstance(exception, PyMongoError):
            log.error("database.unreachable", error=str(exception))
            exception = _Unavailable()
        elif isinstance(exception, Problem):
            exception = _Unavailable(detail=f"{exception.zh} {exception.en}")
        return super().handle_exception(request, exception)


class Protocol:
    """Users and groups of this database, served as SCIM says."""

    def __init__(self, entries: Entries) -> None:
        described = provider()
        self._application = _Application(Directory(entries, described), described)

    async def answer(self, request: Request) -> Response:
        """Whatever comes under ``/scim/v2``."""
        self._application.tokens = request.app.state.tokens
        asked = ScimRequest(
            method=request.method,
            base_url=f"{request.url.scheme}://{request.url.netloc}{request.scope.get('root_path', '')}{ROOT}",
            path=self._application.split_path("/" + request.path_params.get("path", "")),
            query=dict(request.query_params),
            headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw],
            body=await request.body(),
        )
        said = await self._application.serve(asked)
        body = b"" if said.body is None else json.dumps(said.body, ensure_ascii=False).encode()
        return Response(body, int(said.status), headers=said.headers)
