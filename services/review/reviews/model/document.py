"""The text under review: places in it (JSON Pointer, RFC 6901), changing one place, and what a change must keep.

The core fields are values that are known, unknown or masked, never ""; blocks fit the JSON Schema of their type, as
it stood when the text was submitted.
"""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

import jsonschema_rs
from pydantic import ConfigDict, Field, JsonValue, StringConstraints, TypeAdapter, ValidationError

from infra.kernel import json_pointer
from infra.kernel.errors import Invalid
from infra.kernel.json_tree import canonical, require_storable
from infra.kernel.values import Closed
from services.review.events.value_objects import Document

CORE = ("name", "slogan", "focus", "core_idea", "background", "highlight")
FOCUS = ("party_leadership", "people_property_safety", "equipment_support", "service_quality", "other")
"""The ids of the programme; a suggestion names one of these."""
MOST_ALIASES = 20
DEEPEST = 12
LARGEST = 200_000
"""How deep and how large (bytes) a text may be: registry takes back no deeper and no larger one."""
Text = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]


class _Closed(Closed):
    model_config = ConfigDict(strict=True)


class _Known(_Closed):
    state: Literal["known"]
    value: Text


class _Unknown(_Closed):
    state: Literal["unknown"]


class _Block(_Closed):
    type: Text
    title: Text | None = None
    data: dict[str, JsonValue]


_Value: TypeAlias = Annotated[_Known | _Unknown, Field(discriminator="state")]
_VALUE: TypeAdapter[Any] = TypeAdapter(_Value)
_ALIASES: TypeAdapter[Any] = TypeAdapter(Annotated[list[Text], Field(max_length=MOST_ALIASES)])
_BLOCK: TypeAdapter[Any] = TypeAdapter(_Block)


def look(document: Document, path: str, field: str = "/path") -> JsonValue:
    """What stands at ``path``; raises ``Invalid`` when the path is no pointer or points at nothing."""
    try:
        found: JsonValue = json_pointer.look(document, json_pointer.tokens(path))
    except LookupError as error:
        zh, en = f"文稿中没有“{path}”。", f"The document has no “{path}”."
        raise Invalid("path.unknown", zh=zh, en=en, field=field) from error
    return found


def same(one: JsonValue, other: JsonValue) -> bool:
    """Whether two values are the same JSON (Python takes 1, 1.0 and true for equal)."""
    return canonical(one) == canonical(other)


def size(value: JsonValue) -> int:
    """How many bytes a value takes."""
    return len(canonical(value))


def changed(document: Document, path: str, proposal: JsonValue, schemas: Mapping[str, str]) -> Document:
    """The document with ``proposal`` at ``path``; raises ``Invalid`` when that would not keep its shape."""
    look(document, path)
    way = json_pointer.tokens(path)
    try:
        require_storable(proposal, "/proposal", DEEPEST - len(way))
    except Invalid as fault:
        raise _unfit("/proposal", fault.zh, fault.en) from fault
    after = _put(document, way, proposal)
    if not isinstance(after, dict) or not way:
        raise _unfit("/path", "请指出文稿中的具体位置。", "Point at a place inside the document.")
    _keep_shape(document, after, way, schemas)
    if size(_whole(after)) > LARGEST:
        raise _unfit("/proposal", f"文稿超过 {LARGEST} 字节。", f"The text would exceed {LARGEST} bytes.")
    return after


def _whole(document: Document) -> Document:
    """The document as registry keeps it: a block without a title has one that is null."""
    blocks = document.get("blocks")
    if not isinstance(blocks, dict):
        return document
    titled = {key: {"title": None, **block} if isinstance(block, dict) else block for key, block in blocks.items()}
    return {**document, "blocks": titled}


def _keep_shape(before: Document, after: Document, way: list[str], schemas: Mapping[str, str]) -> None:
    field = way[0]
    if field in CORE:
        _keep_value(before[field], after[field], field)
    elif field == "aliases":
        _fits(_ALIASES, after[field])
    elif field == "blocks":
        blocks = after[field]
        if len(way) == 1 or not isinstance(blocks, dict):
            raise _unfit("/path", "请逐个内容块提出建议。", "Suggest on one block at a time.")
        _keep_block(blocks[way[1]], schemas)
    elif _kind(before[field]) != _kind(after[field]):
        raise _unfit(
            "/proposal", "建议内容的类型与原内容不同。", "The proposal is of another type than what it replaces."
        )


def _keep_value(before: JsonValue, after: JsonValue, field: str) -> None:
    if isinstance(before, dict) and before.get("state") == "masked":
        raise _unfit("/path", "遮蔽的内容只能由起草人修改。", "A masked value can only be changed by its drafter.")
    value = _fits(_VALUE, after)
    if field == "focus" and isinstance(value, _Known) and value.value not in FOCUS:
        ids = ", ".join(FOCUS)
        raise _unfit("/proposal", f"着力点应填写标识：{ids}。", f"The focus is one of: {ids}.")


def _keep_block(block: JsonValue, schemas: Mapping[str, str]) -> None:
    fitting: _Block = _fits(_BLOCK, block)
    if fitting.type not in schemas:
        raise _unfit("/proposal", f"未知的内容块类型：{fitting.type}。", f"Unknown block type: {fitting.type}.")
    # linear-time patterns, so that no text can make one hang; offline, so that no reference is ever followed
    validator = jsonschema_rs.Draft202012Validator(
        json.loads(schemas[fitting.type]),
        pattern_options=jsonschema_rs.RegexOptions(),
        offline=True,
        validate_formats=True,
    )
    for error in validator.iter_errors(fitting.data):
        where = "/".join(map(str, error.instance_path))
        raise _unfit("/proposal", f"内容块不符合类型要求（data/{where}）。", f"data/{where}: {error.message[:500]}")


def _fits(shape: TypeAdapter[Any], value: JsonValue) -> Any:  # noqa: ANN401 - whatever the shape describes
    try:
        return shape.validate_python(value)
    except ValidationError as error:
        first = error.errors()[0]
        where = "/".join(map(str, first["loc"]))
        raise _unfit(
            "/proposal", f"结果不符合字段结构：{where}", f"It would not fit: {where} {first['msg']}"
        ) from error


def _put(here: JsonValue, way: list[str], value: JsonValue) -> JsonValue:
    """A copy of ``here`` with ``value`` at an existing place; what is not on the way is shared."""
    if not way:
        return value
    first, rest = way[0], way[1:]
    if isinstance(here, dict):
        return {**here, first: _put(here[first], rest, value)}
    assert isinstance(here, list)  # noqa: S101 - look() went this way before
    place = int(first)
    return [*here[:place], _put(here[place], rest, value), *here[place + 1 :]]


def _kind(value: JsonValue) -> type:
    return float if type(value) is int else type(value)


def _unfit(field: str, zh: str, en: str) -> Invalid:
    return Invalid("suggestion.unfit", zh=zh, en=en, field=field)
