"""A brand's standing as one document: level, state, awards, rechecks, rectifications, suspensions, and its history."""

from datetime import date, datetime
from typing import Any, Self

from infra.kernel.aggregate import Aggregate, Decision
from infra.kernel.errors import Refused
from services.review.events.published.standings import StandingRecorded
from services.review.standings.model.decision_context import DecisionContext
from services.review.standings.model.justification import Justification
from services.review.standings.model.lines import Award, Deed, Entry, Recheck, Rectification, Ruling, State, Suspension

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

    def noted(
        self,
        deed: Deed,
        context: DecisionContext,
        *,
        about: str | None = None,
        restricted: bool = False,
        **changes: Any,  # noqa: ANN401 - field values of any type
    ) -> Self:
        """The standing with these changes and one more line in its history."""
        after = self.becomes(**changes)
        level = next((one for one in context.rules.levels if one.id == after.level), None)
        titles = {"level_title": level and level.title, "level_title_en": level and level.title_en}
        after = after.becomes(state=_state(after), **titles)
        entry = Entry(
            n=len(self.history) + 1,
            deed=deed,
            at=context.at,
            by=context.by,
            justification=context.justification,
            rules=context.rules.number,
            level=after.level,
            state=after.state,
            about=about,
            restricted=restricted,
        )
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
        return StandingRecorded(
            brand=self.id,
            owner=self.owner,
            name=self.name,
            state=self.state,
            level=self.level,
            review=self.reviews[-1] if self.reviews else None,
            begun_on=self.begun_on,
            awards=[one.award for one in self.awards],
            rechecked=max((one.year for one in self.rechecks if one.outcome), default=None),
            rectify_by=self.rectification.deadline if self.rectification else None,
            revoked_on=self.revocation.on if self.revocation else None,
            revoked_by=self.revocation.resolution if self.revocation else None,
            reapply_from=self.reapply_from,
            level_title=self.level_title,
            level_title_en=self.level_title_en,
            deed=last.deed,
            decision=last.n,
            by=last.by,
            reason=None if last.restricted else last.justification.reason,
        )

    def answer(self) -> dict[str, Any]:
        """State and level, and the number of the rectification that is open."""
        return {"state": self.state, "level": self.level} | (
            {"rectification": self.rectification.n} if self.rectification else {}
        )


def recorded(before: Standing | None, after: Standing, *more: Any) -> Decision[Standing]:  # noqa: ANN401 - facts
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
