"""Facts about a brand's standing, and the messages that they lead to."""

from services.notify.events import consumed as events
from services.notify.inbox.model import notice
from services.notify.inbox.model.notice import Message

OWNER = "营运操作部党总支"
ABOVE = ["general", "committee"]
BRAND = {"brand": "charm-gps", "owner": "general", "name": "魅力GPS", "rectification": 1, "reason": "记录不全"}


def rectifying(what: str) -> Message:
    """A rectification was ordered, closed, or is overdue."""
    if what == "ordered":
        said = {**BRAND, "items": ["补齐记录"], "deadline": "2027-05-31"}
        published = events.RectificationOrdered.model_validate(said)
        return notice.ordered(published).addressed(OWNER, ABOVE)
    if what == "closed":
        over = events.RectificationClosed.model_validate({**BRAND, "outcome": "met"})
        return notice.closed(over).addressed(OWNER, ABOVE)
    late = events.RectificationOverdue.model_validate({**BRAND, "deadline": "2027-05-31", "unproved": 1})
    return notice.unproved(late).addressed(OWNER, ABOVE)


def decided(deed: str) -> Message:
    """Something was decided about a brand without a level, for a reason that is not for everybody."""
    published = {**BRAND, "state": "suspended", "deed": deed, "decision": 3, "reason": None}
    message = notice.decided(events.StandingRecorded.model_validate(published))
    assert message is not None
    return message.addressed(OWNER, ABOVE)
