"""Awarding plaque and flag (授牌、授旗): the plaque is part of its brand, the ledger a query over brands."""

from datetime import date

from pydantic import ConfigDict, Field

from infra.kernel.aggregate import Decision
from infra.kernel.dates import day_of
from infra.kernel.errors import Invalid, Refused
from infra.kernel.json_tree import require_storable
from infra.kernel.values import Input
from services.registry.brands.model.brand import TITLES, Actor, Brand, Move, Plaque
from services.registry.events.published.brands import PlaqueAwarded


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
