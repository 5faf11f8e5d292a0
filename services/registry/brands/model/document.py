"""The flexible document of a brand: a small fixed core of values and typed blocks; and what makes a text storable."""

import hashlib
from typing import Annotated

from pydantic import Field

from infra.kernel.errors import Invalid
from infra.kernel.json_tree import Json, canonical, require_storable
from infra.kernel.values import Closed
from services.registry.party.model.value import UNKNOWN, Value

BlockKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
CORE = ("name", "slogan", "focus", "core_idea", "background", "highlight")
"""The core fields that are values, in the order of the application form."""

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

    def value(self, name: str) -> Value:
        """One of the ``CORE`` fields."""
        found: Value = getattr(self, name)
        return found

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
        raise Invalid(
            "document.too_large",
            zh=f"文本过大：{size} 字节，上限 {MOST_BYTES}。",
            en=f"The text is too large: {size} bytes of {MOST_BYTES} allowed.",
            field=field,
        )
