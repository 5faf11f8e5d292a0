"""The supervision report (评审监督): what somebody who watches over the scoring must see of each entrant."""

from dataclasses import dataclass, replace
from fractions import Fraction

from services.review.shared.scoring.panel import Aside, Change, Justification, Panel, Recusal, Scorecard
from services.review.shared.scoring.result import outliers, pending, totals


@dataclass(frozen=True)
class Supervision:
    """One entrant's report; while it is sealed only who stood back and who has not handed in, never a point."""

    entrant: str
    revealed: bool
    recusals: tuple[Recusal, ...]
    missing: tuple[str, ...]
    below_quorum: bool
    shortfall: str | None = None
    spread: Fraction | None = None
    spread_flagged: bool = False
    outliers: tuple[str, ...] = ()
    unexplained: tuple[str, ...] = ()
    explained: tuple[Justification, ...] = ()
    late_changes: tuple[Change, ...] = ()
    set_aside: tuple[Aside, ...] = ()
    divided_gates: tuple[str, ...] = ()


def supervise(card: Scorecard, panel: Panel) -> Supervision:
    """The report of one card as it is now."""
    rubric, seated = panel.rubric, card.seated(panel)
    sealed = Supervision(
        entrant=card.entrant,
        revealed=card.revealed,
        recusals=card.recusals,
        missing=card.missing(panel),
        below_quorum=len(seated) < panel.quorum,
    )
    if not card.revealed:
        return sealed
    sheets, found, most = card.counted(panel), totals(card, panel).values(), rubric.greatest_spread
    spread = max(found) - min(found) if found else None
    answers = {gate.key: {sheet.marks.gates[gate.key] for sheet in sheets} for gate in rubric.gates}
    return replace(
        sealed,
        below_quorum=len(sheets) < panel.quorum,
        shortfall=card.shortfall,
        spread=spread,
        spread_flagged=spread is not None and most is not None and spread > Fraction(most),
        outliers=outliers(card, panel),
        unexplained=pending(card, panel),
        explained=card.justifications,
        late_changes=card.changes,
        set_aside=card.asides,
        divided_gates=tuple(key for key, said in answers.items() if len(said) > 1),
    )
