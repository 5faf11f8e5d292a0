"""The flexible document of a brand: a small fixed core of values and typed blocks; what makes a text storable.

Masked values are stripped on their way out for those who may not see them, and rejoined when the text returns.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, JsonValue

from infra.kernel import values
from infra.kernel.errors import Invalid
from infra.kernel.json_pointer import pointer
from infra.kernel.json_tree import Json, canonical, parts, require_storable
from infra.kernel.values import Closed
from services.registry.party.model.organisation import UNKNOWN, Audience, Value

BlockKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
CORE = ("name", "slogan", "focus", "core_idea", "background", "highlight")
"""The core fields that are values, in the order of the application form."""

STATES = {"known", "unknown", "masked"}
MOST_BYTES = 200_000
"""A text of this size fits many times into one MongoDB document (16 MB) together with facts not yet published."""


class Block(Closed):
    """One part of a document whose ``data`` follows the JSON Schema of its block type."""

    type: str = Field(description="内容块类型编号 / Block type id")
    title: str | None = Field(default=None, description="小标题，可空 / Heading, optional")
    data: Json = Field(description="内容，须符合类型的 JSON Schema / Content, checked by the type's JSON Schema")


class Document(Closed):
    """A brand's text. An almost empty one is valid: completeness is a meter, never a hurdle."""

    name: Value = Field(default=UNKNOWN, description="品牌名称 / Brand name")
    aliases: tuple[str, ...] = Field(default=(), max_length=20, description="别名 / Other names in use")
    slogan: Value = Field(default=UNKNOWN, description="品牌口号 / Slogan")
    focus: Value = Field(default=UNKNOWN, description="着力点，取值见 /programme / Emphasis, one of /programme's")
    core_idea: Value = Field(default=UNKNOWN, description="品牌内涵（核心理念） / Core idea")
    background: Value = Field(default=UNKNOWN, description="创建背景 / Background")
    highlight: Value = Field(default=UNKNOWN, description="亮点 / Highlight")
    blocks: dict[BlockKey, Block] = Field(default_factory=dict, max_length=60, description="内容块 / Typed blocks")

    def as_json(self) -> Json:
        """The document as the JSON that JSON Pointers point into."""
        return self.model_dump(mode="json")


def digest(brand: str, document: Document) -> str:
    """The id of a version: SHA-256 of the canonical JSON of the text and of the brand it belongs to."""
    return hashlib.sha256(canonical({"brand": brand, "document": document.as_json()})).hexdigest()


def storable(document: Document, field: str) -> None:
    """Raise ``Invalid`` for what cannot be kept as it is or would say nothing."""
    require_storable(document.model_dump(), field)  # not as JSON: that would have made null of what is no number
    size = len(canonical(document.as_json()))
    if size > MOST_BYTES:
        zh = f"文本过大：{size} 字节，上限 {MOST_BYTES}。"
        en = f"The text is too large: {size} bytes of {MOST_BYTES} allowed."
        raise Invalid("document.too_large", zh, en, field=field)


class Seal(values.Value):
    """What is behind one mask of a text that left registry; never leaves registry itself."""

    pointer: str
    shown: str
    visible_to: tuple[str, ...]
    value: JsonValue


def nobody(_roles: tuple[str, ...]) -> bool:
    """The audience of facts: no service but registry ever sees behind a mask."""
    return False


def concealed(document: Document, may_see: Audience = nobody) -> Json:
    """The document as JSON in which masked values are stripped unless the reader may see them."""

    def stripped(_: str, mask: Json) -> Json:
        return mask if may_see(_roles(mask)) else {name: part for name, part in mask.items() if name != "value"}

    body: Json = _mapped(document.as_json(), "", stripped)
    return body


def seals(document: Document) -> tuple[Seal, ...]:
    """What stands behind the masks of a text, to be kept while another service holds the text."""
    return tuple(
        Seal(pointer=at, shown=mask["shown"], visible_to=_roles(mask), value=mask["value"])
        for at, mask in _masks(document.as_json(), "")
        if "value" in mask
    )


def rejoined(document: Document, sealed: Sequence[Seal]) -> Document:
    """The text with the values behind masks that stand where they stood and show what they showed.

    The roles come back with the value: who may not see it must not be able to widen its audience either.
    """
    known = {(seal.pointer, seal.shown): seal for seal in sealed}

    def open_seal(at: str, mask: Json) -> Json:
        seal = known.get((at, mask["shown"]))
        if seal is None or "value" in mask:
            return mask
        if _roles(mask) == seal.visible_to:
            return {**mask, "value": seal.value}
        return {**mask, "visible_to": list(seal.visible_to), "value": seal.value}

    return Document.model_validate(_mapped(document.as_json(), "", open_seal))


def _is_mask(node: object) -> bool:
    """A mask is known by its shape, so that block data may hold masked values as well."""
    return isinstance(node, dict) and node.get("state") == "masked" and isinstance(node.get("shown"), str)


def _roles(mask: Json) -> tuple[str, ...]:
    """Who may see behind a mask; in block data anything can stand there, and what is no list names nobody."""
    roles = mask.get("visible_to")
    return tuple(str(role) for role in roles) if isinstance(roles, list) else ()


def _masks(node: object, at: str) -> Iterator[tuple[str, Json]]:
    if _is_mask(node):
        assert isinstance(node, dict)  # noqa: S101 - for the type checker, _is_mask said so
        yield at, node
    else:
        for where, part in parts(node, at):
            yield from _masks(part, where)


def _mapped(node: Any, at: str, change: Callable[[str, Json], Json]) -> Any:  # noqa: ANN401 - any JSON in and out
    if _is_mask(node):
        return change(at, node)
    if isinstance(node, dict):
        return {name: _mapped(part, pointer(at, name), change) for name, part in node.items()}
    if isinstance(node, list):
        return [_mapped(part, pointer(at, place), change) for place, part in enumerate(node)]
    return node


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
