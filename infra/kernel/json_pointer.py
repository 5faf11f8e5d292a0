"""JSON Pointers (RFC 6901): made of parts, taken apart, followed. Imports nothing: the sandbox's workers load it."""

from collections.abc import Iterable
from typing import Any


def pointer(field: str, *parts: str | int) -> str:
    """``field`` extended by these parts."""
    return field + "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)


def tokens(path: str) -> list[str]:
    """The names and numbers on the way to a place; raises ``LookupError`` when the path is no pointer."""
    if path and not path.startswith("/"):
        raise LookupError(path)
    return [token.replace("~1", "/").replace("~0", "~") for token in path.split("/")[1:]]


def look(node: Any, way: Iterable[str]) -> Any:  # noqa: ANN401 - any JSON
    """What stands at the end of a way of ``tokens``; raises ``LookupError`` when nothing does."""
    for token in way:
        if isinstance(node, dict):
            node = node[token]
        elif isinstance(node, list) and token.isascii() and token.isdigit() and str(int(token)) == token:
            node = node[int(token)]
        else:
            raise LookupError(token)
    return node
