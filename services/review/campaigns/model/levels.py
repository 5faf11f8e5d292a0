"""Who is in: shortlist (初评、差额入围), levels within quotas, awards, exemplar; a tie at a line is a person's."""

from collections.abc import Iterator
from fractions import Fraction

from infra.kernel.errors import Invalid, Refused
from infra.kernel.events import Decision
from services.review.campaigns.model.campaign import Award, Campaign, Entrant, Rating, done
from services.review.campaigns.model.commands import Chosen, Nominated, Rated, TieDecided
from services.review.campaigns.model.judging import places, results
from services.review.shared.actor import Actor
from services.review.shared.scoring.ranking import Cut, Place, Shortlist, pick, ranked, shortlist
from services.review.shared.scoring.result import Result


def rate(campaign: Campaign, brand: str, command: Rated, actor: Actor) -> Decision[Campaign]:
    """Give an entrant its points and say whether the gate (支部达标) is open to it; the last word counts."""
    campaign.require("shortlisting")
    _require_undrawn(campaign)
    after = campaign.entrant(brand).becomes(rating=Rating(**dict(command), by=actor.by, at=actor.at))
    return done(campaign, actor, "rated", brand, command.comment, entrants=campaign.replaced(after))


def draw(campaign: Campaign, actor: Actor) -> Decision[Campaign]:
    """Draw the line through the ranks, once every entrant has its points; a tie at the cut waits for a person."""
    campaign.require("shortlisting")
    _require_undrawn(campaign)
    unrated = [one.brand for one in campaign.running if one.rating is None]
    if unrated:
        raise Refused(
            "campaign.unrated",
            zh=f"尚有 {len(unrated)} 个品牌未初评：{', '.join(unrated[:5])}。",
            en=f"{len(unrated)} entrants have no points yet: {', '.join(unrated[:5])}.",
        )
    drawn = shortlist(ranked(map(_first, campaign.running)), campaign.plan.cut)
    if not drawn.entrants and not drawn.tied:
        raise Refused("campaign.nobody_in", zh="没有品牌达到入围条件。", en="No entrant may be shortlisted.")
    return done(campaign, actor, "shortlisted", str(drawn.size), shortlist=drawn)


def decide_cut(campaign: Campaign, command: TieDecided, actor: Actor) -> Decision[Campaign]:
    """A person decides who of those tied at the cut is in, with a reason."""
    campaign.require("shortlisting")
    if campaign.shortlist is None:
        raise Refused("campaign.not_drawn", zh="尚未产生入围名单。", en="The shortlist is not drawn yet.")
    decided = pick(campaign.shortlist, command.picked, actor.by, actor.at, command.reason)
    return done(campaign, actor, "tie_decided", ", ".join(command.picked), command.reason, shortlist=decided)


def grade(campaign: Campaign, actor: Actor) -> Decision[Campaign]:
    """Fill the levels from the highest on, once every result is final; a tie at an edge waits for a person."""
    campaign.require("scoring", "grading")
    open_cards = [one.entrant for one in results(campaign) if one.verdict == "open"]
    if open_cards:
        raise Refused(
            "campaign.results_open",
            zh=f"以下品牌的评分尚未揭示或有待说明：{', '.join(open_cards)}。",
            en=f"Not revealed yet, or a reason is awaited: {', '.join(open_cards)}.",
        )
    return done(campaign, actor, "graded", stage="grading", graded=_filled(campaign, {}))


def decide_tie(campaign: Campaign, level: str, command: TieDecided, actor: Actor) -> Decision[Campaign]:
    """A person decides who of those tied at a level's edge is in; the levels below are filled anew."""
    campaign.require("grading")
    drawn = campaign.graded.get(level)
    if drawn is None:
        raise Invalid(
            "campaign.level", zh=f"尚无级别“{level}”的名单。", en=f"“{level}” is not filled yet.", field="/level"
        )
    decided = {**campaign.graded, level: pick(drawn, command.picked, actor.by, actor.at, command.reason)}
    about = f"{level}: {', '.join(command.picked)}"
    return done(campaign, actor, "tie_decided", about, command.reason, graded=_filled(campaign, decided))


def nominate(campaign: Campaign, command: Nominated, actor: Actor) -> Decision[Campaign]:
    """A finalist is to get a typed award, with the reason, within its number."""
    campaign.require("grading")
    award, brand = command.award, command.brand
    quota = campaign.plan.award(award)
    if quota is None:
        known = ", ".join(one.award for one in campaign.plan.awards) or "无 none"
        raise Invalid("campaign.award", zh=f"奖项须为：{known}。", en=f"The awards are: {known}.", field="/award")
    _require_finalist(campaign, brand)
    held = [one.brand for one in campaign.awards if one.award == award]
    if brand in held:
        raise Refused("campaign.awarded", zh="已列入该奖项。", en="It is nominated already.", field="/brand")
    if len(held) >= quota.number:
        raise Refused(
            "campaign.award_full",
            zh=f"“{quota.title}”共 {quota.number} 个，已满。",
            en=f"All {quota.number} of “{quota.title_en}” are given.",
            field="/award",
        )
    awards = (*campaign.awards, Award(**dict(command), by=actor.by, at=actor.at))
    return done(campaign, actor, "nominated", f"{award}: {brand}", command.reason, awards=awards)


def choose_exemplar(campaign: Campaign, command: Chosen, actor: Actor) -> Decision[Campaign]:
    """The brand that others of the batch are to learn from (示范、模板); one, the last word counts."""
    campaign.require("grading")
    _require_finalist(campaign, command.brand)
    return done(campaign, actor, "exemplar", command.brand, command.reason, exemplar=command.brand)


def level_of(campaign: Campaign, brand: str) -> str | None:
    """The level that a brand is to be named at."""
    return next((level for level, drawn in campaign.graded.items() if brand in drawn.entrants), None)


def unsettled(campaign: Campaign) -> tuple[str, ...]:
    """The levels at whose edge a tie waits for a person, and those not filled yet because of it."""
    graded = campaign.graded
    waiting = (one.level for one in campaign.plan.levels)
    return tuple(level for level in waiting if level not in graded or not graded[level].settled)


def _filled(campaign: Campaign, decided: dict[str, Shortlist]) -> dict[str, Shortlist]:
    """Each level filled with the best that are left; it stops at a tie that nobody has decided."""
    filled: dict[str, Shortlist] = {}
    left = places(campaign)
    base = len(campaign.finalists)
    for quota in campaign.plan.levels:
        size = quota.places(base)
        able = [one for one in left if quota.least is None or (one.mean or Fraction(0)) >= Fraction(quota.least)]
        drawn = shortlist(_anew(able), Cut(number=size)) if size else Shortlist(size=0, chosen=())
        before = decided.get(quota.level)
        if before is not None and (before.chosen, before.tied) == (drawn.chosen, drawn.tied):
            drawn = before
        filled[quota.level] = drawn
        if not drawn.settled:
            break
        left = tuple(one for one in left if one.entrant not in drawn.entrants)
    return filled


def _anew(left: list[Place]) -> Iterator[Place]:
    """The ranks among those who are left: whoever was tied with somebody already named is so no more."""
    standing = [one for one in left if one.rank is not None]
    ranks = [one.rank for one in standing]
    for one in standing:
        tied = tuple(other.entrant for other in standing if other.rank == one.rank and other is not one)
        yield one._replace(rank=ranks.index(one.rank) + 1, tied_with=tied)


def _require_finalist(campaign: Campaign, brand: str) -> None:
    if campaign.entrant(brand) not in campaign.finalists:
        raise Invalid("campaign.not_shortlisted", zh="该品牌未入围。", en="It is not shortlisted.", field="/brand")


def _require_undrawn(campaign: Campaign) -> None:
    if campaign.shortlist is not None:
        raise Refused("campaign.drawn", zh="入围名单已产生。", en="The shortlist is drawn already.")


def _first(one: Entrant) -> Result:
    """An entrant by the points of the first assessment; who is before a shut gate has no rank."""
    if one.rating is None:
        return Result(one.brand)
    return Result(one.brand, mean=Fraction(one.rating.points), verdict="passed" if one.rating.gate else "gate_not_met")
