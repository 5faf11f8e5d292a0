"""The public notice by itself: four states, three questions, its period, and what people say against it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from infra.kernel.errors import Forbidden, Invalid, Problem, Refused
from services.review.shared.actor import Actor
from services.review.shared.public_notice.notice import (
    QUESTIONS,
    Approved,
    Examined,
    Finding,
    Notice,
    Published,
    Question,
)
from services.review.shared.public_notice.objections import MOST_OBJECTIONS, decide, receive, standing
from services.review.shared.public_notice.stages import approve, examine, propose, publish, recounted
from tests.unit.review.calendars import PUBLISHED, WEEKENDS

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)


def mark(by: str, at: datetime = NOON) -> Actor:
    return Actor(by=by, at=at)


def answer(
    question: Question, by: str, comment: str | None = None, behalf: str | None = None, *, passed: bool = True
) -> Examined:
    return Examined(by=by, at=NOON, behalf=behalf, question=question, passed=passed, comment=comment)


def approval(by: str, behalf: str | None = None) -> Approved:
    return Approved(by=by, at=NOON, behalf=behalf)


def put_up(on: date = TODAY) -> Published:
    return Published(by="officer", at=NOON, where="公司公告栏", on=on)


def finding(reply: str | None = "已电话答复", *, upheld: bool) -> Finding:
    return Finding(by="officer", at=NOON, upheld=upheld, reason="已核实", reply=reply)


def reviewed(by: str = "officer") -> Notice:
    notice = propose(mark("drafter"))
    for question in QUESTIONS:
        notice = examine(notice, answer(question, by))
    return notice


def published() -> Notice:
    """Put up on Monday, 2 March 2026: five working days end with Monday the 9th."""
    return publish(approve(reviewed(), approval("leader")), put_up(), PUBLISHED)


def objected(by: str | None = "张三，电话略") -> Notice:
    return receive(published(), "事迹不实", by, None, mark("officer"))


def test_the_four_states_follow_one_another() -> None:
    notice = propose(mark("drafter"))
    states = [notice.state]
    for question in QUESTIONS:
        notice = examine(notice, answer(question, "officer"))
        states.append(notice.state)
    notice = approve(notice, approval("leader"))
    states.append(notice.state)
    notice = publish(notice, put_up(), PUBLISHED)
    assert [*states, notice.state] == ["proposed", "proposed", "proposed", "reviewed", "approved", "implemented"]
    assert (notice.last_day, notice.provisional) == (date(2026, 3, 9), False)
    assert notice.ends_at == datetime(2026, 3, 9, 16, 0, tzinfo=UTC)


def test_a_no_needs_a_reason_and_stands_until_the_question_is_answered_again() -> None:
    with pytest.raises(Invalid) as found:
        examine(reviewed(), answer("secrecy", "officer", passed=False))
    assert found.value.field == "/comment"
    notice = examine(reviewed(), answer("secrecy", "officer", "含内部数据", passed=False))
    assert (notice.state, notice.unanswered) == ("proposed", ("secrecy",))
    with pytest.raises(Refused):
        approve(notice, approval("leader"))
    again = examine(notice, answer("secrecy", "other", "已删去"))
    assert again.state == "reviewed"
    assert len(again.examined) == 5


def test_different_people_propose_review_and_approve() -> None:
    with pytest.raises(Forbidden):
        examine(propose(mark("drafter")), answer("secrecy", "drafter"))
    for by in ("officer", "drafter"):
        with pytest.raises(Forbidden):
            approve(reviewed(), approval(by))
    with pytest.raises(Forbidden):  # nor by a proxy, in either direction
        approve(reviewed(), approval("proxy", behalf="officer"))
    with pytest.raises(Forbidden):
        approve(reviewed(), approval("officer", behalf="leader"))


@pytest.mark.parametrize("on", [date(2026, 3, 1), date(2026, 3, 3)])
def test_it_is_put_up_between_its_approval_and_today(on: date) -> None:
    with pytest.raises(Invalid) as found:
        publish(approve(reviewed(), approval("leader")), put_up(on), PUBLISHED)
    assert found.value.field == "/published_on"


def test_nothing_is_done_out_of_turn() -> None:
    acts: list[Callable[[], Notice]] = [
        lambda: approve(propose(mark("drafter")), approval("leader")),
        lambda: publish(reviewed(), put_up(), PUBLISHED),
        lambda: examine(published(), answer("secrecy", "officer")),
        lambda: approve(published(), approval("leader")),
        lambda: receive(reviewed(), "不实", None, None, mark("officer")),
    ]
    for act in acts:
        with pytest.raises(Problem) as found:
            act()
        assert found.value.code in ("notice.state", "notice.not_published")


def test_its_standing_goes_by_the_end_of_the_last_day_and_by_the_objections() -> None:
    ends = datetime(2026, 3, 9, 16, 0, tzinfo=UTC)
    before = ends - timedelta(milliseconds=1)
    assert standing(reviewed(), ends) == "preparing"
    assert [standing(published(), at) for at in (NOON, before, ends)] == ["running", "running", "clear"]
    assert standing(objected(), ends) == "waiting"
    for upheld, after in ((True, "lost"), (False, "clear")):
        decided = decide(objected(), 1, finding(upheld=upheld))
        assert standing(decided, ends) == after
        assert standing(decided, before) == ("lost" if upheld else "running")


def test_an_objection_comes_within_the_period_and_may_be_recorded_later() -> None:
    late = NOON + timedelta(days=10)
    notice = receive(objected(), "口号雷同", None, date(2026, 3, 9), mark("officer", late))
    assert [(one.n, one.raised_by, one.received_on.day) for one in notice.objections] == [
        (1, "张三，电话略", 2),
        (2, None, 9),
    ]
    for day in (date(2026, 3, 1), date(2026, 3, 10), None):
        with pytest.raises(Invalid) as found:
            receive(published(), "不实", None, day, mark("officer", late))
        assert found.value.field == "/received_on"
    with pytest.raises(Invalid):  # not from the future either
        receive(published(), "不实", None, date(2026, 3, 4), mark("officer"))


def test_an_objection_is_decided_once_and_who_gave_a_name_is_answered() -> None:
    with pytest.raises(Invalid) as found:
        decide(objected(), 1, finding(None, upheld=False))
    assert found.value.field == "/reply"
    decided = decide(objected(by=None), 1, finding(None, upheld=False))
    assert (decided.open, decided.upheld) == ((), ())
    with pytest.raises(Refused):
        decide(decided, 1, finding(upheld=True))
    with pytest.raises(Invalid):
        decide(decided, 2, finding(upheld=True))


def test_a_notice_stays_small() -> None:
    notice = published()
    for _ in range(MOST_OBJECTIONS):
        notice = receive(notice, "不实", None, None, mark("officer"))
    with pytest.raises(Refused):
        receive(notice, "不实", None, None, mark("officer"))


def test_a_newer_calendar_moves_a_running_end_and_never_one_that_is_over() -> None:
    early = publish(approve(reviewed(), approval("leader")), put_up(), WEEKENDS)
    assert early.provisional
    holiday = PUBLISHED.model_copy(update={"off": (*PUBLISHED.off, date(2026, 3, 9))})
    moved = recounted(early, holiday, NOON)
    assert (moved.last_day, moved.provisional) == (date(2026, 3, 10), False)
    assert early.ends_at is not None
    assert recounted(early, holiday, early.ends_at) is early
    worked = PUBLISHED.model_copy(update={"worked": (*PUBLISHED.worked, date(2026, 3, 7))})
    assert recounted(early, worked, NOON).last_day == date(2026, 3, 7)
    sunday = datetime(2026, 3, 8, 4, 0, tzinfo=UTC)
    assert recounted(early, worked, sunday) is early  # it would have ended yesterday
