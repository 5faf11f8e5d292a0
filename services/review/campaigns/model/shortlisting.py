"""The first assessment and the shortlist (初评、差额入围): points by the work department, the line drawn by rule."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from infra.kernel.aggregate import Decision
from infra.kernel.errors import Refused
from services.review.campaigns.model.campaign import Campaign, Entrant, Rating, done
from services.review.campaigns.model.commands import Rated, TieDecided
from services.review.shared.actor import Actor
from services.review.shared.scoring.ranking import Place, pick, ranked, shortlist
from services.review.shared.scoring.result import Result, Verdict


def rate(campaign: Campaign, brand: str, command: Rated, actor: Actor) -> Decision[Campaign]:
    """Give an entrant its points and say whether the gate (支部达标) is open to it; the last word counts."""
    campaign.require("shortlisting")
    if campaign.shortlist is not None:
        raise Refused("campaign.drawn", zh="入围名单已产生。", en="The shortlist is drawn already.")
    after = campaign.entrant(brand).becomes(rating=Rating(**dict(command), by=actor.by, at=actor.at))
    return done(campaign, actor, "rated", brand, command.comment, entrants=campaign.replaced(after))


def draw(campaign: Campaign, actor: Actor) -> Decision[Campaign]:
    """Draw the line through the ranks, once every entrant has its points; a tie at the cut waits for a person."""
    campaign.require("shortlisting")
    if campaign.shortlist is not None:
        raise Refused("campaign.drawn", zh="入围名单已产生。", en="The shortlist is drawn already.")
    unrated = [one.brand for one in campaign.running if one.rating is None]
    if unrated:
        raise Refused(
            "campaign.unrated",
            zh=f"尚有 {len(unrated)} 个品牌未初评：{', '.join(unrated[:5])}。",
            en=f"{len(unrated)} entrants have no points yet: {', '.join(unrated[:5])}.",
        )
    drawn = shortlist(preliminary(campaign), campaign.plan.cut)
    if not drawn.entrants and not drawn.tied:
        raise Refused("campaign.nobody_in", zh="没有品牌达到入围条件。", en="No entrant may be shortlisted.")
    return done(campaign, actor, "shortlisted", str(drawn.size), shortlist=drawn)


def decide_tie(campaign: Campaign, command: TieDecided, actor: Actor) -> Decision[Campaign]:
    """A person decides who of those tied at the cut is in, with a reason."""
    campaign.require("shortlisting")
    if campaign.shortlist is None:
        raise Refused("campaign.not_drawn", zh="尚未产生入围名单。", en="The shortlist is not drawn yet.")
    decided = pick(campaign.shortlist, command.picked, actor.by, actor.at, command.reason)
    return done(campaign, actor, "tie_decided", ", ".join(command.picked), command.reason, shortlist=decided)


def preliminary(campaign: Campaign) -> tuple[Place, ...]:
    """The entrants by the points of the first assessment; who is before a shut gate has no rank."""
    return ranked(_results(campaign.running))


def _results(entrants: Iterable[Entrant]) -> Iterator[Result]:
    for one in entrants:
        if one.rating is not None:
            mean, gate = Fraction(one.rating.points), one.rating.gate
            verdict: Verdict = "passed" if gate else "gate_not_met"
            yield Result(
                entrant=one.brand,
                raw=(),
                median=None,
                mean=mean,
                vetoes=(),
                gates={},
                shut=(),
                pending=(),
                verdict=verdict,
            )
