"""JSON as people send it: pointers to its parts (RFC 6901), and refusing what could not be given back unchanged."""

import math
from collections.abc import Iterator
from typing import Any, TypeAlias

from infra.kernel.errors import Invalid

Json: TypeAlias = dict[str, Any]

MOST_DEPTH = 20
LARGEST = 2**63 - 1


def pointer(field: str, part: str | int) -> str:
    """``field`` extended by one part, escaped as RFC 6901 says."""
    return f"{field}/{str(part).replace('~', '~0').replace('/', '~1')}"


def parts(node: object, field: str) -> Iterator[tuple[str, Any]]:
    """The members of an object or the items of a list, each with the pointer to it; nothing for anything else."""
    if isinstance(node, dict):
        for name, part in node.items():
            yield pointer(field, name), part
    elif isinstance(node, list | tuple):
        for place, part in enumerate(node):
            yield pointer(field, place), part


def require_storable(node: object, field: str, depth: int = 0) -> None:
    """Raise ``Invalid`` for what MongoDB or JSON would not keep as it is, and for "" which says nothing."""
    if depth > MOST_DEPTH:
        raise _unfit(field, "嵌套过深", "nested too deeply")
    match node:
        case dict():
            for name in node:
                _named(name, field)
        case str():
            _said(node, field)
        case float() if not math.isfinite(node):
            raise _unfit(field, "不是有效数字", "not a finite number")
        case int() if abs(node) > LARGEST:
            raise _unfit(field, "整数超出 64 位；编号请用文本", "an integer beyond 64 bits; write codes as text")
    for where, part in parts(node, field):
        require_storable(part, where, depth + 1)


def empty(field: str) -> Invalid:
    """The refusal of "" as a value: unknown is a state of its own."""
    return Invalid(
        "value.empty",
        zh='不得用空字符串表示未知；未知请填 {"state":"unknown"} 或省略该项。',
        en='"" does not mean unknown; say {"state":"unknown"} or leave the item out.',
        field=field,
    )


def _named(name: str, field: str) -> None:
    """A name with ``.`` or a leading ``$`` is a path or an operator to MongoDB, and ``$ref`` a reference to drivers."""
    if not name.strip() or name.startswith("$") or "." in name or "\0" in name or not _unicode(name):
        raise _unfit(field, "名称不可为空、含“.”或以“$”开头", "a name must not be empty, hold “.” or start with “$”")


def _said(text: str, field: str) -> None:
    if not text.strip():
        raise empty(field)
    if not _unicode(text):
        raise _unfit(field, "文本含无效字符", "the text holds invalid characters")


def _unicode(text: str) -> bool:
    """Whether it is text at all: JSON can smuggle in half of a surrogate pair, which no UTF-8 can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unfit(field: str, zh: str, en: str) -> Invalid:
    return Invalid("document.unfit", zh=f"内容无法保存：{zh}。", en=f"This cannot be kept: {en}.", field=field)
