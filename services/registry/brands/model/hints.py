"""Help for who writes a text: how complete it is (五有), and hints about its name. Neither ever blocks.

POWER and 1010 break the rule about names (domain.md 2.2); an almost empty text may be handed in (consequence 1).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from pydantic import BaseModel, Field

from services.registry.brands.model.brand import Brand, keys
from services.registry.brands.model.document import CORE, Document
from services.registry.party.model.organisation import open_text
from services.registry.programme.model.block_type import BlockType
from services.registry.programme.model.programme import Rules

FIVE: Final = (
    ("name", "有名称", "Has a name", "name"),
    ("identity", "有标识", "Has a mark", ""),
    ("meaning", "有内涵", "Has a meaning", "core_idea"),
    ("carriers", "有载体", "Has carriers", ""),
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
    states = {name: getattr(document, name).state for name in CORE}
    qualities = [
        Quality(id=key, title=zh, title_en=en, met=key in shown or states.get(field, "unknown") != "unknown")
        for key, zh, en, field in FIVE
    ]
    met, counts = sum(quality.met for quality in qualities), Counter(states.values())
    known, unknown, masked = (counts[state] for state in ("known", "unknown", "masked"))
    percent = 100 * (known + masked) // len(CORE)
    fields = Fields(known=known, unknown=unknown, masked=masked, percent=percent)
    return Completeness(met=met, percent=100 * met // len(FIVE), qualities=qualities, fields=fields)


class Hint(BaseModel):
    """Something to think about; nothing is refused because of it."""

    code: str
    zh: str
    en: str
    field: str = Field(description="JSON Pointer")
    brands: list[str] = Field(default_factory=list, description="相关品牌 / Brands it is about")


def hints(document: Document, rules: Rules, others: Iterable[Brand]) -> list[Hint]:
    """What might be better about the names of a text; ``others`` are brands that could share one."""
    found = []
    name, least, most = open_text(document.name), rules.name_shortest, rules.name_longest
    if name is not None and not least <= len(name) <= most:
        zh = f"名称共 {len(name)} 个字，建议 {least}–{most} 个字；仅供参考，不影响提交。"
        en = f"The name has {len(name)} characters; {least} to {most} are suggested. Only a hint."
        found.append(Hint(code="name.length", zh=zh, en=en, field="/name"))
    mine = set(keys(document))
    alike = [brand.id for brand in others if mine & set(brand.name_keys)]
    if alike:
        zh = f"与其他品牌的名称相同或仅大小写、全半角不同：{'、'.join(alike)}。"
        en = f"Other brands have this name, but for width or case: {', '.join(alike)}."
        found.append(Hint(code="name.similar", zh=zh, en=en, field="/name", brands=alike))
    return found
