"""The commands in: each at the route that it names itself, its own fields being the body."""

import re
from dataclasses import replace
from inspect import Parameter, Signature
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi import Body as InBody
from pydantic import Field, create_model

from infra.kernel.events import Cause
from infra.storage.store import CommandResult
from infra.web.http import NO_VERSION, Asked, Asking, Body
from services.review.reviews.api.reviews import ReviewKey
from services.review.reviews.model.commands import COMMON, Command, Form, Route
from services.review.reviews.model.steps import KINDS
from services.review.reviews.use_cases import ReviewUseCases

IN_PATH = re.compile(r"{(\w+)}")
Sent = type[Command | Form]


class Said(Body):
    """``version`` is the version the caller looked at; when the review has changed since, nothing happens (412)."""

    version: int | None = Field(default=None, ge=0, description="您看到的版本，可省略 / The version you saw, optional")

    def cause(self, asked: Asking) -> Cause:
        """Why it happens, on condition of this version; with another one in ``If-Match`` it never does."""
        if self.version is None:
            return asked.cause
        agreed = asked.cause.expected_version in (None, self.version)
        return replace(asked.cause, expected_version=self.version if agreed else NO_VERSION)


def routes(use_cases: ReviewUseCases) -> APIRouter:
    """POST /reviews/{id}/…, one for each command and form that names its route."""
    api = APIRouter(prefix="/reviews/{key}")
    named: list[tuple[Sent, str]] = [(one, "") for one in COMMON]
    for kind in KINDS:
        named += [*((one, kind.tag) for one in kind.forms), *((one, kind.tag) for one in kind.commands)]
    for sent, tag in named:
        if sent.route is not None:
            _add(api, use_cases, sent, sent.route, sent.route.tag or tag)
    return api


def _add(api: APIRouter, use_cases: ReviewUseCases, sent: Sent, route: Route, tag: str) -> None:
    """Register the route of a command, or of a form that becomes one."""
    in_path = {name: route.number if name == "n" and route.number else name for name in IN_PATH.findall(route.path)}
    own = {name: field for name, field in sent.model_fields.items() if name not in {"kind", *in_path.values()}}
    fields: dict[str, Any] = {name: (field.annotation, field) for name, field in own.items()}
    body = create_model(f"{sent.__name__}Body", __base__=Said, __doc__=sent.__doc__, **fields)

    async def made(key: str, body: Said, asked: Asking, **path: object) -> CommandResult:
        said = {name: getattr(body, name) for name in own} | {in_path[name]: value for name, value in path.items()}
        one = sent.model_validate(said)
        command = one.command(asked.user.person) if isinstance(one, Form) else one
        return await use_cases.execute(key, command, asked.user, body.cause(asked))

    parameters = {
        "key": ReviewKey,
        "body": Annotated[body, InBody(examples=[route.example])],
        "asked": Asked,
        **{name: _annotation(sent, field) for name, field in in_path.items()},
    }
    made.__signature__ = Signature(  # type: ignore[attr-defined] # what FastAPI asks of the request
        [Parameter(name, Parameter.KEYWORD_ONLY, annotation=one) for name, one in parameters.items()],
        return_annotation=CommandResult,
    )
    api.post(route.path, status_code=route.status, summary=route.summary, tags=[tag])(made)


def _annotation(sent: Sent, name: str) -> Any:  # noqa: ANN401 - the type of any field
    field = sent.model_fields[name]
    return Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
