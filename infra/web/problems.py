"""Every error as an RFC 9457 problem document, with the field it is about, in Chinese and in English."""

import json
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from infra.kernel.errors import Invalid, Problem, Unauthorised
from infra.kernel.json_pointer import pointer
from infra.kernel.telemetry import log

MEDIA_TYPE = "application/problem+json"
Words = Sequence[str]
"""Chinese and English."""

_DATA = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
CHINESE: dict[str, str] = _DATA["faults"]
"""The framework's kinds of wrong input in Chinese."""


class _ProblemResponse(JSONResponse):
    """A problem may quote what it refuses, even text that is no valid Unicode."""

    def render(self, content: object) -> bytes:
        return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")


SCHEMA: dict[str, Any] = _DATA["document"]
_CONTENT = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
DESCRIBED: dict[int | str, dict[str, Any]] = {
    "4XX": {"description": "被拒绝的原因 Why it was refused", "content": _CONTENT},
    "5XX": {"description": "暂时无法处理 Not possible now", "content": _CONTENT},
}
"""How the API pages describe problems; it replaces the framework's own description, which is not what we answer."""


def problem(status: int, code: str, title: Words, detail: Words, **more: Any) -> JSONResponse:  # noqa: ANN401 - JSON
    """A problem document: ``type title status detail``, their English twins, and ``field`` and ``errors`` by pointer.

    What is not possible now says when to come again.
    """
    named = {"type": f"/problems/{code}", "title": title[0], "title_en": title[1], "status": status}
    correlation = structlog.contextvars.get_contextvars().get("correlation")
    document = {**named, "detail": detail[0], "detail_en": detail[1], **more, "correlationid": correlation}
    content = {name: value for name, value in document.items() if value is not None}
    again = {"Retry-After": "2"} if status == HTTPStatus.SERVICE_UNAVAILABLE else None
    return _ProblemResponse(content, status, again, MEDIA_TYPE)


def shipped(code: str, **values: object) -> JSONResponse:
    """A problem of HTTP itself, with the words of ``problems.json``."""
    words = _DATA["problems"][code]
    zh, en = (text.format(**values) for text in words["detail"])
    return problem(words["status"], code, words["title"], (zh, en))


def answer_problems(app: FastAPI, outage: type[Exception]) -> None:
    """Make the app answer every error as a problem document; ``outage`` is what a database raises that is away."""

    @app.exception_handler(Problem)
    async def of_ours(_: Request, error: Problem) -> JSONResponse:
        answer = problem(error.status, error.code, error.title, (error.zh, error.en), field=error.field)
        if isinstance(error, Unauthorised):
            answer.headers["WWW-Authenticate"] = "Bearer"
        return answer

    @app.exception_handler(RequestValidationError)
    async def of_input(_: Request, error: RequestValidationError) -> JSONResponse:
        errors = [_error(entry, error.body) for entry in error.errors()]
        first = errors[0]
        said = f"{first['field'] or '请求体'}：{first['detail']}", f"{first['field'] or 'body'}: {first['detail_en']}"
        return problem(Invalid.status, "input.invalid", Invalid.title, said, field=first["field"], errors=errors)

    @app.exception_handler(HTTPException)
    async def of_routing(_: Request, error: HTTPException) -> JSONResponse:
        title = _DATA["routing"].get(str(error.status_code), ("请求未被接受", str(error.detail)))
        answer = problem(error.status_code, f"http.{error.status_code}", title, (title[0], str(error.detail)))
        answer.headers.update(error.headers or {})  # such as Allow, which a 405 must carry
        return answer

    @app.exception_handler(outage)
    async def of_database(_: Request, error: Exception) -> JSONResponse:
        log.error("database.unreachable", error=str(error))
        return shipped("database.unreachable")


async def answered(request: Request, proceed: Callable[[Request], Awaitable[Response]]) -> Response:
    """What the application answers; a bug is logged with its stack, and answered as a problem without it.

    Not an exception handler: the framework raises again what those of ``Exception`` have answered, and the server
    then cuts the connection.
    """
    try:
        return await proceed(request)
    except Exception as error:  # noqa: BLE001 - a request ends here, whatever happened in it
        log.exception("http.bug", error=repr(error))
        return shipped("internal")


def _error(entry: dict[str, Any], body: object) -> dict[str, Any]:
    place, *rest = entry["loc"]
    parts = _sent(rest, body, missing=entry["type"] == "missing") if place == "body" else rest
    chinese = CHINESE.get(entry["type"], "取值不符合要求")
    where = pointer("" if place == "body" else f"{place}:", *parts)
    return {"field": where, "code": entry["type"], "detail": chinese, "detail_en": entry["msg"]}


def _sent(path: Sequence[str | int], body: Any, *, missing: bool) -> list[str | int]:  # noqa: ANN401 - any JSON
    """The part of a path that was really sent: pydantic also names the alternative it tried (``/name/Known/value``)."""
    found: list[str | int] = []
    for number, part in enumerate(path, 1):
        inside: Any = body if isinstance(body, dict) else dict(enumerate(body)) if isinstance(body, list) else {}
        if part in inside:
            body = inside[part]
            found.append(part)
        elif missing and number == len(path):
            found.append(part)
    return found
