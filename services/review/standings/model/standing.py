"""A brand's standing as one document: level, state, awards, rechecks, rectifications, suspensions, and its history."""

from datetime import date, datetime
from typing import Any, Self

from infra.kernel.errors import NotFound, Refused
from infra.kernel.events import Aggregate, Decision, Fact
from infra.kernel.values import Value
from services.review.events.published.standings import StandingRecorded
from services.review.shared.actor import Actor
from services.review.standings.model.decision_context import DecisionContext, Justification
from services.review.standings.model.lines import Award, Deed, Entry, Recheck, Rectification, Ruling, State, Suspension
from services.review.standings.model.rules import Rules

BEGINNING = ("approved", "plaqued")
"""The states of a brand in which it has a standing."""
TITLES = {"active": "正常", "suspended": "暂停", "rectifying": "整改中", "revoked": "已摘牌"}


class Standing(Aggregate):
    """The standing of one brand, under the brand's id; ``state`` follows from its parts.

    ``reviews``: by which reviews it was approved, one for each time it began. ``sequence``: of registry's newest fact.
    """

    owner: str
    committee: str
    name: str | None
    state: State = "active"
    level: str | None = None
    level_title: str | None = None
    level_title_en: str | None = None
    begun_on: date
    reviews: tuple[str, ...] = ()
    sequence: int = 0
    history: tuple[Entry, ...] = ()
    awards: tuple[Award, ...] = ()
    rechecks: tuple[Recheck, ...] = ()
    rectifications: tuple[Rectification, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    revocation: Justification | None = None
    reapply_from: date | None = None
    due_at: datetime | None = None

    @property
    def rectification(self) -> Rectification | None:
        """The one that is open."""
        return next((one for one in self.rectifications if one.outcome is None), None)

    @property
    def suspension(self) -> Suspension | None:
        """The one that holds."""
        return next((one for one in self.suspensions if one.lifted_at is None), None)

    @property
    def recheck(self) -> Recheck | None:
        """The one that is not decided."""
        return next((one for one in self.rechecks if one.outcome is None), None)

    def recheck_of(self, year: int) -> Recheck:
        """The one of a year; raises ``NotFound``."""
        found = next((one for one in self.rechecks if one.year == year), None)
        if found is None:
            raise NotFound("recheck.unknown", zh=f"没有 {year} 年度复核。", en=f"There is no recheck of {year}.")
        return found

    def noted(
        self,
        deed: Deed,
        context: DecisionContext,
        *,
        about: str | None = None,
        restricted: bool = False,
        **changes: object,
    ) -> Self:
        """The standing with these changes and one more line in its history."""
        after = self.becomes(**changes)
        level = next((one for one in context.rules.levels if one.id == after.level), None)
        titles = {"level_title": level and level.title, "level_title_en": level and level.title_en}
        after = after.becomes(state=_state(after), **titles)
        said: dict[str, Any] = {"deed": deed, "about": about, "restricted": restricted, **context.made}
        now = after.model_dump(include={"level", "state"})
        entry = Entry(n=len(self.history) + 1, rules=context.rules.number, **said, **now)
        return after.becomes(history=(*self.history, entry))

    def require_held(self) -> None:
        """Raise ``Refused`` when the brand's plaque was revoked."""
        if self.state == "revoked":
            raise Refused(
                "standing.revoked",
                zh=f"该品牌已摘牌，{self.reapply_from} 起方可重新申报。",
                en=f"The brand was revoked; it may apply again from {self.reapply_from}.",
            )

    def require_sound(self) -> None:
        """Raise ``Refused`` while the brand is revoked, suspended or being rectified: it cannot rise."""
        self.require_held()
        if self.state != "active":
            raise Refused(
                "standing.not_sound",
                zh=f"该品牌当前为“{TITLES[self.state]}”，解除或办结后方可晋级、表彰或复核通过。",
                en=f"The brand is {self.state}: it cannot rise, be awarded or pass before that is over.",
            )

    def recorded(self) -> StandingRecorded:
        """The whole state as others are told it; nothing in it is restricted, nor that a hint was dismissed."""
        last = next(one for one in reversed(self.history) if one.deed != "dismissed")
        own = {"owner", "name", "state", "level", "begun_on", "reapply_from", "level_title", "level_title_en"}
        return StandingRecorded(
            brand=self.id,
            **self.model_dump(include=own),
            review=self.reviews[-1] if self.reviews else None,
            awards=[one.award for one in self.awards],
            rechecked=max((one.year for one in self.rechecks if one.outcome), default=None),
            rectify_by=self.rectification.deadline if self.rectification else None,
            revoked_on=self.revocation.on if self.revocation else None,
            revoked_by=self.revocation.resolution if self.revocation else None,
            deed=last.deed,
            decision=last.n,
            by=last.by,
            reason=None if last.restricted else last.justification.reason,
        )

    def answer(self) -> dict[str, Any]:
        """State and level, and the number of the rectification that is open."""
        open_one = {"rectification": self.rectification.n} if self.rectification else {}
        return {"state": self.state, "level": self.level, **open_one}


class Approval(Value):
    """What registry told of an approved brand; ``sequence`` says which of two is newer."""

    brand: str
    owner: str
    committee: str
    name: str | None
    review: str
    on: date
    sequence: int


def begin(before: Standing | None, approval: Approval, rules: Rules, actor: Actor) -> Decision[Standing]:
    """Begin the standing; told again, late or in another order it is the same. A revoked one needs a new review."""
    if before is not None and approval.sequence <= before.sequence:
        return before, []
    names = approval.model_dump(include={"owner", "committee", "name"})
    known = before or Standing(id=approval.brand, begun_on=approval.on, **names)
    known = known.becomes(sequence=approval.sequence, **names)
    if before is not None and (before.state != "revoked" or approval.review in before.reviews):
        return recorded(before, known)
    context = DecisionContext(Justification(reason=f"审定 approved: {approval.review}", on=approval.on), actor, rules)
    again = known.becomes(reviews=(*known.reviews, approval.review), revocation=None, reapply_from=None)
    return recorded(before, again.noted("began", context, level=rules.begins_with, begun_on=approval.on))


def recorded(before: Standing | None, after: Standing, *more: Fact) -> Decision[Standing]:
    """The decision: the whole state is told when something in it changed, not for a decision that changed nothing."""
    changed = before is None or _published(before) != _published(after)
    return after, [*more, *([after.recorded()] if changed else [])]


def _published(standing: Standing) -> dict[str, Any]:
    return standing.recorded().model_dump(exclude={"deed", "decision", "by", "reason"})


def _state(standing: Standing) -> State:
    if standing.revocation is not None:
        return "revoked"
    if standing.suspension is not None:
        return "suspended"
    return "rectifying" if standing.rectification is not None else "active"
