"""The public notice of what is to be named; an upheld objection strikes the entrant that it is about, nobody else."""

from datetime import datetime
from typing import Any

from infra.kernel.aggregate import Decision
from infra.kernel.errors import Refused
from infra.kernel.working_days import Calendar
from services.review.campaigns.model.campaign import Campaign, Struck, done, recorded, unhonoured
from services.review.campaigns.model.commands import Objected
from services.review.campaigns.model.levels import unsettled
from services.review.shared.actor import Actor
from services.review.shared.public_notice import objections, stages
from services.review.shared.public_notice.notice import (
    Approval,
    Approved,
    Examination,
    Examined,
    Finding,
    Judgement,
    Notice,
    Publication,
    Published,
)


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


def examine(campaign: Campaign, command: Examination, actor: Actor) -> Decision[Campaign]:
    """Secrecy, necessity or accuracy is answered."""
    answer = Examined(**dict(actor), **dict(command))
    return done(campaign, actor, "notice_examined", notice=stages.examine(_notice(campaign), answer))


def approve(campaign: Campaign, command: Approval, actor: Actor) -> Decision[Campaign]:
    """Somebody who neither proposed nor reviewed it approves the publication."""
    approval = Approved(**dict(actor), **dict(command))
    return done(campaign, actor, "notice_approved", notice=stages.approve(_notice(campaign), approval))


def publish(campaign: Campaign, command: Publication, calendar: Calendar, actor: Actor) -> Decision[Campaign]:
    """It was put up; the working days of the period begin the day after."""
    published = Published(**dict(actor), where=command.where, on=command.published_on or actor.today)
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


def decide(campaign: Campaign, n: int, command: Judgement, actor: Actor) -> Decision[Campaign]:
    """Decide an objection; upheld, its entrant is struck from the list and its place stays free."""
    brand = campaign.against.get(str(n), "")
    finding = Finding(**dict(actor), **dict(command))
    changes: dict[str, Any] = {"notice": objections.decide(_notice(campaign), n, finding)}
    if finding.upheld and any(one.brand == brand for one in campaign.running):
        struck = Struck(kind="objection", reason=finding.reason, by=finding.by, at=finding.at)
        out = campaign.replaced(campaign.entrant(brand).becomes(struck=struck))
        changes |= {"entrants": out, **unhonoured(campaign, brand)}
    return done(campaign, actor, "objection_decided", brand, **changes)


def over(campaign: Campaign, at: datetime) -> bool:
    """Whether the period is over and every objection is decided."""
    notice = campaign.notice
    return notice is not None and notice.ends_at is not None and at >= notice.ends_at and not notice.open


def _notice(campaign: Campaign) -> Notice:
    campaign.require("notice")
    if campaign.notice is None:
        raise LookupError("a campaign in the stage of its notice has one")
    return campaign.notice
