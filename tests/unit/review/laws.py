"""Laws that hold for any review, however it came to be what it is; each raises ``AssertionError``."""

from collections.abc import Iterable

from infra.kernel.events import Fact
from services.review.events.published.reviews import StepEscalated, StepOverdue
from services.review.reviews.model.context import Cast
from services.review.reviews.model.procedure.procedure import Procedure
from services.review.reviews.model.review import Review
from services.review.reviews.model.steps.public_notice import Noticing
from services.review.reviews.model.steps.signing import Signing


def once(votes: tuple[Cast, ...], entitled: tuple[str, ...]) -> None:
    """One vote each, by those entitled."""
    voted = [vote.by for vote in votes]
    assert len(voted) == len(set(voted))
    assert set(voted) <= set(entitled)


def carried(run: Signing, procedure: Procedure) -> None:
    """A step that was signed was signed by as many as it takes."""
    agreed, step = sum(one.choice == "agree" for one in run.signatures), procedure.step(run.step)
    if run.kind == "sign_any":
        assert agreed == len(run.signatures) == 1
    elif step.majority is None:
        assert agreed == len(run.active)
    else:
        assert step.majority.met(agreed, run.figures)


def notices_hold(review: Review) -> None:
    """No notice was approved by who reviewed it; it passes by time alone, and is lost by an objection alone."""
    for run in review.runs:
        if isinstance(run, Noticing):
            notice = run.notice
            if notice.approved is not None:
                assert not notice.approved.people & (notice.reviewers | set(review.drafters))
            if run.outcome == "passed":
                assert run.closed_at is not None
                assert notice.ends_at is not None
                assert notice.ends_at <= run.closed_at
                assert not notice.open
            assert bool(notice.upheld) == (run.outcome == "not_carried")


def late_once(facts: Iterable[Fact]) -> None:
    """A run is told as overdue once, and then each level of its escalation once."""
    facts = list(facts)
    late = [(one.step, one.round) for one in facts if isinstance(one, StepOverdue)]
    levels = [(one.step, one.round, one.level) for one in facts if isinstance(one, StepEscalated)]
    assert len(late) == len(set(late))
    assert len(levels) == len(set(levels))
    assert {one[:2] for one in levels} <= set(late)
