"""What a step needs before it can end, and how far it is: one function for each kind of visit that has rules."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from services.review.reviews.model.judging import panel
from services.review.reviews.model.notice_rules import notice_requirements
from services.review.reviews.model.page import Requirement
from services.review.reviews.model.panels import Judging, Polling
from services.review.reviews.model.procedure import Base, Share, Step
from services.review.reviews.model.step_run import Tally
from services.review.reviews.model.step_runs import AnyStepRun, CoRevising, Discussing, Noticing, Resolving
from services.review.shared.scoring.result import pending


def requirements(step: Step, visit: AnyStepRun) -> tuple[Requirement, ...]:
    """The rules of this visit; a kind that is not in the table has none of its own."""
    rules = RULES.get(type(visit))
    return rules(step, visit) if rules else ()


def _discussion(step: Step, visit: Discussing) -> tuple[Requirement, ...]:
    open_ones = tuple(opinion.n for opinion in visit.opinions if opinion.ruling is None)
    silent, cast = len(visit.voters) - len(visit.votes), len(visit.votes)
    return (
        *_share("quorum", ("法定人数", "quorum"), step.quorum, cast, visit.figures),
        *_share("majority", ("赞成", "in favour"), step.majority, Tally.of(visit.votes).in_favour, visit.figures),
        _none_left("votes_missing", silent, (), (f"{silent} 人尚未表决", f"{silent} have not voted")),
        _none_left(
            "opinions_open",
            len(open_ones),
            open_ones,
            _listed("未作出采纳决定的意见", "opinions not ruled on", open_ones),
        ),
    )


def _co_revision(_: Step, visit: CoRevising) -> tuple[Requirement, ...]:
    numbers = tuple(one.n for one in visit.open)
    words = _listed("未答复的修改建议", "suggestions not answered", numbers)
    return (_none_left("suggestions_open", len(numbers), numbers, words),)


def _resolution(step: Step, visit: Resolving) -> tuple[Requirement, ...]:
    if not visit.meetings:
        zh, en = "须召开并登记一次会议", "a meeting must be held and recorded"
        return (Requirement(rule="meeting", needed=1, count=0, fulfilled=False, zh=zh, en=en),)
    meeting = visit.meetings[-1]
    quorum = _share("quorum", ("到会", "present"), step.quorum, len(meeting.present), meeting.figures, meeting.n)
    if meeting.state == "no_quorum":
        return quorum
    favour, silent = Tally.of(meeting.votes).in_favour, len(meeting.silent)
    return (
        *quorum,
        *_share("majority", ("赞成", "in favour"), step.majority, favour, meeting.figures, meeting.n),
        _none_left(
            "votes_missing", silent, (meeting.n,), (f"{silent} 位到会委员尚未表决", f"{silent} present have not voted")
        ),
    )


def _judging(step: Step, visit: Judging) -> tuple[Requirement, ...]:
    """How many sheets are in; once they are revealed, how many reasons are awaited. Never a point."""
    seats = panel(step, visit)
    missing = len(visit.card.missing(seats))
    waiting = len(pending(visit.card, seats))
    if visit.card.revealed:
        words = (f"{waiting} 位评委尚未说明偏离理由", f"{waiting} judges have not said why they differ")
        return (_none_left("outliers_open", waiting, (), words),)
    counted = len(visit.card.counted(seats))
    return (
        *_share("quorum", ("有效打分表", "sheets"), step.quorum, counted, visit.figures),
        _none_left(
            "sheets_missing", missing, (), (f"{missing} 位评委尚未提交", f"{missing} judges have not handed in")
        ),
    )


def _poll(step: Step, visit: Polling) -> tuple[Requirement, ...]:
    """How many have voted; how they voted only when it is over."""
    silent, favour = len(visit.silent), Tally.of(visit.votes).in_favour
    majority = step.majority if visit.closed_at is not None else None
    return (
        *_share("quorum", ("法定人数", "quorum"), step.quorum, len(visit.votes), visit.figures),
        *_share("majority", ("赞成", "in favour"), majority, favour, visit.figures),
        _none_left("votes_missing", silent, (), (f"{silent} 人尚未投票", f"{silent} have not voted")),
    )


def _share(
    rule: str, words: tuple[str, str], share: Share | None, count: int, figures: Mapping[Base, int], *meetings: int
) -> tuple[Requirement, ...]:
    if share is None:
        return ()
    base, needed = figures[share.of], share.needed(figures)
    zh = f"{words[0]}：{base} 人中须 {needed} 人，现 {count} 人"
    en = f"{words[1]}: {needed} of {base} needed, {count} now"
    found = Requirement(
        rule=rule,
        of=share.of,
        base=base,
        needed=needed,
        count=count,
        fulfilled=share.met(count, figures),
        numbers=meetings,
        zh=zh,
        en=en,
    )
    return (found,)


def _none_left(rule: str, left: int, numbers: tuple[int, ...], words: tuple[str, str]) -> Requirement:
    return Requirement(rule=rule, needed=0, count=left, fulfilled=not left, numbers=numbers, zh=words[0], en=words[1])


def _listed(zh: str, en: str, numbers: tuple[int, ...]) -> tuple[str, str]:
    names = ", ".join(map(str, numbers))
    return (f"{zh}：{names or '无'}", f"{en}: {names or 'none'}")


RULES: Final[Mapping[type, Callable[[Step, Any], tuple[Requirement, ...]]]] = {
    Discussing: _discussion,
    CoRevising: _co_revision,
    Resolving: _resolution,
    Judging: _judging,
    Polling: _poll,
    Noticing: notice_requirements,
}
"""By type of visit; a new kind of step adds its line here."""
