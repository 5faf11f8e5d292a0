"""What changed between two texts, field by field."""

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import BaseModel, Field

from infra.kernel.json_pointer import pointer
from infra.kernel.json_tree import Json

STATES = {"known", "unknown", "masked"}


class Change(BaseModel):
    """One field that differs; ``pointer`` is a JSON Pointer (RFC 6901) into the document."""

    pointer: str = Field(description="字段位置 / Where")
    kind: Literal["added", "removed", "changed"] = Field(description="新增、删除或修改 / Added, removed or changed")
    before: Any = Field(default=None, description="修改前 / Before")
    after: Any = Field(default=None, description="修改后 / After")


def diff(before: Json, after: Json) -> list[Change]:
    """The changes from one document (as JSON) to another, in the order of the later one."""
    return list(_between(before, after, ""))


def _between(before: Any, after: Any, at: str) -> Iterator[Change]:  # noqa: ANN401 - any JSON
    if before == after and type(before) is type(after):
        return
    if _is_tree(before) and _is_tree(after):
        yield from _fields(before, after, at)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for place, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from _between(old, new, pointer(at, place))
    else:  # a list that grew or shrank is one change: matching its items would be a guess
        yield Change(pointer=at, kind="changed", before=before, after=after)


def _fields(before: Json, after: Json, at: str) -> Iterator[Change]:
    for name in [*after, *(name for name in before if name not in after)]:
        here = pointer(at, name)
        if name not in before:
            yield Change(pointer=here, kind="added", after=after[name])
        elif name not in after:
            yield Change(pointer=here, kind="removed", before=before[name])
        else:
            yield from _between(before[name], after[name], here)


def _is_tree(node: object) -> bool:
    """A value (known, unknown, masked) is one field, not a tree of fields."""
    return isinstance(node, dict) and node.get("state") not in STATES
