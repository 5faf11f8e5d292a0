"""Levels and awards: a decision moves one level; further only on a stated ground (直接评定), or by a campaign."""

from infra.kernel.errors import Refused
from infra.kernel.events import Decision
from services.review.standings.model.commands import Awarded, Graded
from services.review.standings.model.decision_context import DecisionContext
from services.review.standings.model.lines import Award
from services.review.standings.model.standing import Standing, recorded


def grade(standing: Standing, command: Graded, context: DecisionContext) -> Decision[Standing]:
    """Bring a brand to a level; raises ``Invalid``, ``Refused`` for what the rules do not allow."""
    context.require_day(standing.begun_on)
    return recorded(standing, moved(standing, command.level, context).noted("graded", context))


def moved(standing: Standing, level: str, context: DecisionContext) -> Standing:
    """The standing at another level, its history not written yet; raises as ``grade`` does."""
    standing.require_held()
    before, after = context.rules.place(standing.level), context.rules.require("level", level)
    if level == standing.level:
        raise Refused("standing.same_level", zh="该品牌已是此级别。", en="The brand has this level.", field="/level")
    if before is None or after > before:
        standing.require_sound()
    ground, most = context.justification, context.rules.levels_per_decision
    if ground.direct is not None:
        context.rules.require("direct", ground.direct)
    far = before is None or abs(after - before) > most
    if far and ground.direct is None and ground.campaign is None:
        zh = f"一次最多升降 {most} 级；直接评定须写明依据。"
        en = f"At most {most} level(s) at once; further only with a ground of direct grading."
        raise Refused("standing.too_far", zh, en, field="/level")
    if ground.direct is not None:
        context.require_decider("grade")
    context.require_decider("downgrade" if before is not None and after < before else "upgrade")
    return standing.becomes(level=level)


def award(standing: Standing, command: Awarded, context: DecisionContext) -> Decision[Standing]:
    """Give an award of one of the types of the rules; raises ``Invalid``, ``Refused``."""
    context.require_day(standing.begun_on)
    context.rules.require("award", command.award)
    context.require_decider("award")
    standing.require_sound()
    return recorded(standing, _awarded(standing, command.award, context))


def grant(standing: Standing, level: str | None, kind: str | None, context: DecisionContext) -> Decision[Standing]:
    """What a campaign grants: a level, an award (``kind``), or both; the ground names the campaign.

    Granting the same again changes nothing, whatever was decided since; a campaign never lowers a level. Raises
    ``Invalid`` for what is not in the rules, ``Refused`` while the brand is revoked, suspended or being rectified.
    """
    campaign = context.justification.campaign
    if kind is not None:
        context.rules.require("award", kind)
    place = context.rules.require("level", level) if level is not None else -1
    context.require_day(standing.begun_on)
    after, now = standing, context.rules.place(standing.level)
    of_campaign = [one for one in standing.history if campaign is not None and one.justification.campaign == campaign]
    granted = {(one.deed, one.level if one.deed == "graded" else one.about) for one in of_campaign}
    if level is not None and (now is None or place > now) and ("graded", level) not in granted:
        after = moved(after, level, context).noted("graded", context)
    if kind is not None and ("awarded", kind) not in granted:
        after.require_sound()
        context.require_decider("award")
        after = _awarded(after, kind, context)
    return recorded(standing, after)


def _awarded(standing: Standing, kind: str, context: DecisionContext) -> Standing:
    given = Award(n=len(standing.awards) + 1, award=kind, **context.made)
    return standing.noted("awarded", context, about=kind, awards=(*standing.awards, given))
