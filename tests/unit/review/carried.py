"""What must be so when a panel or a poll has carried something, computed here once more and not by the model."""

from services.review.reviews.model.panels import Judging, Polling
from services.review.reviews.model.review import Review
from tests.unit.review.laws import once


def panels_hold(review: Review) -> None:
    """One sheet, one vote each, by those entitled; what passed had its quorum and reached its mark or majority."""
    for visit in review.visits:
        if isinstance(visit, Polling):
            once(visit.votes, visit.voters)
            if visit.outcome == "passed":
                assert 2 * len(visit.votes) >= len(visit.voters)
                assert 2 * sum(vote.choice == "for" for vote in visit.votes) > len(visit.votes)
        elif isinstance(visit, Judging):
            scored = [one.judge for one in visit.card.sheets]
            assert len(scored) == len(set(scored))
            assert set(scored) <= set(visit.judges)
            if visit.outcome == "passed":
                _reached(visit)


def _reached(visit: Judging) -> None:
    """Sixty points and more by the sheets that count, and nobody vetoed."""
    out = {one.judge for one in visit.card.recusals} | {one.judge for one in visit.card.asides}
    counted = [one.marks for one in visit.card.sheets if one.judge not in out]
    totals = sorted(marks.total for marks in counted)
    kept = totals[1:-1] if len(totals) >= 5 else totals
    assert visit.card.revealed
    assert len(totals) >= visit.quorum
    assert sum(kept) >= 60 * len(kept)
    assert not any(marks.vetoes for marks in counted)
