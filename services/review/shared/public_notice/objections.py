"""What people say against a public notice: taken in by an officer for whoever raised it, and each one decided."""

from datetime import date, datetime
from typing import Literal, TypeAlias

from infra.kernel.errors import Invalid, Refused
from services.review.shared.actor import Actor
from services.review.shared.public_notice.notice import Finding, Notice, Objection

MOST_OBJECTIONS = 100
"""In one notice: it is part of one document of the database and must stay small."""

Standing: TypeAlias = Literal["preparing", "running", "waiting", "clear", "lost"]
"""Not published yet; people may object; over but not everything is decided; over and clear; an objection upheld."""


def standing(notice: Notice, at: datetime) -> Standing:
    """How a notice stands at a moment: ``clear`` lets what it is about go on, ``lost`` does not."""
    if notice.upheld:
        return "lost"
    if notice.ends_at is None:
        return "preparing"
    if at < notice.ends_at:
        return "running"
    return "waiting" if notice.open else "clear"


def receive(notice: Notice, text: str, raised_by: str | None, received_on: date | None, actor: Actor) -> Notice:
    """Take in an objection that came within the period, also after it; ``received_on`` None = on the day it is told."""
    published, last = notice.published, notice.last_day
    if published is None or last is None:
        raise Refused("notice.not_published", zh="公示尚未发布。", en="The notice is not published yet.")
    day = received_on or actor.today
    if not published.on <= day <= min(last, actor.today):
        raise Invalid(
            "objection.outside_period",
            zh=f"异议须在公示期内（{published.on} 至 {last}）收到，且不晚于今天。",
            en=f"An objection is received within the period ({published.on} to {last}) and not after today.",
            field="/received_on",
        )
    if len(notice.objections) >= MOST_OBJECTIONS:
        raise Refused(
            "objection.too_many",
            zh=f"一次公示最多登记 {MOST_OBJECTIONS} 条异议。",
            en=f"At most {MOST_OBJECTIONS} objections are recorded in one notice.",
        )
    n = len(notice.objections) + 1
    objection = Objection(n=n, text=text, raised_by=raised_by, received_on=day, recorded=actor)
    return notice.becomes(objections=(*notice.objections, objection))


def decide(notice: Notice, n: int, finding: Finding) -> Notice:
    """Uphold an objection or not; whoever raised it by name is answered, the anonymous cannot be."""
    found = next((one for one in notice.objections if one.n == n), None)
    if found is None:
        raise Invalid(
            "objection.unknown", zh=f"没有第 {n} 条异议。", en=f"There is no objection {n}.", field="/objection"
        )
    if found.finding is not None:
        raise Refused("objection.decided", zh="该异议已作出决定。", en="This objection was decided already.")
    if found.raised_by is not None and finding.reply is None:
        raise Invalid(
            "objection.no_reply",
            zh="实名异议须答复提出人。",
            en="Whoever raised an objection by name must be answered.",
            field="/reply",
        )
    decided = found.becomes(finding=finding)
    return notice.becomes(objections=tuple(decided if one is found else one for one in notice.objections))
