"""Hints about a name: length and similar names. They warn and never block: POWER and 1010 break the rule (2.2)."""

from collections.abc import Iterable

from pydantic import BaseModel, Field

from services.registry.brands.model.brand import Brand, keys
from services.registry.brands.model.document import Document
from services.registry.party.model.value import open_text
from services.registry.programme.model.programme import Rules


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
    name = open_text(document.name)
    if name is not None and not rules.name_shortest <= len(name) <= rules.name_longest:
        least, most = rules.name_shortest, rules.name_longest
        found.append(
            Hint(
                code="name.length",
                zh=f"名称共 {len(name)} 个字，建议 {least}–{most} 个字；仅供参考，不影响提交。",
                en=f"The name has {len(name)} characters; {least} to {most} are suggested. Only a hint.",
                field="/name",
            )
        )
    mine = set(keys(document))
    alike = [brand.id for brand in others if mine & set(brand.name_keys)]
    if alike:
        found.append(
            Hint(
                code="name.similar",
                zh=f"与其他品牌的名称相同或仅大小写、全半角不同：{'、'.join(alike)}。",
                en=f"Other brands have this name, but for width or case: {', '.join(alike)}.",
                field="/name",
                brands=alike,
            )
        )
    return found
