"""What review's word on a brand's standing does to the brand: its level follows, and a revoked plaque comes back.

Review owns the standing (动态管理), registry the plaque. The newest fact counts, however late an older one comes.
"""

from datetime import date

from pydantic import ConfigDict, Field

from infra.kernel.aggregate import Decision
from infra.kernel.dates import day_of
from infra.kernel.errors import Invalid, Refused
from infra.kernel.json_tree import require_storable
from infra.kernel.values import Input
from services.registry.brands.model.brand import Actor, Brand, Move, Plaque
from services.registry.brands.model.reviewing import ReviewFact
from services.registry.events.consumed import StandingRecorded
from services.registry.events.published.brands import PlaqueReturned

STANDING = ("approved", "plaqued", "revoked")
"""The states of a brand that has a standing."""


class Return(Input):
    """What is written into the ledger when a plaque comes back."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"returned_on": "2027-03-10", "received_by": "党委工作部 李四"}]}
    )

    returned_on: date = Field(description="收回日期 / Day on which it came back")
    received_by: str = Field(min_length=1, max_length=100, description="接收人 / Who received it")


def stood(brand: Brand, fact: StandingRecorded, stamp: ReviewFact) -> Decision[Brand]:
    """The brand follows its standing; a fact of an earlier approval takes nothing from the present one."""
    if fact.review != brand.review or brand.state not in STANDING or stamp.sequence <= brand.standing_sequence:
        return brand, []
    after = brand.becomes(standing_sequence=stamp.sequence, level=fact.level, reapply_from=fact.reapply_from)
    if fact.state == "revoked" and brand.state != "revoked":
        on = fact.revoked_on or day_of(stamp.at)
        after = after.entered(Move(state="revoked", on=on, at=stamp.at, by=fact.by, note=fact.revoked_by))
    return after, [after.recorded()] if after.recorded() != brand.recorded() else []


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
