"""Awarding plaque and flag (授牌、授旗): the plaque is part of its brand, the ledger a query over brands."""

from datetime import date

from pydantic import BaseModel

from infra.kernel.aggregate import Decision
from infra.kernel.dates import day_of
from infra.kernel.errors import Invalid, Refused
from infra.kernel.json_tree import require_storable
from services.registry.brands.model.brand import TITLES, Actor, Brand, Move, Plaque
from services.registry.events.published.brands import PlaqueAwarded


class Award(BaseModel):
    """What is written into the ledger."""

    number: str
    awarded_on: date
    occasion: str
    flag: bool


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
    plaque = Plaque(id=f"{brand.id}.p{len(brand.plaques) + 1}", awarded_by=actor.person, **given.model_dump())
    move = Move(state="plaqued", on=given.awarded_on, at=actor.at, by=actor.person, note=given.number)
    after = brand.entered(move, plaques=(*brand.plaques, plaque))
    awarded = PlaqueAwarded(plaque=plaque.id, brand=brand.id, owner=brand.owner, name=brand.name, **given.model_dump())
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
