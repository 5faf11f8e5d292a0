"""The panel scores the shortlist (现场评审) by the rules of ``shared.scoring``; all is revealed at once."""

from collections.abc import Callable, Mapping

from infra.kernel.errors import Invalid, Refused
from infra.kernel.events import Decision
from services.review.campaigns.model.campaign import Campaign, done, recorded
from services.review.campaigns.model.commands import Reasoned, Revealed, Seated, SheetHandedIn, StoodBack
from services.review.shared.actor import Actor
from services.review.shared.scoring import sealing
from services.review.shared.scoring.panel import Panel, Scorecard
from services.review.shared.scoring.ranking import Place, ranked
from services.review.shared.scoring.result import Result, result


def seat(campaign: Campaign, appointed: Seated, own: Mapping[str, frozenset[str]], actor: Actor) -> Decision[Campaign]:
    """Form the panel; ``own`` says for each entrant's organisation who belongs to it: they stand back by rule."""
    campaign.require("shortlisting")
    drawn = campaign.shortlist
    if drawn is None or not drawn.settled:
        raise Refused("campaign.not_drawn", zh="入围名单尚未确定。", en="The shortlist is not settled yet.")
    _sound(appointed)
    panel = Panel(rubric=campaign.plan.rubric, **dict(appointed))
    seated = tuple(
        one.becomes(card=sealing.begin(one.brand, panel, own.get(one.owner, frozenset()), actor.at))
        if one in campaign.finalists
        else one
        for one in campaign.entrants
    )
    for one in seated:
        if one.card is not None and len(one.card.seated(panel)) < appointed.quorum:
            raise Refused(
                "campaign.panel_too_small",
                zh=f"“{one.brand}”回避后评委不足 {appointed.quorum} 人。",
                en=f"With those who stand back, fewer than {appointed.quorum} would score “{one.brand}”.",
                field="/judges",
            )
    judges = ", ".join(appointed.judges)
    return done(campaign, actor, "panel_seated", judges, stage="scoring", panel=panel, entrants=seated)


def recuse(campaign: Campaign, brand: str, command: StoodBack, actor: Actor) -> Decision[Campaign]:
    """A judge stands back from one entrant, declared by the judge or by a supervisor."""
    return _carded(campaign, brand, sealing.recuse, command.judge, actor, command.reason)


def hand_in(campaign: Campaign, brand: str, command: SheetHandedIn, actor: Actor) -> Decision[Campaign]:
    """A judge's sheet; after the reveal a late change, with a reason."""
    return _carded(campaign, brand, sealing.hand_in, actor, command.marks, command.reason)


def justify(campaign: Campaign, brand: str, command: Reasoned, actor: Actor) -> Decision[Campaign]:
    """A judge says why their total is far from the others'."""
    return _carded(campaign, brand, sealing.justify, actor, command.reason)


def set_aside(campaign: Campaign, brand: str, command: StoodBack, actor: Actor) -> Decision[Campaign]:
    """A supervisor does not count an outlier that nobody explained."""
    return _carded(campaign, brand, sealing.set_aside, command.judge, actor, command.reason)


def reveal(campaign: Campaign, command: Revealed, actor: Actor) -> Decision[Campaign]:
    """Open all cards at once, so that nobody knows one result while scoring another; raises what one card does."""
    campaign.require("scoring")
    panel, scored, why = campaign.require_panel(), campaign.finalists, command.shortfall
    entrants = tuple(
        one.becomes(card=sealing.reveal(one.card, panel, actor, why)) if one in scored and one.card else one
        for one in campaign.entrants
    )
    return done(campaign, actor, "revealed", reason=why, entrants=entrants)


def results(campaign: Campaign) -> tuple[Result, ...]:
    """What each finalist's card comes to now."""
    panel = campaign.require_panel()
    return tuple(result(one.card, panel) for one in campaign.finalists if one.card is not None)


def places(campaign: Campaign) -> tuple[Place, ...]:
    """The finalists by rank, the best first."""
    return ranked(results(campaign))


def _carded(campaign: Campaign, brand: str, change: Callable[..., Scorecard], *said: object) -> Decision[Campaign]:
    campaign.require("scoring")
    entrant, card = campaign.card(brand)
    entrants = campaign.replaced(entrant.becomes(card=change(card, campaign.require_panel(), *said)))
    return recorded(campaign, campaign.becomes(entrants=entrants))


def _sound(appointed: Seated) -> None:
    judges, supervisors = appointed.judges, appointed.supervisors
    both = sorted(set(judges) & set(supervisors))
    if len(set(judges)) < len(judges) or both:
        raise Invalid(
            "campaign.judges",
            zh="评委不得重复，监督人不得兼任评委。",
            en="Each judge once, and nobody supervises their own scores.",
            field="/judges",
        )
    if not supervisors:
        raise Invalid("campaign.supervisors", zh="须有监督人。", en="Somebody supervises.", field="/supervisors")
    if appointed.quorum > len(judges):
        raise Invalid("campaign.quorum", zh="法定人数超过评委人数。", en="More than there are judges.", field="/quorum")
