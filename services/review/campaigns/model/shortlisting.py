"""The first assessment and the shortlist (初评、差额入围): points by the work department, the line drawn by rule."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from infra.kernel.aggregate import Decision
from infra.kernel.errors import Refused
from services.review.campaigns.model.campaign import Campaign, Entrant, Line, Rating
from services.review.campaigns.model.publishing import recorded
from services.review.shared.actor import Actor
from services.review.shared.scoring.ranking import Place, pick, ranked, shortlist
from services.review.shared.scoring.result import Result, Verdict


@dataclass(frozen=True)
class First:
    """What the work department says of an entrant: points, whether the gate is open to it, a comment."""

    points: Decimal
    gate: bool
    comment: str | None = None


def rate(campaign: Campaign, brand: str, first: First, actor: Actor) -> Decision[Campaign]:
    """Give an entrant its points and say whether the gate (支部达标) is open to it; the last word counts."""
    campaign.require("shortlisting")
    if campaign.shortlist is not None:
        raise Refused("campaign.drawn", zh="入围名单已产生。", en="The shortlist is drawn already.")
    rating = Rating(**vars(first), by=actor.by, at=actor.at)
    after = campaign.entrant(brand).becomes(rating=rating)
    line = Line(at=actor.at, by=actor.by, deed="rated", about=brand, reason=first.comment)
    return recorded(campaign, campaign.noted(line, entrants=campaign.replaced(after)))


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
    line = Line(at=actor.at, by=actor.by, deed="shortlisted", about=str(drawn.size))
    return recorded(campaign, campaign.noted(line, shortlist=drawn))


def decide_tie(campaign: Campaign, picked: tuple[str, ...], reason: str, actor: Actor) -> Decision[Campaign]:
    """A person decides who of those tied at the cut is in, with a reason."""
    campaign.require("shortlisting")
    if campaign.shortlist is None:
        raise Refused("campaign.not_drawn", zh="尚未产生入围名单。", en="The shortlist is not drawn yet.")
    decided = pick(campaign.shortlist, picked, actor.by, actor.at, reason)
    line = Line(at=actor.at, by=actor.by, deed="tie_decided", about=", ".join(picked), reason=reason)
    return recorded(campaign, campaign.noted(line, shortlist=decided))


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
