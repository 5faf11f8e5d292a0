"""From the plan to the entrants: plan, change, open, enrol, withdraw, close the enrolment, cancel."""

from collections.abc import Collection

from infra.kernel.errors import Invalid, Refused
from infra.kernel.events import Decision
from services.review.campaigns.model.campaign import Campaign, Entrant, Struck, done, struck_off
from services.review.campaigns.model.commands import Reasoned
from services.review.campaigns.model.plan import Plan, Planned
from services.review.events.value_objects import Stored
from services.review.shared.actor import Actor

ENROLLABLE = ("approved", "plaqued")
"""The states of a brand in which it may take part: a campaign judges brands that the committee resolved."""


class Brand(Stored):
    """A brand as registry told it last."""

    id: str
    owner: str
    name: str | None
    state: str


def draw_up(command: Planned, actor: Actor) -> Decision[Campaign]:
    """A new campaign; nobody can enrol yet."""
    plan = Plan.model_validate(command.model_dump(exclude={"id"}))
    return done(Campaign(id=command.id, plan=plan), actor, "planned")


def change(campaign: Campaign, plan: Plan, actor: Actor) -> Decision[Campaign]:
    """Another plan, as long as nobody could enrol; raises ``Refused``."""
    campaign.require("planned")
    if plan.committee != campaign.plan.committee:
        raise Invalid(
            "campaign.committee",
            zh="党委不能变更，请另建批次。",
            en="The committee stays; plan another campaign.",
            field="/committee",
        )
    return done(campaign, actor, "changed", plan=plan)


def open_enrolment(campaign: Campaign, eligible: Collection[str], actor: Actor) -> Decision[Campaign]:
    """Open it: who is eligible is what the Party tree says today."""
    campaign.require("planned")
    strange = sorted(set(campaign.plan.only) - set(eligible))
    if strange:
        names = ", ".join(strange)
        raise Invalid(
            "campaign.not_eligible",
            zh=f"以下组织今天不在该党委之下或类型不符：{names}。",
            en=f"Not under this committee today, or of another kind: {names}.",
            field="/only",
        )
    chosen = tuple(sorted(set(campaign.plan.only) or set(eligible)))
    if not chosen:
        raise Refused("campaign.nobody", zh="没有可参评的党组织。", en="No organisation could take part.")
    number = str(len(chosen))
    return done(campaign, actor, "opened", number, stage="enrolling", eligible=chosen, opened_on=actor.today)


def enrol(campaign: Campaign, brand: Brand, actor: Actor) -> Decision[Campaign]:
    """A brand takes part; raises ``Refused`` outside of the dates and above the number an organisation may enrol."""
    campaign.require("enrolling")
    plan = campaign.plan
    if not plan.opens_on <= actor.today <= plan.closes_on:
        raise Refused(
            "campaign.dates",
            zh=f"申报时间为 {plan.opens_on} 至 {plan.closes_on}。",
            en=f"Brands enrol from {plan.opens_on} to {plan.closes_on}.",
        )
    if brand.owner not in campaign.eligible:
        raise Refused(
            "campaign.not_eligible",
            zh="该党组织不在本批次范围内。",
            en="This organisation is not part of this campaign.",
            field="/brand",
        )
    if brand.state not in ENROLLABLE:
        raise Refused(
            "campaign.not_approved",
            zh="只有党委会审定的品牌可以申报。",
            en="Only a brand that the committee resolved may enrol.",
            field="/brand",
        )
    if any(one.brand == brand.id for one in campaign.running):
        raise Refused("campaign.enrolled", zh="该品牌已申报。", en="This brand is enrolled.", field="/brand")
    if sum(one.owner == brand.owner for one in campaign.running) >= plan.most_per_organisation:
        raise Refused(
            "campaign.full",
            zh=f"每个党组织最多申报 {plan.most_per_organisation} 个品牌。",
            en=f"An organisation enrols {plan.most_per_organisation} at most.",
            field="/brand",
        )
    others = tuple(one for one in campaign.entrants if one.brand != brand.id)  # one that had withdrawn comes back
    fresh = Entrant(brand=brand.id, owner=brand.owner, name=brand.name, enrolled_by=actor.by, enrolled_at=actor.at)
    return done(campaign, actor, "enrolled", brand.id, entrants=(*others, fresh))


def withdraw(campaign: Campaign, brand: str, command: Reasoned, actor: Actor) -> Decision[Campaign]:
    """A brand takes no further part; what was said about it stays."""
    campaign.require("enrolling", "shortlisting", "scoring", "grading")
    struck = Struck(kind="withdrawn", reason=command.reason, by=actor.by, at=actor.at)
    return done(campaign, actor, "withdrew", brand, command.reason, graded={}, **struck_off(campaign, brand, struck))


def close_enrolment(campaign: Campaign, actor: Actor) -> Decision[Campaign]:
    """Nobody enrols any more: the last day is over, or every eligible organisation takes part already."""
    campaign.require("enrolling")
    waiting = set(campaign.eligible) - {one.owner for one in campaign.running}
    if actor.today <= campaign.plan.closes_on and waiting:
        raise Refused(
            "campaign.still_open",
            zh=f"申报至 {campaign.plan.closes_on} 止，尚有 {len(waiting)} 个党组织未申报，次日起方可结束。",
            en=f"Enrolment ends with {campaign.plan.closes_on}; {len(waiting)} organisations may still enrol.",
        )
    if not campaign.running:
        raise Refused("campaign.no_entrants", zh="没有品牌申报。", en="No brand has enrolled.")
    return done(campaign, actor, "closed", stage="shortlisting")


def cancel(campaign: Campaign, command: Reasoned, actor: Actor) -> Decision[Campaign]:
    """The campaign ends without naming anybody; everything said in it is kept."""
    campaign.require("planned", "enrolling", "shortlisting", "scoring", "grading", "notice")
    return done(campaign, actor, "cancelled", reason=command.reason, stage="cancelled")
