"""Plaque and flag awarded and given back (授牌、授旗): part of their brand, the ledger is a query over brands."""

from datetime import date

from pydantic import ConfigDict, Field

from infra.kernel.aggregate import Decision
from infra.kernel.dates import day_of
from infra.kernel.errors import Invalid, Refused
from infra.kernel.json_tree import require_storable
from infra.kernel.values import Input
from services.registry.brands.model.brand import TITLES, Actor, Brand, Move, Plaque
from services.registry.events.published.brands import PlaqueAwarded, PlaqueReturned


class Award(Input):
    """What is written into the ledger."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "brand": "power-1010",
                    "number": "PP-2026-001",
                    "awarded_on": "2026-06-30",
                    "occasion": "七一表彰大会",
                    "flag": True,
                }
            ]
        }
    )

    brand: str = Field(description="品牌编号 / Id of the brand")
    number: str = Field(min_length=1, max_length=60, description="牌匾编号，全局唯一 / Number, unique")
    awarded_on: date = Field(description="授牌日期 / Day of the award")
    occasion: str = Field(min_length=1, max_length=200, description="授牌场合 / Occasion")
    flag: bool = Field(description="是否同时授旗 / With the flag")


class Return(Input):
    """What is written into the ledger when a plaque comes back."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"returned_on": "2027-03-10", "received_by": "党委工作部 李四"}]}
    )

    returned_on: date = Field(description="收回日期 / Day on which it came back")
    received_by: str = Field(min_length=1, max_length=100, description="接收人 / Who received it")


def award(brand: Brand, given: Award, actor: Actor) -> Decision[Brand]:
    """Hand the plaque over to an approved brand.

    Raises ``Refused`` in every other state, ``Invalid`` for a day before the approval or still to come.
    """
    if brand.state == "plaqued":
        raise Refused("plaque.already", zh="该品牌已授牌。", en="This brand has its plaque already.", field="/brand")
    if brand.state != "approved":
        raise Refused(
            "plaque.not_approved",
            zh=f"只有已审定的品牌可以授牌，当前状态为“{TITLES[brand.state]}”。",
            en=f"Only an approved brand receives a plaque; this one is {brand.state}.",
            field="/brand",
        )
    _on_a_day_between(brand, given.awarded_on, day_of(actor.at))
    require_storable(given.model_dump(mode="json"), "")
    entered = given.model_dump(exclude={"brand"})
    plaque = Plaque(id=f"{brand.id}.p{len(brand.plaques) + 1}", awarded_by=actor.person, **entered)
    move = Move(state="plaqued", on=given.awarded_on, at=actor.at, by=actor.person, note=given.number)
    after = brand.entered(move, plaques=(*brand.plaques, plaque))
    awarded = PlaqueAwarded(plaque=plaque.id, brand=brand.id, owner=brand.owner, name=brand.name, **entered)
    return after, [awarded, after.recorded()]


def _on_a_day_between(brand: Brand, awarded_on: date, today: date) -> None:
    approved_on = brand.final.approved_on if brand.final else awarded_on
    if not approved_on <= awarded_on <= today:
        raise Invalid(
            "plaque.wrong_day",
            zh=f"授牌日期应在审定日期（{approved_on}）与今天（{today}）之间。",
            en=f"The day of the award lies between the approval ({approved_on}) and today ({today}).",
            field="/awarded_on",
        )


def number_taken() -> Refused:
    """The refusal of a number that another plaque has."""
    return Refused(
        "plaque.number_taken",
        zh="该牌匾编号已被使用。",
        en="Another plaque has this number.",
        field="/number",
    )


def give_back(brand: Brand, key: str, given: Return, actor: Actor) -> Decision[Brand]:
    """Write into the ledger that the plaque of a revoked brand came back; raises ``Refused``, ``Invalid``."""
    plaque = next((one for one in brand.plaques if one.id == key), None)
    if plaque is None:
        raise Invalid("plaque.unknown", zh="该品牌没有此牌匾。", en="The brand has no such plaque.", field="/plaque")
    revoked_on = revocation(brand, plaque)
    if revoked_on is None:
        raise Refused(
            "plaque.not_revoked",
            zh="只有已摘牌品牌的牌匾可以登记收回。",
            en="Only the plaque of a revoked brand comes back.",
            field="/plaque",
        )
    if plaque.returned_on is not None:
        raise Refused(
            "plaque.returned",
            zh=f"该牌匾已于 {plaque.returned_on} 收回。",
            en=f"This plaque came back on {plaque.returned_on}.",
            field="/plaque",
        )
    today = day_of(actor.at)
    if not revoked_on <= given.returned_on <= today:
        raise Invalid(
            "plaque.wrong_return",
            zh=f"收回日期应在摘牌日期（{revoked_on}）与今天（{today}）之间。",
            en=f"The day lies between the revocation ({revoked_on}) and today ({today}).",
            field="/returned_on",
        )
    require_storable(given.model_dump(mode="json"), "")
    back = plaque.model_copy(update={**given.model_dump(), "return_entered_by": actor.person})
    after = brand.becomes(plaques=tuple(back if one is plaque else one for one in brand.plaques))
    fact = PlaqueReturned(
        plaque=plaque.id,
        brand=brand.id,
        owner=brand.owner,
        name=brand.name,
        number=plaque.number,
        returned_on=given.returned_on,
        received_by=given.received_by,
    )
    return after, [fact]


def revocation(brand: Brand, plaque: Plaque) -> date | None:
    """The day on which the brand was revoked after it had received this plaque, if it was."""
    awarded = next((n for n, one in enumerate(brand.moves) if one.state == "plaqued" and one.note == plaque.number), 0)
    return next((one.on for one in brand.moves[awarded:] if one.state == "revoked"), None)
