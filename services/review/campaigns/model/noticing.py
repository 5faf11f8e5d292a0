"""The public notice of what is to be named; an upheld objection strikes the entrant that it is about, nobody else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from infra.kernel.aggregate import Decision
from infra.kernel.errors import Refused
from infra.kernel.working_days import Calendar
from services.review.campaigns.model.campaign import Campaign, Line, Struck, unhonoured
from services.review.campaigns.model.levels import unsettled
from services.review.campaigns.model.publishing import recorded
from services.review.shared.actor import Actor
from services.review.shared.public_notice import objections, stages
from services.review.shared.public_notice.notice import Approved, Examined, Finding, Notice, Published


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
    line = Line(at=actor.at, by=actor.by, deed="notice_proposed")
    notice = stages.propose(actor, campaign.plan.notice_days)
    return recorded(campaign, campaign.noted(line, stage="notice", notice=notice))


def examine(campaign: Campaign, answer: Examined) -> Decision[Campaign]:
    """Secrecy, necessity or accuracy is answered."""
    return _noticed(campaign, answer, "notice_examined", lambda notice: stages.examine(notice, answer))


def approve(campaign: Campaign, approval: Approved) -> Decision[Campaign]:
    """Somebody who neither proposed nor reviewed it approves the publication."""
    return _noticed(campaign, approval, "notice_approved", lambda notice: stages.approve(notice, approval))


def publish(campaign: Campaign, published: Published, calendar: Calendar) -> Decision[Campaign]:
    """It was put up; the working days of the period begin the day after."""
    return _noticed(campaign, published, "notice_published", lambda notice: stages.publish(notice, published, calendar))


def recount(campaign: Campaign, calendar: Calendar, at: datetime) -> Decision[Campaign]:
    """A newer calendar moves the last day of a running period."""
    if campaign.stage != "notice" or campaign.notice is None:
        return campaign, []
    after = stages.recounted(campaign.notice, calendar, at)
    return (campaign, []) if after == campaign.notice else recorded(campaign, campaign.becomes(notice=after))


@dataclass(frozen=True)
class Complaint:
    """What somebody says against an entrant; ``raised_by`` None = anonymous, ``received_on`` None = today."""

    brand: str
    text: str
    raised_by: str | None = None
    received_on: date | None = None


def receive(campaign: Campaign, said: Complaint, actor: Actor) -> Decision[Campaign]:
    """Take in an objection against one entrant, for whoever raised it."""
    campaign.entrant(said.brand)
    after, facts = _noticed(
        campaign,
        actor,
        "objection_received",
        lambda notice: objections.receive(notice, said.text, said.raised_by, said.received_on, actor),
        about=said.brand,
    )
    number = str(len(after.notice.objections)) if after.notice else ""
    changed = after.becomes(against={**after.against, number: said.brand})
    return changed, facts


def decide(campaign: Campaign, n: int, finding: Finding) -> Decision[Campaign]:
    """Decide an objection; upheld, its entrant is struck from the list and its place stays free."""
    brand = campaign.against.get(str(n), "")
    after, facts = _noticed(
        campaign, finding, "objection_decided", lambda notice: objections.decide(notice, n, finding), about=brand
    )
    still = any(one.brand == brand for one in after.running)
    if not finding.upheld or not still:
        return after, facts
    struck = Struck(kind="objection", reason=finding.reason, by=finding.by, at=finding.at)
    out = after.entrant(brand).becomes(struck=struck)
    return recorded(
        campaign,
        after.becomes(entrants=after.replaced(out), **unhonoured(after, brand)),
    )


def over(campaign: Campaign, at: datetime) -> bool:
    """Whether the period is over and every objection is decided."""
    notice = campaign.notice
    return notice is not None and notice.ends_at is not None and at >= notice.ends_at and not notice.open


def _noticed(
    campaign: Campaign, actor: Actor, deed: str, change: Callable[[Notice], Notice], about: str | None = None
) -> Decision[Campaign]:
    campaign.require("notice")
    if campaign.notice is None:
        raise LookupError("a campaign in the stage of its notice has one")
    line = Line(at=actor.at, by=actor.by, deed=deed, about=about)
    return recorded(campaign, campaign.noted(line, notice=change(campaign.notice)))
