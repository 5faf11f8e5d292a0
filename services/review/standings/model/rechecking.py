"""The yearly recheck (复核), of one brand or in a round of many: opened with its evidence, decided by people only."""

from datetime import date, datetime
from itertools import count
from typing import Any, Literal

from infra.kernel.dates import day_of
from infra.kernel.errors import Invalid, Refused
from infra.kernel.events import Aggregate, Decision, Fact
from infra.kernel.values import Value
from services.review.events.value_objects import Stored
from services.review.shared.actor import Actor
from services.review.standings.model.commands import Concluded, RoundStarted
from services.review.standings.model.decision_context import DecisionContext, Justification
from services.review.standings.model.evidence import Evidence
from services.review.standings.model.grading import moved
from services.review.standings.model.lines import Recheck
from services.review.standings.model.rules import Rules
from services.review.standings.model.sanctions import ordered, revoked
from services.review.standings.model.standing import Standing, recorded

MOST_NOTED = 200
"""Of the brands that a round skipped; it counts them all."""


class Upcoming(Value):
    """The year whose recheck is next, from which day to which, and whether it is open already."""

    year: int
    first: date
    last: date
    open: bool


def open_recheck(standing: Standing, evidence: Evidence, actor: Actor, rules: Rules) -> Decision[Standing]:
    """Open the recheck of the evidence's year; raises ``Refused`` when there is one, or it is too early."""
    standing.require_held()
    year = evidence.year
    first, _ = rules.recheck_of(year)
    if year < standing.begun_on.year:
        raise Invalid(
            "recheck.before_beginning",
            zh=f"该品牌 {standing.begun_on} 起才有级别管理，没有 {year} 年度可复核。",
            en=f"The standing began on {standing.begun_on}: there is nothing of {year} to recheck.",
            field="/year",
        )
    if any(one.year == year for one in standing.rechecks):
        raise Refused("recheck.already", zh=f"{year} 年度复核已开展。", en=f"{year} is rechecked.", field="/year")
    if actor.today < first:
        raise Refused(
            "recheck.too_early",
            zh=f"{year} 年度复核自 {first} 起开展。",
            en=f"The recheck of {year} begins on {first}.",
            field="/year",
        )
    if standing.recheck is not None:
        raise Refused(
            "recheck.open",
            zh=f"{standing.recheck.year} 年度复核尚未作出结论。",
            en=f"The recheck of {standing.recheck.year} is not decided yet.",
            field="/year",
        )
    fresh = Recheck(year=year, rules=rules.number, evidence=evidence, opened_by=actor.by, opened_at=actor.at)
    justification = Justification(reason=f"{year} 年度复核 recheck", on=actor.today)
    context, rechecks = DecisionContext(justification, actor, rules), (*standing.rechecks, fresh)
    return recorded(standing, standing.noted("recheck_opened", context, about=str(year), rechecks=rechecks))


def decide_recheck(standing: Standing, year: int, command: Concluded, context: DecisionContext) -> Decision[Standing]:
    """End a recheck, by the rules that it was opened under; raises ``Refused``, ``Invalid`` for what they forbid."""
    found = standing.recheck_of(year)
    if found.outcome is not None:
        raise Refused("recheck.decided", zh=f"{year} 年度复核已有结论。", en=f"The recheck of {year} is decided.")
    context.require_day(day_of(found.opened_at))
    if command.outcome not in context.rules.outcomes:
        raise Invalid(
            "recheck.outcome",
            zh=f"按管理办法，复核结论应为：{'、'.join(context.rules.outcomes)}。",
            en=f"By the rules a recheck ends with one of: {', '.join(context.rules.outcomes)}.",
            field="/outcome",
        )
    context.require_decider(command.outcome)
    decided = found.becomes(outcome=command.outcome, **context.signed("decided"))
    rechecks = tuple(decided if one.year == year else one for one in standing.rechecks)
    after, facts = _followed(standing.becomes(rechecks=rechecks), year, command, context)
    return recorded(standing, after.noted("rechecked", context, about=str(year)), *facts)


def next_recheck(standing: Standing, rules: Rules) -> Upcoming | None:
    """Which recheck is next; None for a revoked brand."""
    if standing.state == "revoked":
        return None
    done = {one.year for one in standing.rechecks if one.outcome}
    year = next(year for year in count(standing.begun_on.year) if year not in done)
    first, last = rules.recheck_of(year)
    is_open = standing.recheck is not None and standing.recheck.year == year
    return Upcoming(year=year, first=first, last=last, open=is_open)


def _followed(
    standing: Standing, year: int, command: Concluded, context: DecisionContext
) -> tuple[Standing, list[Fact]]:
    match command.outcome:
        case "pass":
            standing.require_sound()
            return standing, []
        case "rectify":
            if command.items is None or command.deadline is None:
                raise Invalid(
                    "rectification.items", zh="须列明整改事项和期限。", en="Say what and by when.", field="/items"
                )
            after, fact = ordered(standing, command.items, command.deadline, context, year)
            return after, [fact]
        case "revoke":
            return revoked(standing, context)
        case "upgrade" | "downgrade":
            up = command.outcome == "upgrade"
            level = command.level or _neighbour(standing, context.rules, up=up)
            _same_way(standing, level, context.rules, up=up)
            return moved(standing, level, context), []


def _neighbour(standing: Standing, rules: Rules, *, up: bool) -> str:
    place = rules.place(standing.level)
    wanted = None if place is None else place + (1 if up else -1)
    if wanted is None or not 0 <= wanted < len(rules.levels):
        raise Refused(
            "standing.no_level_there",
            zh="已无更高级别。" if up else "已无更低级别，不再达标的应予摘牌。",
            en="There is no higher level." if up else "There is no lower level; what does not hold it is revoked.",
            field="/outcome",
        )
    return rules.levels[wanted].id


def _same_way(standing: Standing, level: str, rules: Rules, *, up: bool) -> None:
    before, after = rules.place(standing.level), rules.require("level", level)
    if before is not None and after != before and (after > before) != up:
        raise Invalid(
            "recheck.level",
            zh="级别与复核结论（晋级、降级）不符。",
            en="The level does not fit the outcome, up or down.",
            field="/level",
        )


class Skipped(Stored):
    """A brand whose recheck was not opened, and why."""

    brand: str
    code: str
    zh: str
    en: str


class Round(Aggregate):
    """How far a round has come; ``after`` is the brand it did last, ``run`` counts how often it was started."""

    year: int
    committee: str
    state: Literal["running", "done"]
    run: int
    started_by: str
    started_at: datetime
    total: int
    opened: int = 0
    skipped: int = 0
    notes: tuple[Skipped, ...] = ()
    after: str = ""

    def answer(self) -> dict[str, Any]:
        """How far it is."""
        return {"state": self.state, "total": self.total, "opened": self.opened, "skipped": self.skipped}


def round_of(command: RoundStarted) -> str:
    """The id of a round: one for each year and committee."""
    return f"{command.year}@{command.committee}"


def start_round(before: Round | None, command: RoundStarted, total: int, actor: Actor) -> Decision[Round]:
    """Begin a round, or one that is done once more, for brands that came later; raises ``Refused`` while it runs."""
    if before is not None and before.state == "running":
        raise Refused("round.running", zh="该年度复核正在批量开展。", en="This round is running already.")
    run, begun = before.run + 1 if before else 1, {"started_by": actor.by, "started_at": actor.at}
    fresh = Round(id=round_of(command), state="running", run=run, total=total, **dict(command) | begun)
    return fresh if before is None else before.becomes(**fresh.model_dump(exclude={"id", "version"})), []


def advance(before: Round, after: str, opened: int, skipped: tuple[Skipped, ...], *, last: bool) -> Decision[Round]:
    """The round came as far as this brand; ``last``: there are no more."""
    figures = {"opened": before.opened + opened, "skipped": before.skipped + len(skipped)}
    state, notes = "done" if last else "running", (*before.notes, *skipped)[:MOST_NOTED]
    return before.becomes(state=state, after=after, notes=notes, **figures), []
