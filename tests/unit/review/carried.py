"""What must be so when a panel or a poll has carried something, computed here once more and not by the model."""

from services.review.reviews.model.review import Review
from services.review.reviews.model.steps.poll import Polling
from services.review.reviews.model.steps.scoring import Judging
from tests.unit.review.laws import once


def panels_hold(review: Review) -> None:
    """One sheet, one vote each, by those entitled; what passed had its quorum and reached its mark or majority."""
    for run in review.runs:
        if isinstance(run, Polling):
            once(run.votes, run.voters)
            if run.outcome == "passed":
                assert 2 * len(run.votes) >= len(run.voters)
                assert 2 * sum(vote.choice == "for" for vote in run.votes) > len(run.votes)
        elif isinstance(run, Judging):
            scored = [one.judge for one in run.card.sheets]
            assert len(scored) == len(set(scored))
            assert set(scored) <= set(run.judges)
            if run.outcome == "passed":
                _reached(run)


def _reached(run: Judging) -> None:
    """Sixty points and more by the sheets that count, and nobody vetoed."""
    out = {one.judge for one in run.card.recusals} | {one.judge for one in run.card.asides}
    counted = [one.marks for one in run.card.sheets if one.judge not in out]
    totals = sorted(marks.total for marks in counted)
    kept = totals[1:-1] if len(totals) >= 5 else totals
    assert run.card.revealed
    assert len(totals) >= run.quorum
    assert sum(kept) >= 60 * len(kept)
    assert not any(marks.vetoes for marks in counted)
