"""Messages about a brand's standing: which decisions its secretary is told of, and in which words."""

from services.notify import events
from services.notify.inbox.model.audience import secretary
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
