"""Levels and awards: a decision moves one level; further only on a stated ground (直接评定), or by a campaign."""

from infra.kernel.aggregate import Decision
from infra.kernel.errors import Refused
from services.review.standings.model.lines import Award
from services.review.standings.model.standing import Standing, recorded
from services.review.standings.model.warrant import DecisionContext


def grade(standing: Standing, level: str, warrant: DecisionContext) -> Decision[Standing]:
    """Bring a brand to a level; raises ``Invalid``, ``Refused`` for what the rules do not allow."""
    warrant.require_day(standing.begun_on)
    return recorded(standing, moved(standing, level, warrant).noted("graded", warrant))


def moved(standing: Standing, level: str, warrant: DecisionContext) -> Standing:
    """The standing at another level, its history not written yet; raises as ``grade`` does."""
    standing.require_held()
    before, after = warrant.rules.place(standing.level), warrant.rules.require_level(level)
    if level == standing.level:
        raise Refused("standing.same_level", zh="该品牌已是此级别。", en="The brand has this level.", field="/level")
    if before is None or after > before:
        standing.require_sound()
    if warrant.ground.direct is not None:
        warrant.rules.require_direct(warrant.ground.direct)
    far = before is None or abs(after - before) > warrant.rules.levels_per_decision
    if far and warrant.ground.direct is None and warrant.ground.campaign is None:
        most = warrant.rules.levels_per_decision
        raise Refused(
            "standing.too_far",
            zh=f"一次最多升降 {most} 级；直接评定须写明依据。",
            en=f"At most {most} level(s) at once; further only with a ground of direct grading.",
            field="/level",
        )
    if warrant.ground.direct is not None:
        warrant.require_decider("grade")
    warrant.require_decider("downgrade" if before is not None and after < before else "upgrade")
    return standing.becomes(level=level)


def award(standing: Standing, kind: str, warrant: DecisionContext) -> Decision[Standing]:
    """Give an award of one of the types of the rules; raises ``Invalid``, ``Refused``."""
    warrant.require_day(standing.begun_on)
    warrant.rules.require_award(kind)
    warrant.require_decider("award")
    standing.require_sound()
    return recorded(standing, _awarded(standing, kind, warrant))


def grant(standing: Standing, level: str | None, kind: str | None, warrant: DecisionContext) -> Decision[Standing]:
    """What a campaign grants: a level, an award (``kind``), or both; the ground names the campaign.

    Granting the same again changes nothing, and a campaign never lowers a level. Raises ``Invalid`` for what is not in
    the rules, ``Refused`` while the brand is revoked, suspended or being rectified.
    """
    after = standing
    if kind is not None:
        warrant.rules.require_award(kind)
    place = warrant.rules.require_level(level) if level is not None else -1
    warrant.require_day(standing.begun_on)
    now = warrant.rules.place(standing.level)
    if level is not None and (now is None or place > now) and not _granted(standing, level, warrant.ground.campaign):
        after = moved(after, level, warrant).noted("graded", warrant)
    campaign = warrant.ground.campaign
    again = campaign is not None and any(
        (one.award, one.ground.campaign) == (kind, campaign) for one in standing.awards
    )
    if kind is not None and not again:
        after.require_sound()
        warrant.require_decider("award")
        after = _awarded(after, kind, warrant)
    return recorded(standing, after)


def _granted(standing: Standing, level: str, campaign: str | None) -> bool:
    """Whether this campaign granted this level before: what was decided since is not undone by a repetition."""
    return campaign is not None and any(
        one.deed == "graded" and one.level == level and one.ground.campaign == campaign for one in standing.history
    )


def _awarded(standing: Standing, kind: str, warrant: DecisionContext) -> Standing:
    given = Award(n=len(standing.awards) + 1, award=kind, ground=warrant.ground, by=warrant.person, at=warrant.at)
    return standing.noted("awarded", warrant, about=kind, awards=(*standing.awards, given))
