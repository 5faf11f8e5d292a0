"""Messages about a brand's standing, its rectifications, and campaigns: what review decided, and whom it asks."""

from collections.abc import Sequence

from services.notify import events
from services.notify.inbox.model.audience import EVERYWHERE, member, person, secretary, work_department
from services.notify.inbox.model.notice import Message

DEEDS = {
    "graded": ("级别评定", "graded"),
    "awarded": ("授予奖项", "given an award"),
    "suspended": ("暂停", "suspended"),
    "lifted": ("解除暂停", "no longer suspended"),
    "rechecked": ("年度复核有结论", "rechecked"),
    "revoked": ("摘牌", "revoked"),
}
"""What is told; a rectification has messages of its own, and what is only begun or opened is told to nobody."""
STATES = {
    "active": ("正常", "active"),
    "suspended": ("暂停", "suspended"),
    "rectifying": ("整改中", "being rectified"),
    "revoked": ("已摘牌", "revoked"),
}
OUTCOMES = {"met": ("整改到位", "met"), "not_met": ("整改不到位", "not met"), "lapsed": ("随摘牌终止", "lapsed")}


def decided(fact: events.StandingRecorded, owner: str) -> Message:
    """To the secretary: what was decided about the brand, and how it stands now."""
    (deed, deed_en), (state, state_en) = DEEDS[fact.deed], STATES[fact.state]
    values = {
        "name": fact.name,
        "owner": owner,
        "deed": deed,
        "state": state,
        "level": fact.level_title,
        "reason": fact.reason,
    }
    return Message(
        kind="standing.decided",
        to=(secretary(fact.owner),),
        link=f"/standings/{fact.brand}",
        values=values,
        english={"deed": deed_en, "state": state_en, "level": fact.level_title_en},
    )


def ordered(fact: events.RectificationOrdered, owner: str) -> Message:
    """To the secretary: what is to be put right, and until when."""
    values = {
        "name": fact.name,
        "owner": owner,
        "count": str(len(fact.items)),
        "due": fact.deadline.isoformat(),
        "reason": fact.reason,
    }
    return _of_rectification(fact, "rectification.ordered", [secretary(fact.owner)], values)


def overdue(fact: events.RectificationOverdue, owner: str, above: Sequence[str]) -> Message:
    """To the secretary and to the work department above, which decides what follows."""
    to = [secretary(fact.owner), *map(work_department, (*above, EVERYWHERE))]
    values = {"name": fact.name, "owner": owner, "due": fact.deadline.isoformat(), "count": str(fact.unproved)}
    return _of_rectification(fact, "rectification.overdue", to, values)


def closed(fact: events.RectificationClosed, owner: str) -> Message:
    """To the secretary: how it ended, and why."""
    zh, en = OUTCOMES[fact.outcome]
    values = {"name": fact.name, "owner": owner, "outcome": zh, "reason": fact.reason}
    message = _of_rectification(fact, "rectification.closed", [secretary(fact.owner)], values)
    return message.model_copy(update={"english": {"outcome": en}})


def _of_rectification(
    fact: events.RectificationOrdered | events.RectificationOverdue | events.RectificationClosed,
    kind: str,
    to: Sequence[str],
    values: dict[str, str | None],
) -> Message:
    return Message(kind=kind, to=tuple(dict.fromkeys(to)), link=f"/standings/{fact.brand}", values=values)


def called(fact: events.CampaignCalled) -> Message | None:
    """To the secretaries who may enrol a brand, or to the judges; None for a stage that asks nobody."""
    if fact.stage == "enrolling":
        values: dict[str, str | None] = {"title": fact.title, "until": fact.until.isoformat() if fact.until else None}
        return _of_campaign(fact, "campaign.enrolling", tuple(map(secretary, fact.organisations)), values)
    if fact.stage == "scoring":
        return _of_campaign(fact, "campaign.scoring", tuple(map(person, fact.people)), {"title": fact.title})
    return None


def named(fact: events.CampaignNamed) -> Message:
    """To every member of the organisations whose brands were named."""
    owners = dict.fromkeys(one.owner for one in fact.grants)
    values: dict[str, str | None] = {
        "title": fact.title,
        "number": fact.resolution,
        "count": str(len(fact.grants)),
    }
    return _of_campaign(fact, "campaign.named", tuple(map(member, owners)), values)


def _of_campaign(
    fact: events.CampaignCalled | events.CampaignNamed, kind: str, to: tuple[str, ...], values: dict[str, str | None]
) -> Message:
    english: dict[str, str | None] = {"title": fact.title_en}
    return Message(kind=kind, to=to, link=f"/campaigns/{fact.campaign}", values=values, english=english)
