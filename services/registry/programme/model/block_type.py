"""Block types are data: a JSON Schema says what a block of the type holds, and people may add their own types."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Literal, TypeAlias

import jsonschema_rs
from pydantic import Field

from infra.kernel.errors import Invalid
from infra.kernel.events import Aggregate, Decision
from infra.kernel.json_pointer import pointer
from infra.kernel.json_tree import Json, canonical, parts, require_storable
from infra.kernel.values import Closed, Value
from services.registry.brands.model.document import Block, Document
from services.registry.events.published import BlockTypeRecorded
from services.registry.examples import example

Quality: TypeAlias = Literal["identity", "meaning", "carriers", "impact"]
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
MOST_BYTES: Final = 50_000


class Shape(Closed):
    """What a type says, in one of its versions."""

    model_config = example("Shape")

    title: str = Field(min_length=1, max_length=100, description="中文名称 / Chinese title")
    title_en: str = Field(min_length=1, max_length=100, description="英文名称 / English title")
    shows: Quality | None = Field(
        default=None, description="计入“五有”的哪一项 / Which of the five qualities such a block shows"
    )
    body_schema: Json = Field(description="JSON Schema（2020-12，不含引用） / JSON Schema without references")


class Recorded(Value):
    """One version of a type, who recorded it and when."""

    number: int
    shape: Shape
    by: str
    at: datetime


class BlockType(Aggregate):
    """A type with every version it had; blocks that exist stay as they are when it changes."""

    versions: tuple[Recorded, ...]

    @property
    def shape(self) -> Shape:
        """What the type says now."""
        return self.versions[-1].shape


def record(current: BlockType | None, key: str, shape: Shape, by: str, at: datetime) -> Decision[BlockType]:
    """Record a version of a type; the same content again changes nothing. Raises ``Invalid`` for a bad schema."""
    require_storable({"title": shape.title, "title_en": shape.title_en}, "")
    shape = shape.model_copy(update={"body_schema": _sound(shape.body_schema)})
    if current is not None and current.shape == shape:
        return current, []
    versions = () if current is None else current.versions
    added = (*versions, Recorded(number=len(versions) + 1, shape=shape, by=by, at=at))
    after = BlockType(id=key, versions=added) if current is None else current.becomes(versions=added)
    fact = BlockTypeRecorded(block_type=key, title=shape.title, title_en=shape.title_en, body_schema=shape.body_schema)
    return after, [fact]


def check_blocks(document: Document, before: Document | None, types: Mapping[str, BlockType], field: str) -> None:
    """Raise ``Invalid`` for the first new or changed block that its type does not allow.

    A block that stays as it was is not looked at: its type may have changed since.
    """
    for key, block in document.blocks.items():
        old = before.blocks.get(key) if before else None
        if old is None or (old.type, canonical(old.data)) != (block.type, canonical(block.data)):
            _check(block, types, pointer(f"{field}/blocks", key))


def _check(block: Block, types: Mapping[str, BlockType], field: str) -> None:
    if block.type not in types:
        zh, en = f"没有内容块类型“{block.type}”。", f"There is no block type “{block.type}”."
        raise Invalid("block.unknown_type", zh, en, field=f"{field}/type")
    shape = types[block.type].shape
    for error in _validator(json.dumps(shape.body_schema, sort_keys=True)).iter_errors(block.data):
        zh = f"内容不符合“{shape.title}”的要求：{_short(error.message)}"
        en = f"This does not fit “{shape.title_en}”: {_short(error.message)}"
        raise Invalid("block.unfit", zh, en, field=pointer(f"{field}/data", *error.instance_path))


def _sound(schema: Json) -> Json:
    """The schema as kept: of one dialect, without references (nothing is ever fetched), about an object."""
    schema = dict(schema)
    if schema.pop("$schema", DIALECT) != DIALECT:
        raise _bad("只支持 JSON Schema 2020-12。", f"Only {DIALECT} is understood.", "/$schema")
    for where in _references(schema, ""):
        raise _bad("不支持以“$”开头的关键字（如 $ref）。", "Keywords with “$” (as $ref) are not allowed.", where)
    require_storable(schema, "/body_schema")
    if schema.get("type") != "object":
        raise _bad("最外层应为 object。", "The outermost type must be object.", "/type")
    if len(json.dumps(schema)) > MOST_BYTES:
        raise _bad(f"超过 {MOST_BYTES} 字节。", f"Larger than {MOST_BYTES} bytes.", "")
    try:
        jsonschema_rs.meta.validate({**schema, "$schema": DIALECT})
        _validator(json.dumps(schema, sort_keys=True))
    except (jsonschema_rs.ValidationError, ValueError) as error:
        message = _short(getattr(error, "message", None) or str(error))
        where = pointer("", *getattr(error, "instance_path", ()))
        raise _bad(message, message, where) from error
    return schema


def _references(node: object, where: str) -> Iterator[str]:
    for at, part in parts(node, where):
        if isinstance(node, dict) and at.startswith(f"{where}/$"):
            yield at
        yield from _references(part, at)


@lru_cache(maxsize=256)
def _validator(schema: str) -> Any:  # noqa: ANN401 - the library's validator class
    """A validator of a schema; its patterns run in linear time, so that no text can make one hang."""
    return jsonschema_rs.Draft202012Validator(
        json.loads(schema), pattern_options=jsonschema_rs.RegexOptions(), offline=True, validate_formats=True
    )


def _short(message: str) -> str:
    return message.splitlines()[0][:300]


def _bad(zh: str, en: str, where: str) -> Invalid:
    zh, en = f"不是可用的 JSON Schema：{zh}", f"Not a usable JSON Schema: {en}"
    return Invalid("block_type.bad_schema", zh, en, field=f"/body_schema{where}")
