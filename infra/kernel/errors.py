"""The ways in which a command is refused, each with code, sentence and field; what a validation found first."""

from pydantic import ValidationError


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


def first_fault(error: ValidationError) -> str:
    """Where the first fault is, and what it is."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg']}" if where else str(first["msg"])


class Unreadable(Exception):  # noqa: N818 - read as a sentence
    """These bytes are no event that this service knows; trying again would not help."""
