"""Laws that hold for any review, however it came to be what it is; each raises ``AssertionError``."""

from collections.abc import Iterable

from infra.kernel.events import Fact
from services.review.events.published.deadlines import StepEscalated
from services.review.events.published.reviews import StepOverdue
from services.review.reviews.model.procedure import Procedure
from services.review.reviews.model.review import Review
from services.review.reviews.model.step_run import Cast
from services.review.reviews.model.step_runs import Noticing, Signing


def once(votes: tuple[Cast, ...], entitled: tuple[str, ...]) -> None:
    """One vote each, by those entitled."""
    voted = [vote.by for vote in votes]
    assert len(voted) == len(set(voted))
    assert set(voted) <= set(entitled)


def carried(visit: Signing, procedure: Procedure) -> None:
    """A step that was signed was signed by as many as it takes."""
    agreed, step = sum(one.choice == "agree" for one in visit.signatures), procedure.step(visit.step)
    if visit.kind == "sign_any":
        assert agreed == len(visit.signatures) == 1
    elif step.majority is None:
        assert agreed == len(visit.active)
    else:
        assert step.majority.met(agreed, visit.figures)


def notices_hold(review: Review) -> None:
    """No notice was approved by who reviewed it; it passes by time alone, and is lost by an objection alone."""
    for visit in review.visits:
        if isinstance(visit, Noticing):
            notice = visit.notice
            if notice.approved is not None:
                assert not notice.approved.people & (notice.reviewers | set(review.drafters))
            if visit.outcome == "passed":
                assert visit.closed_at is not None
                assert notice.ends_at is not None
                assert notice.ends_at <= visit.closed_at
                assert not notice.open
            assert bool(notice.upheld) == (visit.outcome == "not_carried")


def late_once(told: Iterable[Fact]) -> None:
    """A visit is told as overdue once, and then each level of its escalation once."""
    told = list(told)
    late = [(one.step, one.round) for one in told if isinstance(one, StepOverdue)]
    levels = [(one.step, one.round, one.level) for one in told if isinstance(one, StepEscalated)]
    assert len(late) == len(set(late))
    assert len(levels) == len(set(levels))
    assert {one[:2] for one in levels} <= set(late)
