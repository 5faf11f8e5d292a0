"""Facts about a brand's standing, and the messages that they lead to."""

from services.notify import events
from services.notify.inbox.model import standing_notice
from services.notify.inbox.model.notice import Message

OWNER = "营运操作部党总支"
BRAND = {"brand": "charm-gps", "owner": "general", "name": "魅力GPS", "rectification": 1, "reason": "记录不全"}


def rectifying(what: str) -> Message:
    """A rectification was ordered, closed, or is overdue."""
    if what == "ordered":
        told = events.RectificationOrdered.model_validate({**BRAND, "items": ["补齐记录"], "deadline": "2027-05-31"})
        return standing_notice.ordered(told, OWNER)
    if what == "closed":
        over = events.RectificationClosed.model_validate({**BRAND, "outcome": "met"})
        return standing_notice.closed(over, OWNER)
    late = events.RectificationOverdue.model_validate({**BRAND, "deadline": "2027-05-31", "unproved": 1})
    return standing_notice.overdue(late, OWNER, ["general", "committee"])


def decided(deed: str) -> Message:
    """Something was decided about a brand without a level, for a reason that is not for everybody."""
    told = {**BRAND, "state": "suspended", "deed": deed, "decision": 3, "reason": None}
    return standing_notice.decided(events.StandingRecorded.model_validate(told), OWNER)
