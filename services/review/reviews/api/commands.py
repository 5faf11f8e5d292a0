"""The commands in: each at the route that it names itself, its own fields being the body."""

import re
from inspect import Parameter, Signature
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi import Body as InBody
from pydantic import create_model

from infra.storage.store import CommandResult
from infra.web.http import Asked, Asking
from services.review.reviews.api.bodies import ReviewKey, Said
from services.review.reviews.model.commands import COMMON, Command, Form, Route
from services.review.reviews.model.steps import KINDS
from services.review.reviews.use_cases import ReviewUseCases

IN_PATH = re.compile(r"{(\w+)}")


def routes(use_cases: ReviewUseCases) -> APIRouter:
    """POST /reviews/{id}/…, one for each command and form that names its route."""
    api = APIRouter(prefix="/reviews/{key}")
    sent: list[tuple[type[Command | Form], str]] = [(one, "") for one in COMMON]
    for kind in KINDS:
        sent += [(one, kind.tag) for one in kind.forms]
        sent += [(one, kind.tag) for one in kind.commands]
    for one, tag in sent:
        if one.route is not None:
            _add(api, use_cases, one, one.route, tag)
    return api


def _add(api: APIRouter, use_cases: ReviewUseCases, sent: type[Command | Form], route: Route, tag: str) -> None:
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
    api.post(route.path, status_code=route.status, summary=route.summary, tags=[route.tag or tag])(made)


def _annotation(sent: type[Command | Form], name: str) -> Any:  # noqa: ANN401 - the type of any field
    field = sent.model_fields[name]
    return Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
