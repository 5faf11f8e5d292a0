"""From state to state: each function returns the notice after it, or raises ``Refused``, ``Forbidden``, ``Invalid``."""

from datetime import datetime

from infra.kernel.errors import Forbidden, Invalid, Refused
from infra.kernel.working_days import Calendar, working_period
from services.review.shared.actor import Actor
from services.review.shared.public_notice.notice import USUAL_DAYS, Approved, Examined, Notice, Published, State

STATES = {"proposed": "提出", "reviewed": "审核", "approved": "审批", "implemented": "实施"}
MOST_ANSWERS = 60
"""To the three questions, all in all: a notice is part of one document of the database and must stay small."""


def propose(actor: Actor, days: int = USUAL_DAYS) -> Notice:
    """Somebody wants it published for so many working days."""
    return Notice(days=days, proposed=actor)


def examine(notice: Notice, answer: Examined) -> Notice:
    """Answer one question; with all three answered by a yes it is reviewed, and a no takes that back."""
    _require(notice, "proposed", "reviewed")
    if answer.people & notice.proposed.people:
        raise Forbidden(
            "notice.own_proposal", zh="提出公示的人不得审核该公示。", en="Whoever proposed a notice may not review it."
        )
    if not answer.passed and answer.comment is None:
        raise Invalid("notice.no_without_reason", zh="不通过须说明理由。", en="A no needs a reason.", field="/comment")
    if len(notice.examined) >= MOST_ANSWERS:
        raise Refused(
            "notice.too_many_answers",
            zh=f"一次公示最多记录 {MOST_ANSWERS} 次审核答复。",
            en=f"At most {MOST_ANSWERS} answers in one notice.",
        )
    after = notice.becomes(examined=(*notice.examined, answer))
    return after.becomes(state="proposed" if after.unanswered else "reviewed")


def require_may_approve(notice: Notice, people: frozenset[str]) -> None:
    """Raise ``Forbidden`` for who proposed it or answered a question: different people review and approve."""
    if people & (notice.proposed.people | notice.reviewers):
        raise Forbidden(
            "notice.own_review",
            zh="提出或审核该公示的人不得审批。",
            en="Whoever proposed or reviewed a notice may not approve it.",
        )


def approve(notice: Notice, approval: Approved) -> Notice:
    """Somebody else approves the publication."""
    _require(notice, "reviewed")
    require_may_approve(notice, approval.people)
    return notice.becomes(state="approved", approved=approval)


def publish(notice: Notice, published: Published, calendar: Calendar) -> Notice:
    """It was put up on a day, not before its approval; the period begins the day after."""
    _require(notice, "approved")
    earliest = notice.approved.today if notice.approved else published.on
    if not earliest <= published.on <= published.today:
        raise Invalid(
            "notice.published_on",
            zh=f"公示日期须在审批之日（{earliest}）至今天之间。",
            en=f"It can have been put up from {earliest}, when it was approved, until today.",
            field="/published_on",
        )
    after = counted(notice.becomes(state="implemented", published=published), calendar)
    if after.ends_at is not None and after.ends_at <= published.at:
        raise Invalid(
            "notice.period_over",
            zh=f"从 {published.on} 起的公示期已经结束，无从受理异议，请重新公示。",
            en=f"The period that began on {published.on} is over and nobody could object; put it up again.",
            field="/published_on",
        )
    return after


def counted(notice: Notice, calendar: Calendar) -> Notice:
    """The notice with its last day by this calendar; one that was not published has none."""
    if notice.published is None:
        return notice
    period = working_period(calendar, notice.published.on, notice.days)
    return notice.becomes(last_day=period.last_day, provisional=period.provisional)


def recounted(notice: Notice, calendar: Calendar, at: datetime) -> Notice:
    """The notice by a newer calendar; a last day that was sure, is over, or would be, does not move."""
    if not notice.provisional:
        return notice
    after = counted(notice, calendar)
    running = notice.ends_at is not None and at < notice.ends_at
    return after if running and after.ends_at is not None and at < after.ends_at else notice


def _require(notice: Notice, *states: State) -> None:
    if notice.state not in states:
        zh, en = STATES[notice.state], notice.state
        raise Refused(
            "notice.state",
            zh=f"公示目前处于“{zh}”，不能执行此操作。",
            en=f"The notice is {en} now; this does not belong to it.",
        )
