"""HTTP as this system speaks it: who asks, why, and when; health, metrics, and API pages without a CDN."""

import asyncio
import hashlib
import time
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Header, Query, Request, Response, Security
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import ParamTypes
from fastapi.responses import JSONResponse
from fastapi_offline import FastAPIOffline
from opentelemetry.trace import SpanKind
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from infra.kernel import clock
from infra.kernel.errors import Invalid
from infra.kernel.events import Cause
from infra.kernel.json_pointer import pointer
from infra.kernel.paging import Paging
from infra.kernel.telemetry import REQUESTS, bound, current_traceparent, span
from infra.kernel.values import Input
from infra.web.auth import Principal, Tokens
from infra.web.pages import BEARER, add_pages, operation_id
from infra.web.problems import DESCRIBED, answer_problems, answered, shipped

Missing = Callable[[], Awaitable[tuple[dict[str, str], dict[str, str]]]]
KEY_LENGTH = 200
KEY_DESCRIPTION = "重试同一命令时用同一个值，只生效一次。 The same on a retry: takes effect once."
MATCH_DESCRIPTION = "所依据版本的 ETag；已被他人更新则 412。 The ETag that this is based on; 412 if it changed since."
CALLS_AT_ONCE = 256
MOST_BYTES = 1_000_000
NO_VERSION = -1


class Body(Input):
    """A request body: what it does not name is refused, so that a misspelt field is not silently lost."""


@dataclass(frozen=True)
class Reading:
    """Who reads."""

    user: Principal


@dataclass(frozen=True)
class Asking(Reading):
    """Who commands, when, and the cause under which the effect is remembered.

    ``key`` is made from the caller's ``Idempotency-Key`` (or by chance): the id of what this command creates, so that
    a repeated creation meets itself.
    """

    cause: Cause
    key: str

    @property
    def at(self) -> datetime:
        """The moment of the command, UTC, in whole milliseconds (what the database keeps)."""
        return self.cause.at


async def _reader(request: Request, _: Annotated[object, Security(BEARER)]) -> Reading:
    # the scheme is only for the API pages; the header is read here and not declared as a parameter: FastAPI would build
    # a validator for it at every route
    tokens: Tokens = request.app.state.tokens
    reading = Reading(await tokens.principal(request.headers.get("authorization")))
    if request.query_params:
        _require_declared(request)
    return reading


def _require_declared(request: Request) -> None:
    """Refuse what the route does not know, so that a misspelt filter is not silently none; and what is said twice."""
    fields = get_flat_params(request.scope["route"].dependant)
    known = [one.alias for one in fields if getattr(one.field_info, "in_", ParamTypes.query) is ParamTypes.query]
    for name, times in Counter(name for name, _ in request.query_params.multi_items()).items():
        if name not in known:
            zh = f"没有查询参数“{name}”；可用的有：{'、'.join(known) or '无'}。"
            en = f"There is no query parameter “{name}”; known here: {', '.join(known) or 'none'}."
            raise Invalid("query.unknown", zh, en, field=pointer("query:", name))
        if times > 1:
            once_zh, once_en = f"查询参数“{name}”只能出现一次。", f"“{name}” may stand in the query once only."
            raise Invalid("query.repeated", once_zh, once_en, field=pointer("query:", name))


async def _asked(
    request: Request,
    reader: Annotated[Reading, Depends(_reader)],
    idempotency_key: Annotated[
        str | None, Header(min_length=1, max_length=KEY_LENGTH, description=KEY_DESCRIPTION)
    ] = None,
    if_match: Annotated[str | None, Header(max_length=KEY_LENGTH, description=MATCH_DESCRIPTION)] = None,
) -> Asking:
    # a key belongs to its caller: two people with the same key mean two commands
    key = uuid.uuid5(uuid.NAMESPACE_URL, f"{reader.user.id}\n{idempotency_key or uuid.uuid4()}")
    content = f"{request.method} {request.url.path}\n".encode() + await request.body()
    cause = Cause(
        id=f"http#{key}",
        at=clock.now(),
        correlation=request.state.correlation,
        traceparent=current_traceparent(),
        fingerprint=hashlib.sha256(content).hexdigest(),
        expected_version=_version(if_match),
    )
    return Asking(reader.user, cause, str(key))


def _version(if_match: str | None) -> int | None:
    """The version that ``If-Match`` names; None = any, and no version at all for a tag that is none of ours."""
    if if_match is None or if_match.strip() == "*":
        return None
    tag = if_match.strip().removeprefix("W/").strip('"')
    return int(tag) if tag.isascii() and tag.isdigit() else NO_VERSION


class _Answer(JSONResponse):
    """An answer with the ``version`` of what it shows as its ``ETag``."""

    def __init__(self, content: Any, status_code: int = 200, **more: Any) -> None:  # noqa: ANN401 - any JSON
        super().__init__(content, status_code, **more)
        version = content.get("version") if isinstance(content, dict) else None
        if isinstance(version, int):
            self.headers.setdefault("ETag", f'"{version}"')


Reader = Annotated[Reading, Depends(_reader)]
Asked = Annotated[Asking, Depends(_asked)]
Paged = Annotated[Paging, Query()]


def make_app(  # noqa: PLR0913, PLR0917 - the parts of an application
    title: tuple[str, str],
    tokens: Tokens,
    routers: list[APIRouter],
    missing: Missing,
    outage: type[Exception],
    larger: Mapping[str, int] = MappingProxyType({}),
) -> FastAPI:
    """The HTTP side of a service: its routers, problems for errors, ``/livez /readyz /metrics`` and ``/docs``.

    ``outage``: what the database raises when it is away (503). ``larger``: the paths that take more than
    ``MOST_BYTES``, and how much.
    """
    app: FastAPI = FastAPIOffline(
        redoc_url=None,
        title=" · ".join(title),
        summary=title[1],
        version="1",
        responses=DESCRIBED,
        default_response_class=_Answer,
        generate_unique_id_function=operation_id,
        swagger_ui_parameters={"persistAuthorization": True, "tagsSorter": "alpha"},
    )
    app.state.tokens = tokens
    answer_problems(app, outage)
    _watch(app, larger)
    _health(app, missing)
    add_pages(app)
    for router in routers:
        app.include_router(router)
    return app


def _refused_unread(request: Request, most: int) -> Response | None:
    """Refuse a body by its announced size: it is read before anybody knows who sent it."""
    length = request.headers.get("content-length", "0")
    if "chunked" in request.headers.get("transfer-encoding", "") or not length.isdigit():
        return shipped("body.length_required")
    return shipped("body.too_large", most=most) if int(length) > most else None


def _watch(app: FastAPI, larger: Mapping[str, int]) -> None:
    slots = asyncio.Semaphore(CALLS_AT_ONCE)  # more at once would only make each of them slower

    @app.middleware("http")
    async def correlate(request: Request, proceed: Callable[[Request], Awaitable[Response]]) -> Response:
        request.state.correlation = (request.headers.get("x-correlation-id") or uuid.uuid4().hex)[:100]
        traceparent, correlation = request.headers.get("traceparent"), request.state.correlation
        started = time.perf_counter()
        name = f"{request.method} {request.url.path}"
        with span(name, traceparent, SpanKind.SERVER), bound(correlation=correlation):
            answer = _refused_unread(request, larger.get(request.url.path, MOST_BYTES))
            if answer is None:
                async with slots:
                    answer = await answered(request, proceed)
        route = getattr(request.scope.get("route"), "path", "unknown")
        REQUESTS.labels(request.method, route, answer.status_code).observe(time.perf_counter() - started)
        answer.headers["X-Correlation-Id"] = correlation
        return answer


def _health(app: FastAPI, missing: Missing) -> None:
    @app.get("/livez", tags=["运行 health"], summary="进程存活 The process lives")
    async def livez() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz", tags=["运行 health"], summary="可以工作，或缺少什么 Ready, or what is missing")
    async def readyz() -> JSONResponse:
        lacking, degraded = await missing()
        return JSONResponse({"ready": not lacking, "missing": lacking, "degraded": degraded}, 503 if lacking else 200)

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
