"""What is to be named is shown publicly, then the committee names it in a meeting (公示、命名)."""

from datetime import datetime
from typing import Any

from infra.kernel.errors import Invalid, Refused
from infra.kernel.events import Decision
from infra.kernel.working_days import Calendar
from services.review.campaigns.model.campaign import Campaign, Named, Struck, done, recorded, struck_off
from services.review.campaigns.model.commands import Objected, Resolved
from services.review.campaigns.model.judging import places
from services.review.campaigns.model.levels import level_of, unsettled
from services.review.events.published.campaigns import CampaignNamed, Grant
from services.review.reviews.model.procedure.bodies import Base
from services.review.shared.actor import Actor
from services.review.shared.public_notice import notice as public
from services.review.shared.public_notice import objections, stages
from services.review.shared.scoring.ranking import Place
from services.review.shared.scoring.rubric import shown


def propose(campaign: Campaign, actor: Actor) -> Decision[Campaign]:
    """The list is final and is to be shown publicly; nothing of it changes any more but by an objection."""
    campaign.require("grading")
    open_levels = unsettled(campaign)
    if open_levels:
        raise Refused(
            "campaign.ties_open",
            zh=f"以下级别尚未确定：{', '.join(open_levels)}。",
            en=f"Not settled yet: {', '.join(open_levels)}.",
        )
    notice = stages.propose(actor, campaign.plan.notice_days)
    return done(campaign, actor, "notice_proposed", stage="notice", notice=notice)


def examine(campaign: Campaign, command: public.Examination, actor: Actor) -> Decision[Campaign]:
    """Secrecy, necessity or accuracy is answered."""
    answer = public.Examined(**dict(actor), **dict(command))
    return done(campaign, actor, "notice_examined", notice=stages.examine(_notice(campaign), answer))


def approve(campaign: Campaign, command: public.Approval, actor: Actor) -> Decision[Campaign]:
    """Somebody who neither proposed nor reviewed it approves the publication."""
    approval = public.Approved(**dict(actor), **dict(command))
    return done(campaign, actor, "notice_approved", notice=stages.approve(_notice(campaign), approval))


def publish(campaign: Campaign, command: public.Publication, calendar: Calendar, actor: Actor) -> Decision[Campaign]:
    """It was put up; the working days of the period begin the day after."""
    published = public.Published(**dict(actor), where=command.where, on=command.published_on or actor.today)
    return done(campaign, actor, "notice_published", notice=stages.publish(_notice(campaign), published, calendar))


def recount(campaign: Campaign, calendar: Calendar, at: datetime) -> Decision[Campaign]:
    """A newer calendar moves the last day of a running period."""
    if campaign.stage != "notice" or campaign.notice is None:
        return campaign, []
    after = stages.recounted(campaign.notice, calendar, at)
    return (campaign, []) if after == campaign.notice else recorded(campaign, campaign.becomes(notice=after))


def receive(campaign: Campaign, command: Objected, actor: Actor) -> Decision[Campaign]:
    """Take in an objection against one entrant, for whoever raised it."""
    brand = command.brand
    campaign.entrant(brand)
    notice = objections.receive(_notice(campaign), command.text, command.raised_by, command.received_on, actor)
    against = {**campaign.against, str(len(notice.objections)): brand}
    return done(campaign, actor, "objection_received", brand, notice=notice, against=against)


def decide(campaign: Campaign, n: int, command: public.Judgement, actor: Actor) -> Decision[Campaign]:
    """Decide an objection; upheld, its entrant is struck from the list and its place stays free."""
    brand = campaign.against.get(str(n), "")
    finding = public.Finding(**dict(actor), **dict(command))
    changes: dict[str, Any] = {"notice": objections.decide(_notice(campaign), n, finding)}
    if finding.upheld and any(one.brand == brand for one in campaign.running):
        struck = Struck(kind="objection", reason=finding.reason, by=finding.by, at=finding.at)
        changes |= struck_off(campaign, brand, struck)
    return done(campaign, actor, "objection_decided", brand, **changes)


def over(campaign: Campaign, at: datetime) -> bool:
    """Whether the period is over and every objection is decided."""
    notice = campaign.notice
    return notice is not None and notice.ends_at is not None and at >= notice.ends_at and not notice.open


def _notice(campaign: Campaign) -> public.Notice:
    campaign.require("notice")
    if campaign.notice is None:
        raise LookupError("a campaign in the stage of its notice has one")
    return campaign.notice


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
        **command.model_dump(include={"meeting", "held_on"}),
        resolution=named.number,
        grants=list(grants(campaign)),
        named_by=actor.by,
        named_at=actor.at,
    )
    after, facts = done(campaign, actor, "named", named.number, stage="named", named=named)
    return after, [*facts, fact]


def grants(campaign: Campaign) -> tuple[Grant, ...]:
    """What each finalist gets, the best first; who gets nothing is not in it."""
    found = (_grant(campaign, place) for place in places(campaign))
    return tuple(one for one in found if one.level or one.awards or one.exemplar)


def _grant(campaign: Campaign, place: Place) -> Grant:
    brand = place.entrant
    return Grant(
        **campaign.entrant(brand).model_dump(include={"brand", "owner", "name"}),
        level=level_of(campaign, brand),
        awards=[one.award for one in campaign.awards if one.brand == brand],
        rank=place.rank,
        mean=None if place.mean is None else str(shown(place.mean)),
        exemplar=campaign.exemplar == brand,
    )


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
