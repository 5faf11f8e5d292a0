"""Rectification (整改): items with a deadline, proof by the branch, closed by a person; one at a time."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from infra.kernel.aggregate import Decision
from infra.kernel.dates import end_of
from infra.kernel.errors import Invalid, NotFound, Refused
from services.review.events.published.standings import RectificationClosed, RectificationOrdered, RectificationOverdue
from services.review.shared.actor import Actor
from services.review.standings.model.decision_context import DecisionContext
from services.review.standings.model.lines import Proof, Rectification
from services.review.standings.model.standing import Standing, recorded


@dataclass(frozen=True)
class Wanted:
    """What is to be put right, and until the end of which day."""

    items: tuple[str, ...]
    deadline: date
    year: int | None = None


@dataclass(frozen=True)
class Shown:
    """What the branch shows for one item, counted from 1."""

    item: int
    text: str
    link: str | None = None


def order(standing: Standing, wanted: Wanted, context: DecisionContext) -> Decision[Standing]:
    """Order a rectification; raises ``Invalid`` for items or a deadline that cannot be, ``Refused`` for a second."""
    context.require_day(standing.begun_on)
    context.require_decider("rectify")
    after, fact = ordered(standing, wanted, context)
    after = after.noted("rectification_ordered", context, about=str(fact.rectification))
    return recorded(standing, after, fact)


def ordered(standing: Standing, wanted: Wanted, context: DecisionContext) -> tuple[Standing, RectificationOrdered]:
    """The standing with one more rectification, its history not written yet; raises as ``order`` does."""
    standing.require_held()
    if standing.rectification is not None:
        raise Refused(
            "rectification.open",
            zh=f"第 {standing.rectification.n} 次整改尚未办结，不能再下达。",
            en=f"Rectification {standing.rectification.n} is not closed yet; there is one at a time.",
        )
    if not wanted.items or len(set(wanted.items)) < len(wanted.items):
        raise Invalid("rectification.items", zh="须列明整改事项且不重复。", en="Each item once.", field="/items")
    latest = context.on + timedelta(days=context.rules.rectification_days)
    if not context.on < wanted.deadline <= latest:
        raise Invalid(
            "rectification.deadline",
            zh=f"整改期限须晚于 {context.on}，且不超过 {context.rules.rectification_days} 天（{latest}）。",
            en=f"The deadline lies after {context.on} and within {context.rules.rectification_days} days, by {latest}.",
            field="/deadline",
        )
    fresh = Rectification(
        n=len(standing.rectifications) + 1,
        items=wanted.items,
        deadline=wanted.deadline,
        justification=context.justification,
        ordered_by=context.by,
        ordered_at=context.at,
        year=wanted.year,
    )
    fact = RectificationOrdered(
        brand=standing.id,
        owner=standing.owner,
        name=standing.name,
        rectification=fresh.n,
        items=list(fresh.items),
        deadline=fresh.deadline,
        reason=context.justification.reason,
        ordered_by=context.by,
    )
    return standing.becomes(rectifications=(*standing.rectifications, fresh), due_at=end_of(fresh.deadline)), fact


def prove(standing: Standing, n: int, shown: Shown, actor: Actor) -> Decision[Standing]:
    """Show something for an item; late proof is taken too: a person decides. Raises ``Refused``, ``Invalid``."""
    found = _open(standing, n)
    if not 1 <= shown.item <= len(found.items):
        most = len(found.items)
        raise Invalid("rectification.item", zh=f"整改事项为 1–{most}。", en=f"Items are 1 to {most}.", field="/item")
    proof = Proof(n=len(found.proofs) + 1, item=shown.item, text=shown.text, link=shown.link, by=actor.by, at=actor.at)
    return _with(standing, found.becomes(proofs=(*found.proofs, proof))), []


def close(standing: Standing, n: int, context: DecisionContext, *, met: bool) -> Decision[Standing]:
    """Close it, met or not (销号); what follows from one that was not met, people decide. Raises ``Refused``."""
    found = _open(standing, n)
    context.require_day(found.justification.on)
    missing = unproved(found)
    if met and missing:
        items = ", ".join(map(str, missing))
        raise Refused(
            "rectification.unproved",
            zh=f"以下事项尚无佐证，不能销号：{items}。",
            en=f"Nothing was shown yet for item(s) {items}.",
            field="/met",
        )
    after, fact = closed(standing, found, "met" if met else "not_met", context)
    after = after.noted("rectification_closed", context, about=str(n))
    return recorded(standing, after, fact)


def closed(
    standing: Standing, found: Rectification, outcome: str, context: DecisionContext
) -> tuple[Standing, RectificationClosed]:
    """The standing with a rectification that is over, its history not written yet."""
    over = found.becomes(outcome=outcome, closing=context.justification, closed_by=context.by, closed_at=context.at)
    fact = RectificationClosed.model_validate(
        {
            "brand": standing.id,
            "owner": standing.owner,
            "name": standing.name,
            "rectification": found.n,
            "outcome": outcome,
            "reason": context.justification.reason,
            "closed_by": context.by,
        }
    )
    return _with(standing, over).becomes(due_at=None), fact


def overdue(standing: Standing, now: datetime) -> Decision[Standing]:
    """The deadline of the open rectification may have passed: told once, and nothing else follows by itself."""
    found = standing.rectification
    if found is None or standing.due_at is None or standing.due_at > now:
        raise Refused("deadline.moved", zh="期限未到或已变更。", en="The deadline is not now.")
    fact = RectificationOverdue(
        brand=standing.id,
        owner=standing.owner,
        name=standing.name,
        rectification=found.n,
        deadline=found.deadline,
        unproved=len(unproved(found)),
    )
    return _with(standing, found.becomes(overdue=True)).becomes(due_at=None), [fact]


def unproved(found: Rectification) -> list[int]:
    """The items for which nothing was shown yet."""
    shown = {one.item for one in found.proofs}
    return [item for item in range(1, len(found.items) + 1) if item not in shown]


def _open(standing: Standing, n: int) -> Rectification:
    found = next((one for one in standing.rectifications if one.n == n), None)
    if found is None:
        raise NotFound("rectification.unknown", zh=f"没有第 {n} 次整改。", en=f"There is no rectification {n}.")
    if found.outcome is not None:
        raise Refused("rectification.closed", zh="该次整改已办结。", en="This rectification is closed.")
    return found


def _with(standing: Standing, changed: Rectification) -> Standing:
    return standing.becomes(
        rectifications=tuple(changed if one.n == changed.n else one for one in standing.rectifications)
    )
