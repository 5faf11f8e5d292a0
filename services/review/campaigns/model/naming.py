"""The naming (命名): after the public notice the committee resolves in a meeting; then brands get what they won."""

from infra.kernel.aggregate import Decision
from infra.kernel.errors import Invalid, Refused
from services.review.campaigns.model.campaign import Campaign, Named, done
from services.review.campaigns.model.commands import Resolved
from services.review.campaigns.model.judging import places
from services.review.campaigns.model.levels import level_of
from services.review.campaigns.model.noticing import over
from services.review.events.published.campaigns import CampaignNamed, Grant
from services.review.reviews.model.procedure.bodies import Base
from services.review.shared.actor import Actor
from services.review.shared.scoring.record import shown


def name(campaign: Campaign, command: Resolved, actor: Actor) -> Decision[Campaign]:
    """Name the brands; raises ``Refused`` before the notice is over, ``Invalid`` for figures that carry nothing."""
    campaign.require("notice")
    if not over(campaign, actor.at):
        raise Refused(
            "campaign.notice_running",
            zh="公示尚未结束，或仍有异议未作出决定。",
            en="The notice is not over yet, or an objection is not decided.",
        )
    _require_carried(campaign, command, actor)
    plan, named = campaign.plan, Named(**dict(command), by=actor.by, at=actor.at)
    fact = CampaignNamed(
        campaign=campaign.id,
        **plan.model_dump(include={"title", "title_en", "committee"}),
        resolution=named.number,
        meeting=named.meeting,
        held_on=named.held_on,
        grants=list(grants(campaign)),
        named_by=actor.by,
        named_at=actor.at,
    )
    return done(campaign, actor, "named", named.number, facts=[fact], stage="named", named=named)


def grants(campaign: Campaign) -> tuple[Grant, ...]:
    """What each finalist gets, the best first; who gets nothing is not in it."""
    found = []
    for place in places(campaign):
        entrant = campaign.entrant(place.entrant)
        level = level_of(campaign, entrant.brand)
        awards = [one.award for one in campaign.awards if one.brand == entrant.brand]
        exemplar = campaign.exemplar == entrant.brand
        if level or awards or exemplar:
            found.append(
                Grant(
                    **entrant.model_dump(include={"brand", "owner", "name"}),
                    level=level,
                    awards=awards,
                    rank=place.rank,
                    mean=None if place.mean is None else str(shown(place.mean)),
                    exemplar=exemplar,
                )
            )
    return tuple(found)


def _require_carried(campaign: Campaign, meeting: Resolved, actor: Actor) -> None:
    plan, today = campaign.plan, actor.today
    ended = campaign.notice.last_day if campaign.notice and campaign.notice.last_day else today
    voted = meeting.in_favour + meeting.against + meeting.abstained + meeting.recused
    figures: dict[Base, int] = {
        "expected": meeting.expected,
        "present": meeting.present,
        "voters": meeting.present - meeting.recused,
    }
    rules = (
        ("held_on", ended < meeting.held_on <= today, f"会议须在公示结束（{ended}）之后、今天或之前召开。",
         f"The meeting lies after the notice ({ended}) and not after today."),
        ("present", meeting.present <= meeting.expected, "实到不能多于应到。", "No more can come than are expected."),
        ("in_favour", voted <= meeting.present, "表决票数不能多于实到人数。", "No more votes than people present."),
        ("present", plan.quorum.met(meeting.present, figures), "未达到法定人数。", "There was no quorum."),
        ("in_favour", plan.majority.met(meeting.in_favour, figures), "赞成票未达到规定比例。", "It was not carried."),
    )  # fmt: skip
    for field, holds, zh, en in rules:
        if not holds:
            raise Invalid(f"naming.{field}", zh=zh, en=en, field=f"/{field}")
