"""Who raised an objection, and what they were told, is for the work department's eyes: a branch must not look for them.

Others read ``**``, whether a name was given or not.
"""

from services.review.reviews.model.review import Entry
from services.review.reviews.model.step_runs import Noticing
from services.review.shared.public_notice.notice import Objection

MASKED = "**"


def unnamed(visit: Noticing) -> Noticing:
    """A public notice without those who objected."""
    objections = tuple(map(_unnamed, visit.notice.objections))
    return visit.becomes(notice=visit.notice.becomes(objections=objections))


def unnamed_entry(entry: Entry) -> Entry:
    """A move of the history without who objected."""
    hidden = {"raise_objection": "raised_by", "decide_objection": "reply"}.get(entry.move.kind)
    return entry.becomes(move=entry.move.model_copy(update={hidden: MASKED})) if hidden else entry


def _unnamed(one: Objection) -> Objection:
    finding = one.finding.becomes(reply=MASKED) if one.finding else None
    return one.becomes(raised_by=MASKED, finding=finding)
