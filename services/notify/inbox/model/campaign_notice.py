"""Messages about campaigns: enrolment is open, a panel is to score, brands were named."""

from services.notify import events
from services.notify.inbox.model.audience import member, person, secretary
from services.notify.inbox.model.notice import Message


def called(fact: events.CampaignCalled) -> Message | None:
    """To the secretaries who may enrol a brand, or to the judges; None for a stage that asks nobody."""
    if fact.stage == "enrolling":
        values: dict[str, str | None] = {"title": fact.title, "until": fact.until.isoformat() if fact.until else None}
        return _of(fact, "campaign.enrolling", tuple(map(secretary, fact.organisations)), values)
    if fact.stage == "scoring":
        return _of(fact, "campaign.scoring", tuple(map(person, fact.people)), {"title": fact.title})
    return None


def named(fact: events.CampaignNamed) -> Message:
    """To every member of the organisations whose brands were named."""
    owners = dict.fromkeys(one.owner for one in fact.grants)
    values: dict[str, str | None] = {
        "title": fact.title,
        "number": fact.resolution,
        "count": str(len(fact.grants)),
    }
    return _of(fact, "campaign.named", tuple(map(member, owners)), values)


def _of(
    fact: events.CampaignCalled | events.CampaignNamed, kind: str, to: tuple[str, ...], values: dict[str, str | None]
) -> Message:
    english: dict[str, str | None] = {"title": fact.title_en}
    return Message(kind=kind, to=to, link=f"/campaigns/{fact.campaign}", values=values, english=english)
