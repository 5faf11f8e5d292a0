"""What a decision works on, what it returns, and the ways in which it can say no.

Everything here is pure: no clock, no random, no I/O. A decision is a plain ``def`` that takes an aggregate and returns
``(after, facts)``; it may be run again after a write conflict, so it must not have effects.
"""

from collections.abc import Sequence
from typing import Any, Self, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict

from infra.events import Fact


class Aggregate(BaseModel):
    """A thing that changes as a whole: one document, one version number.

    ``version`` counts the writes (0 = not yet stored) and is kept by the store, never by a decision.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    version: int = 0

    def becomes(self, **changes: Any) -> Self:  # noqa: ANN401 - field values of any type
        """Return a changed copy that was validated (pydantic's ``model_copy(update=…)`` accepts invalid values)."""
        return type(self).model_validate({**dict(self), **changes})

    def answer(self) -> dict[str, Any]:
        """Return what a command's caller is told besides id and version; kept with the cause, so keep it small."""
        state = getattr(self, "state", None)
        return {} if state is None else {"state": state}


A = TypeVar("A", bound=Aggregate)
Decision: TypeAlias = tuple[A, Sequence[Fact]]
"""The changed aggregate and the facts that the change makes true."""


class Problem(Exception):  # noqa: N818 - its subclasses are the names people read
    """A refusal with a stable code, a sentence in Chinese and in English, and the field that it is about.

    ``field`` is a JSON Pointer into the request body (RFC 6901), ``code`` the last part of the problem type (RFC 9457).
    """

    status = 500
    title = ("内部错误", "Internal error")

    def __init__(self, code: str, zh: str, en: str, *, field: str | None = None) -> None:
        super().__init__(f"{code}: {en}")
        self.code, self.zh, self.en, self.field = code, zh, en, field


class Refused(Problem):
    """The rules of the domain do not allow this now; asking again changes nothing (409)."""

    status = 409
    title = ("当前不允许此操作", "Not allowed in the current state")


class Stale(Problem):
    """The caller decided on an older version than the stored one (412)."""

    status = 412
    title = ("内容已被他人更新", "Changed by someone else meanwhile")


class Invalid(Problem):
    """The input itself is wrong (422)."""

    status = 422
    title = ("输入有误", "Invalid input")


class NotFound(Problem):
    """There is no such thing (404)."""

    status = 404
    title = ("未找到", "Not found")


class Forbidden(Problem):
    """The caller is known but may not do this (403)."""

    status = 403
    title = ("没有权限", "Forbidden")


class Unauthorised(Problem):
    """The caller is not known: no token, or one that does not hold (401)."""

    status = 401
    title = ("未登录或登录已失效", "Not signed in")


class Unavailable(Problem):
    """What is needed to answer is out of reach now; asking again later helps (503)."""

    status = 503
    title = ("暂时无法处理", "Not possible now")


class NotYet(Problem):
    """What this builds on has not arrived here yet; asking again later helps (503; a handler is retried)."""

    status = 503
    title = ("所需数据尚未到达", "Not yet known here")
