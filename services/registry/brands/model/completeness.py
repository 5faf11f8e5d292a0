"""How complete a text is: a meter that helps, never a hurdle (domain.md, consequence 1; 五有 of 2.5)."""

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel, Field

from services.registry.brands.model.document import CORE, Document
from services.registry.party.model.value import Unknown
from services.registry.programme.model.block_type import BlockType

FIVE: Final = (
    ("name", "有名称", "Has a name", "name"),
    ("identity", "有标识", "Has a mark", None),
    ("meaning", "有内涵", "Has a meaning", "core_idea"),
    ("carriers", "有载体", "Has carriers", None),
    ("impact", "有影响", "Has an impact", "highlight"),
)
"""The five qualities: id, both titles, and the core field that shows the quality besides blocks."""


class Quality(BaseModel):
    """One of the five qualities and whether the text shows it."""

    id: str
    title: str
    title_en: str
    met: bool


class Fields(BaseModel):
    """The core fields by state; a masked value is given, only not shown."""

    known: int
    unknown: int
    masked: int
    percent: int = Field(description="已填比例（已知＋已脱敏） / Share of fields that are given")


class Completeness(BaseModel):
    """The meter: the five qualities (五有) and the core fields."""

    met: int = Field(description="五有达成项数 / Qualities shown, of five")
    percent: int = Field(description="五有达成比例 / Share of qualities shown")
    qualities: list[Quality]
    fields: Fields


def completeness(document: Document, types: Mapping[str, BlockType]) -> Completeness:
    """Measure a text; which block shows which quality is data of its type."""
    shown = {types[block.type].shape.shows for block in document.blocks.values() if block.type in types}
    qualities = [
        Quality(id=key, title=zh, title_en=en, met=key in shown or (field is not None and _given(document, field)))
        for key, zh, en, field in FIVE
    ]
    states = [document.value(name).state for name in CORE]
    given = len(CORE) - states.count("unknown")
    met = sum(quality.met for quality in qualities)
    return Completeness(
        met=met,
        percent=100 * met // len(FIVE),
        qualities=qualities,
        fields=Fields(
            known=states.count("known"),
            unknown=states.count("unknown"),
            masked=states.count("masked"),
            percent=100 * given // len(CORE),
        ),
    )


def _given(document: Document, field: str) -> bool:
    return not isinstance(document.value(field), Unknown)
