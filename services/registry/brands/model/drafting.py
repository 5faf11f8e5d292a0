"""The commands on a brand while registry holds the text: found it, save it, hand it in."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from infra.kernel.dates import day_of
from infra.kernel.errors import Invalid, Refused, Stale
from infra.kernel.events import Decision
from services.registry.brands.model.brand import TITLES, Actor, Brand
from services.registry.brands.model.document import Document, concealed, digest, rejoined, seals, storable
from services.registry.events.published import BrandSubmitted
from services.registry.party.model.organisation import Known, Organisation
from services.registry.programme.model.block_type import BlockType, check_blocks
from services.registry.programme.model.programme import Rules

FIELD = "/document"


@dataclass(frozen=True)
class Text:
    """A text that somebody wrote, and what it is checked against."""

    document: Document
    types: Mapping[str, BlockType]
    rules: Rules

    def checked(self, before: Document | None) -> Document:
        """The text to be kept, with what it cannot show but did not change; raises ``Invalid`` where it is wrong."""
        storable(self.document, FIELD)
        document = rejoined(self.document, seals(before) if before else ())
        check_blocks(document, before, self.types, FIELD)
        focus, known = document.focus, [choice.id for choice in self.rules.focuses]
        if isinstance(focus, Known) and focus.value not in known:
            allowed = ", ".join(known)
            zh, en = f"着力点应为：{allowed}。", f"The focus is one of: {allowed}."
            raise Invalid("focus.unknown", zh, en, field=f"{FIELD}/focus/value")
        return document


def found(key: str, owner: Organisation, taken: Collection[str], text: Text, actor: Actor) -> Decision[Brand]:
    """Begin a brand of an organisation; ``taken`` are the places its brands have. Raises ``Refused``, ``Invalid``."""
    day = day_of(actor.at)
    if owner.kind not in text.rules.owner_kinds or not owner.exists_on(day):
        zh = f"“{owner.shown}”不是可以申报品牌的党组织（类别或存续期不符）。"
        en = f"“{owner.shown}” may not own a brand: its kind or its dates do not allow it."
        raise Refused("brand.owner_not_eligible", zh, en, field="/owner")
    document = text.checked(None)
    place = _place(owner.id, taken, text.rules)
    brand = Brand(id=key, owner=owner.id, place=place, state="draft", document=document, revision=0)
    brand = brand.entered(actor.move("draft")).written(document, 1).filed(document, 1, "saved", actor)
    return brand, [brand.recorded()]


def imported(brand: Brand, owner: str, text: Text) -> Decision[Brand]:
    """The same import once more changes nothing; raises ``Refused`` for another one: people work on the text now."""
    if brand.owner == owner and brand.history[0].digest == digest(brand.id, text.checked(None)):
        return brand, []
    zh = f"品牌“{brand.id}”已存在且内容不同；修改请保存其文本。"
    en = f"Brand “{brand.id}” exists with another content; to change it, save its document."
    raise Refused("brand.exists", zh, en, field="/id")


def save(brand: Brand, text: Text, based_on: int, actor: Actor) -> Decision[Brand]:
    """Keep a new text; a rejected brand becomes a draft again. Raises ``Refused``, ``Stale``, ``Invalid``."""
    _held_here(brand)
    _current(brand, based_on)
    document = text.checked(brand.document)
    if digest(brand.id, document) == digest(brand.id, brand.document):  # to Python 1, 1.0 and True would be the same
        return brand, []
    revision = brand.revision + 1
    after = brand.written(document, revision).filed(document, revision, "saved", actor)
    if brand.state == "rejected":
        after = after.entered(actor.move("draft"))
    return after, [after.recorded()]


def submit(brand: Brand, based_on: int | None, actor: Actor) -> Decision[Brand]:
    """Hand the text in: from now on review holds the pen. An almost empty text may be handed in, too.

    After a return it is the same review once more; its next fact is at least one further than the return, so a
    repetition of the return cannot take the text back.
    """
    if brand.state == "revoked":
        if brand.reapply_from is not None and day_of(actor.at) < brand.reapply_from:
            zh = f"该品牌已摘牌，{brand.reapply_from} 起方可重新申报。"
            en = f"The brand was revoked; it may apply again from {brand.reapply_from}."
            raise Refused("brand.revoked", zh, en)
    elif brand.state != "draft":
        _held_here(brand)
        zh = "该品牌未获通过：请先修改文本再提交。"
        en = "This brand was rejected: change its text before handing it in again."
        raise Refused("brand.rejected", zh, en)
    if based_on is not None:
        _current(brand, based_on)
    again = brand.returned is not None
    number = brand.reviews if again else brand.reviews + 1
    after = brand.entered(
        actor.move("in_review"),
        reviews=number,
        review=f"{brand.id}.r{number}",
        review_sequence=brand.review_sequence + 1 if again else 0,
        procedure=brand.procedure if again else None,
        submission=brand.submission + 1 if again else 1,
        returned=None,
        seals=seals(brand.document),
    )
    about = {"brand": after.id, "name": after.name, "document": concealed(after.document), "submitted_by": actor.person}
    submitted = BrandSubmitted.model_validate({**dict(after), **about})
    return after, [submitted, after.recorded()]


def _place(owner: str, taken: Collection[str], rules: Rules) -> str:
    """The first of its places that is free."""
    most = rules.brands_per_organisation
    for number in range(1, most + 1):
        if f"{owner}#{number}" not in taken:
            return f"{owner}#{number}"
    zh = f"党组织“{owner}”已有品牌，上限为 {most} 个。"
    en = f"The organisation “{owner}” has as many brands as it may have: {most}."
    raise Refused("brand.too_many", zh, en, field="/owner")


def _held_here(brand: Brand) -> None:
    if brand.state not in {"draft", "rejected", "revoked"}:
        zh = f"当前状态为“{TITLES[brand.state]}”，文本已冻结，不能修改或提交。"
        en = f"The brand is {brand.state}: its text is frozen and cannot be changed or handed in."
        raise Refused("brand.not_draft", zh, en)


def _current(brand: Brand, based_on: int) -> None:
    if based_on != brand.revision:
        raise Stale(
            "brand.old_revision",
            zh=f"您修改的是第 {based_on} 版，当前已是第 {brand.revision} 版；请刷新后再改。",
            en=f"You worked on revision {based_on}, the current one is {brand.revision}; load it and try again.",
            field="/revision",
        )
