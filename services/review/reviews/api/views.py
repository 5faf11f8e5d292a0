"""Reviews as readers see them; what tells who is a full member is named only to those who may know it.

Who may vote, and who has to, tells a person's political status: others get how many there are, and their own part.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel

from services.review.events.value_objects import Document, Resolution, Task
from services.review.reviews.model.explain.page import Explanation
from services.review.reviews.model.procedure.procedure import Procedure
from services.review.reviews.model.review import Copied, Entry, Review
from services.review.reviews.model.steps import BY_NAME, COMMANDS, AnyView, owner_of
from services.review.reviews.model.steps.kind import Viewer
from services.review.reviews.model.steps.public_notice import MASKED
from services.review.shared.role_holders import RoleHolders


class Summary(BaseModel):
    """A review in a list; it names nobody, since who may vote tells who is a full member."""

    id: str
    version: int
    brand: str
    owner: str
    name: str | None
    state: str
    step: str | None
    step_title: str | None
    step_title_en: str | None
    round: int | None
    since: datetime | None
    due: datetime | None
    due_provisional: bool
    waiting: int

    @classmethod
    def of(cls, review: Review) -> Self:
        """What a list shows."""
        return cls(**_summary(review))


class Full(Summary):
    """A review with everything that was said and voted, and whom it waits for since when, as one reader sees it."""

    committee: str
    drafter: str
    submission: int
    document: Document
    revision: int
    procedure: Procedure
    runs: tuple[AnyView, ...]
    copies: tuple[Copied, ...]
    waiting_for: list[Task]
    resolution: Resolution | None
    reason: str | None

    @classmethod
    def shown_to(cls, review: Review, viewer: Viewer) -> Self:
        """The whole of it but the history."""
        shown = {"runs": tuple(_runs(review, viewer)), "waiting_for": _waiting_for(review, viewer)}
        return cls(**{**_summary(review), **shown, "drafter": review.drafter})


class Story(BaseModel):
    """Every command that was ever made, and the role holders each was made with, by digest.

    Who may not see the roster gets the commands without the votes of others, and how many people each body had.
    """

    review: str
    procedure: str
    procedure_version: int
    history: tuple[Entry, ...]
    holders: dict[str, RoleHolders]
    counts: dict[str, dict[str, int]]

    @classmethod
    def shown_to(cls, review: Review, viewer: Viewer) -> Self:
        """The history as one reader sees it."""
        shown = tuple(entry for entry in review.history if _may_see_entry(viewer, review, entry))
        return cls(
            review=review.id,
            procedure=review.procedure.id,
            procedure_version=review.procedure.number,
            history=shown if viewer.objectors else tuple(map(_unnamed, shown)),
            holders={key: _own_area(holders, viewer) for key, holders in review.holders.items()}
            if viewer.names
            else {},
            counts={key: holders.sizes for key, holders in review.holders.items()},
        )


def explained(page: Explanation, viewer: Viewer) -> Explanation:
    """The explanation as one reader sees it: the figures always, who may vote only as far as they may know it."""
    now = page.now
    if now is not None:
        waits = tuple(one for one in now.waits_for if BY_NAME[now.kind].shows_waiting(viewer, one.person))
        others = tuple(one if viewer.names else one.model_copy(update={"people": ()}) for one in now.instead)
        now = now.model_copy(update={"waits_for": waits, "instead": others})
    past = []
    for passage in page.past:
        shown = tuple(deed for deed in passage.decisions if may_see_deed(viewer, deed.command, deed.by))
        past.append(passage.model_copy(update={"decisions": shown}))
    return page.model_copy(update={"now": now, "past": tuple(past)})


def _summary(review: Review) -> dict[str, Any]:
    live, step = review.live, review.step
    return {
        **dict(review),
        "name": review.name,
        "step": live.step if live else None,
        "step_title": step.title if step else None,
        "step_title_en": step.title_en if step else None,
        "round": live.round if live else None,
        "since": live.opened_at if live else None,
        "due": live.due_at if live else None,
        "due_provisional": bool(live and live.provisional),
        "waiting": sum(task.state == "open" for task in review.tasks),
    }


def _runs(review: Review, viewer: Viewer) -> Iterable[AnyView]:
    for run in review.runs:
        step = review.procedure.step(run.step)
        yield step.rules.shown_to(viewer, step, run)


def may_see_deed(viewer: Viewer, command: str, by: str) -> bool:
    """Whether it is shown that this person gave such a command: never of a poll, other votes as far as names."""
    shown = COMMANDS[command].shown
    return shown == "all" or (shown == "names" and viewer.may_see(by))


def _may_see_entry(viewer: Viewer, review: Review, entry: Entry) -> bool:
    """Whether a command is shown with all it says: what is sealed, of others only once it was opened."""
    open_to_all = not entry.command.sealed or entry.by == viewer.person or _opened(review, entry)
    return open_to_all and may_see_deed(viewer, entry.command.kind, entry.by)


def _opened(review: Review, entry: Entry) -> bool:
    """Whether what was sealed in the run to which this entry belongs was opened."""
    kind = owner_of(entry.command.kind)
    during = [run for run in review.runs if kind is not None and run.kind in kind.labels and run.opened_at <= entry.at]
    return bool(kind and during and kind.opened(during[-1]))


def _unnamed(entry: Entry) -> Entry:
    """A command of the history without who objected."""
    hidden = entry.command.for_officers
    return entry.becomes(command=entry.command.model_copy(update={hidden: MASKED})) if hidden else entry


def _own_area(holders: RoleHolders, viewer: Viewer) -> RoleHolders:
    """The role holders without the members of a wider area for those who are not to see them."""
    return holders if viewer.area else holders.model_copy(update={"scoped": ()})


def _waiting_for(review: Review, viewer: Viewer) -> list[Task]:
    """The open to-dos; while a body votes they name those who may vote."""
    step = review.step
    waiting = [task for task in review.tasks if task.state == "open"]
    return [task for task in waiting if step is not None and step.rules.shows_waiting(viewer, task.person)]
