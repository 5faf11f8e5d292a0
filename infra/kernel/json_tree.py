"""JSON as people and other systems send it: its parts, its canonical text, and what of it cannot be stored as it is."""

import json
import math
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

from infra.kernel.errors import Invalid
from infra.kernel.json_pointer import pointer

Json: TypeAlias = dict[str, Any]

MOST_DEPTH = 20
SMALLEST, LARGEST = -(2**63), 2**63 - 1


class Fault(NamedTuple):
    """Why a value cannot be stored, and where (JSON Pointer)."""

    field: str
    zh: str
    en: str


def parts(node: object, field: str) -> Iterator[tuple[str, Any]]:
    """The members of an object or the items of a list, each with the pointer to it; nothing for anything else."""
    if isinstance(node, dict):
        for name, part in node.items():
            yield pointer(field, name), part
    elif isinstance(node, list | tuple):
        for place, part in enumerate(node):
            yield pointer(field, place), part


def canonical(value: object) -> bytes:
    """The one text of a value: for its digest, its size, and to compare (to Python 1, 1.0 and true are equal)."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def unstorable(node: object, field: str = "", deepest: int = MOST_DEPTH) -> Iterator[Fault]:
    """What neither JSON nor the database gives back as it is, wherever it stands in a value."""
    if deepest < 0:
        yield Fault(field, "嵌套过深", "it is nested too many levels deep")
        return
    why = _why_not(node)
    if why is not None:
        yield Fault(field, *why)
    for where, part in parts(node, field):
        yield from unstorable(part, where, deepest - 1)


def _why_not(node: object) -> tuple[str, str] | None:
    match node:
        case dict() if not all(map(_is_text, node)):
            return "名称含无效字符", "a name holds invalid characters"
        case str() if not _is_text(node):
            return "文本含无效字符", "the text holds invalid characters"
        case float() if not math.isfinite(node):
            return "不是有效数字", "it is not a finite number"
        case int() if not SMALLEST <= node <= LARGEST:
            return "整数超出 64 位；编号请用文本", "an integer is beyond 64 bits; write codes as text"
    return None


def require_storable(node: object, field: str, deepest: int = MOST_DEPTH) -> None:
    """Raise ``Invalid`` for what cannot be a value of a document: what is ``unstorable``, "", and special names."""
    for fault in unstorable(node, field, deepest):
        raise _unfit(*fault)
    _require_meaning(node, field)


def _require_meaning(node: object, field: str) -> None:
    """A name with ``.`` or a leading ``$`` means something else to MongoDB; "" would mean unknown."""
    if isinstance(node, str) and not node.strip():
        raise Invalid(
            "value.empty",
            zh='不得用空字符串表示未知；未知请填 {"state":"unknown"} 或省略该项。',
            en='"" does not mean unknown; say {"state":"unknown"} or leave the item out.',
            field=field,
        )
    if isinstance(node, dict) and any(not name.strip() or name.startswith("$") or "." in name for name in node):
        raise _unfit(field, "名称不可为空、含“.”或以“$”开头", "a name must not be empty, hold “.” or start with “$”")
    for where, part in parts(node, field):
        _require_meaning(part, where)


def _is_text(text: str) -> bool:
    """JSON can smuggle in half of a surrogate pair, which no UTF-8 can hold, and NUL, which ends text elsewhere."""
    return not any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text)


def _unfit(field: str, zh: str, en: str) -> Invalid:
    return Invalid("document.unfit", zh=f"内容无法保存：{zh}。", en=f"This cannot be kept: {en}.", field=field)
