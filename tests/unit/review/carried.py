"""What must be so when a body has carried something, computed here once more and not by the model."""

from services.review.model.panels import Judging
from services.review.model.procedure import Procedure
from services.review.model.visit import Cast
from services.review.model.visits import Signing


def once(votes: tuple[Cast, ...], entitled: tuple[str, ...]) -> None:
    """Each voted once, and nobody who may not."""
    voted = [vote.by for vote in votes]
    assert len(voted) == len(set(voted))
    assert set(voted) <= set(entitled)


def reached(visit: Judging) -> None:
    """Sixty points and more by the sheets that count, and nobody vetoed."""
    out = {one.judge for one in visit.card.recusals} | {one.judge for one in visit.card.asides}
    counted = [one.marks for one in visit.card.sheets if one.judge not in out]
    totals = sorted(marks.total for marks in counted)
    kept = totals[1:-1] if len(totals) >= 5 else totals
    assert visit.card.revealed
    assert len(totals) >= visit.quorum
    assert sum(kept) >= 60 * len(kept)
    assert not any(marks.vetoes for marks in counted)


def carried(visit: Signing, procedure: Procedure) -> None:
    """Its share of the signers agreed."""
    agreed, step = sum(one.choice == "agree" for one in visit.signatures), procedure.step(visit.step)
    if visit.kind == "sign_any":
        assert agreed == len(visit.signatures) == 1
    elif step.majority is None:
        assert agreed == len(visit.active)
    else:
        assert step.majority.met(agreed, visit.figures)
