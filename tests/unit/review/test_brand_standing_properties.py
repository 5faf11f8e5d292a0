"""What holds after any order of decisions by people, facts of registry and passing days.

* the state follows from what is open: never two rectifications, two suspensions or two undecided rechecks;
* a level is one of the rules' or none; a revoked brand has no level, nothing open, and a day to apply again;
* the history only grows, each line as it was, and its last line names the state and the level;
* others are told whenever what they are told changes, and nothing restricted is in it;
* stored it reads back as it was.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from infra.kernel.errors import Problem
from infra.kernel.events import Decision
from services.review.standings.model.commands import Awarded, Closed, Ordered, Proved
from services.review.standings.model.decision_context import DecisionContext
from services.review.standings.model.evidence import Suspected
from services.review.standings.model.grading import award, grade, grant
from services.review.standings.model.lines import Entry
from services.review.standings.model.rechecking import decide_recheck, open_recheck
from services.review.standings.model.sanctions import close, dismiss, lift, order, overdue, prove, revoke, suspend
from services.review.standings.model.standing import Standing, begin
from tests.unit.review import standing_scene as scene
from tests.unit.review.standing_scene import (
    BEGUN,
    actor,
    approval,
    begun,
    context,
    ending,
    evidence,
    moment,
    rules,
    said,
)

RULES = [
    rules(),
    rules(begins_with="established", levels_per_decision=2, by_resolution=[], reapply_months=0),
]
LEVELS = st.sampled_from(["cultivating", "established", "excellent", "exemplary", "golden"])
GROUNDS: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [{"resolution": "1号"}, {"reason": "研究"}, {"campaign": "c1"}, {"direct": "innovation", "resolution": "2号"}]
)
SECRET = "机密线索"


def hint(number: int) -> Suspected:
    """A restricted hint."""
    return Suspected(
        id=f"h{number}",
        title=SECRET,
        title_en="secret",
        reason=SECRET,
        department_title="纪检",
        restricted=True,
        raised_at=moment(BEGUN),
    )


def how_it_stands(standing: Standing) -> dict[str, Any]:
    """What others are told of a standing, but for the decision that it was told after: one alone is no news."""
    return standing.recorded().model_dump(exclude={"deed", "decision", "by", "reason"})


class Decisions(RuleBasedStateMachine):
    """One brand; everything that may be decided about it is tried in any order."""

    standing: Standing

    @initialize(n=st.sampled_from(range(len(RULES))))
    def start(self, n: int) -> None:
        self.under, self.today = RULES[n], BEGUN
        self.standing = begun(self.under)
        self.kept: tuple[Entry, ...] = ()

    def made(self, move: Callable[[], Decision[Standing]]) -> None:
        """Make a move if it is allowed; a refused one leaves everything as it was."""
        before = self.standing
        try:
            after, facts = move()
        except Problem:
            return
        published = [fact for fact in facts if fact.type == "review.standing.recorded.v1"]
        assert bool(published) == (how_it_stands(before) != how_it_stands(after))
        assert SECRET not in str(facts)
        self.standing = after

    def by(self, justification: dict[str, Any], back: int = 0) -> DecisionContext:
        """A decision of today, or dated back."""
        return context(self.today - timedelta(days=back), today=self.today, wanted=self.under, **justification)

    @rule(days=st.integers(1, 200))
    def pass_days(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule(level=LEVELS, justification=GROUNDS, back=st.integers(0, 20))
    def grades(self, level: str, justification: dict[str, Any], back: int) -> None:
        self.made(lambda: grade(self.standing, scene.level(level), self.by(justification, back)))

    @rule(level=st.none() | LEVELS, kind=st.sampled_from([None, "commendation", "nobel"]), justification=GROUNDS)
    def grants(self, level: str | None, kind: str | None, justification: dict[str, Any]) -> None:
        self.made(lambda: grant(self.standing, level, kind, self.by(justification)))
        again = self.by({"campaign": "c9"})
        self.made(lambda: grant(self.standing, level, kind, again))
        seen = self.standing
        self.made(lambda: grant(self.standing, level, kind, again))
        assert self.standing == seen

    @rule(justification=GROUNDS)
    def awards(self, justification: dict[str, Any]) -> None:
        self.made(lambda: award(self.standing, said(Awarded, award="innovation"), self.by(justification)))

    @rule(justification=GROUNDS, number=st.none() | st.integers(1, 3))
    def suspends(self, justification: dict[str, Any], number: int | None) -> None:
        given = None if number is None else hint(number)
        self.made(lambda: suspend(self.standing, given, self.by(justification)))

    @rule(justification=GROUNDS)
    def lifts(self, justification: dict[str, Any]) -> None:
        self.made(lambda: lift(self.standing, self.by(justification)))

    @rule(justification=GROUNDS, number=st.integers(1, 3))
    def dismisses(self, justification: dict[str, Any], number: int) -> None:
        self.made(lambda: dismiss(self.standing, hint(number), self.by(justification)))

    @rule(
        justification=GROUNDS,
        days=st.integers(0, 100),
        items=st.lists(st.sampled_from("一二三"), min_size=1, max_size=3),
    )
    def orders(self, justification: dict[str, Any], days: int, items: list[str]) -> None:
        command = said(Ordered, items=tuple(items), deadline=self.today + timedelta(days=days))
        self.made(lambda: order(self.standing, command, self.by(justification)))

    @rule(n=st.integers(0, 3), item=st.integers(1, 4))
    def proves(self, n: int, item: int) -> None:
        self.made(lambda: prove(self.standing, n, Proved(item=item, text="已改"), actor(self.today)))

    @rule(n=st.integers(0, 3), justification=GROUNDS, met=st.booleans())
    def closes(self, n: int, justification: dict[str, Any], met: bool) -> None:
        self.made(lambda: close(self.standing, n, said(Closed, met=met), self.by(justification)))

    @rule()
    def deadline_comes(self) -> None:
        self.made(lambda: overdue(self.standing, moment(self.today)))

    @rule(back=st.integers(0, 2))
    def opens_recheck(self, back: int) -> None:
        found = evidence(self.today.year - back, self.today)
        self.made(lambda: open_recheck(self.standing, found, actor(self.today), self.under))

    @rule(
        outcome=st.sampled_from(["pass", "rectify", "upgrade", "downgrade", "revoke"]),
        level=st.none() | LEVELS,
        justification=GROUNDS,
    )
    def decides_recheck(self, outcome: Any, level: str | None, justification: dict[str, Any]) -> None:  # noqa: ANN401 - drawn
        year = self.standing.recheck.year if self.standing.recheck else self.today.year
        command = ending(outcome, level=level, items=("一",), deadline=self.today + timedelta(days=30))
        self.made(lambda: decide_recheck(self.standing, year, command, self.by(justification)))

    @rule(justification=GROUNDS)
    def revokes(self, justification: dict[str, Any]) -> None:
        self.made(lambda: revoke(self.standing, self.by(justification)))

    @rule(sequence=st.integers(1, 40), review=st.sampled_from(["b.r1", "b.r2", "b.r3"]))
    def registry_tells(self, sequence: int, review: str) -> None:
        before, published = self.standing, approval(sequence, review, self.today)
        self.made(lambda: begin(self.standing, published, self.under, actor(self.today)))
        if sequence <= before.sequence or review in before.reviews:
            assert (self.standing.state, self.standing.level) == (before.state, before.level)
        seen = self.standing
        self.made(lambda: begin(self.standing, published, self.under, actor(self.today)))
        assert self.standing == seen

    @invariant()
    def holds(self) -> None:
        now = self.standing
        assert sum(one.outcome is None for one in now.rectifications) <= 1
        assert sum(one.lifted_at is None for one in now.suspensions) <= 1
        assert sum(one.outcome is None for one in now.rechecks) <= 1
        assert now.level is None or now.level in {one.id for one in self.under.levels}
        assert (now.state == "revoked") == (now.reapply_from is not None)
        if now.state == "revoked":
            assert (now.level, now.rectification, now.suspension, now.recheck, now.due_at) == (None,) * 5
        assert (now.state == "suspended") == (now.suspension is not None)
        assert now.due_at is None or now.rectification is not None
        assert len({one.year for one in now.rechecks}) == len(now.rechecks)
        assert len({one.hint for one in now.rulings}) == len(now.rulings)

    @invariant()
    def remembers(self) -> None:
        now = self.standing
        assert now.history[: len(self.kept)] == self.kept
        self.kept = now.history
        last = now.history[-1]
        assert (last.level, last.state, last.n) == (now.level, now.state, len(now.history))
        assert Standing.model_validate(now.model_dump(mode="json")) == now


Decisions.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestDecisions = Decisions.TestCase
