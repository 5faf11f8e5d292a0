"""Reviews as readers see them; what tells who is a full member is named only to those who may know it.

Who may vote, and who has to, tells a person's political status: others get how many there are, and their own part.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self, TypeAlias

from pydantic import BaseModel, Field

from services.review.events.value_objects import Document, Resolution, Task
from services.review.reviews.api.objectors import unnamed, unnamed_entry
from services.review.reviews.api.panels import Polled, Scored
from services.review.reviews.model.page import Explanation
from services.review.reviews.model.panels import Judging, Polling
from services.review.reviews.model.procedure import Procedure
from services.review.reviews.model.review import Copied, Entry, Review
from services.review.reviews.model.step_run import Tally
from services.review.reviews.model.step_runs import (
    Checking,
    CoRevising,
    Discussing,
    Drafting,
    Noticing,
    Resolving,
    Signing,
)
from services.review.shared.role_holders import RoleHolders


@dataclass(frozen=True)
class Viewer:
    """Who reads, and whether they may see who is on the roster, that of the whole area, and who raised objections."""

    person: str
    names: bool
    area: bool = False
    objectors: bool = False

    def may_see(self, person: str) -> bool:
        """Whether this person's part in a vote is shown to the reader."""
        return self.names or person == self.person

    def may_see_voter(self, kind: str, person: str) -> bool:
        """Whether it is shown that this person is waited for in a step of this kind."""
        if kind == "poll":
            return self.area or person == self.person
        return kind != "discussion" or self.may_see(person)

    def may_see_deed(self, move: str, by: str) -> bool:
        """Whether it is shown that this person made such a move: never of a poll, other votes as far as names."""
        return move != "poll_vote" and (move != "vote" or self.may_see(by))

    def may_see_move(self, review: Review, entry: Entry) -> bool:
        """Whether a move is shown with all it says: sheets of others only once they were revealed."""
        sheet = entry.move.kind == "score"
        open_to_all = not sheet or entry.by == self.person or _revealed(review, entry)
        return open_to_all and self.may_see_deed(entry.move.kind, entry.by)


class Discussion(Discussing):
    """A discussion as one reader sees it: the figures always, the roster and the votes as far as they may be seen."""

    counts: dict[str, int]

    @classmethod
    def seen(cls, visit: Discussing, eye: Viewer) -> Self:
        """The visit with its figures."""
        counts = {"members": len(visit.members), "voters": len(visit.voters), **Tally.of(visit.votes)._asdict()}
        shown = {
            "members": tuple(filter(eye.may_see, visit.members)),
            "voters": tuple(filter(eye.may_see, visit.voters)),
            "votes": tuple(vote for vote in visit.votes if eye.may_see(vote.by)),
        }
        return cls(**{**dict(visit), **shown}, counts=counts)


SeenStepRun: TypeAlias = Annotated[
    Drafting | Checking | Discussion | CoRevising | Signing | Resolving | Noticing | Scored | Polled,
    Field(discriminator="kind"),
]


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
        live, step = review.live, review.step
        return cls(
            id=review.id,
            version=review.version,
            brand=review.brand,
            owner=review.owner,
            name=review.name,
            state=review.state,
            step=live.step if live else None,
            step_title=step.title if step else None,
            step_title_en=step.title_en if step else None,
            round=live.round if live else None,
            since=live.opened_at if live else None,
            due=live.due_at if live else None,
            due_provisional=bool(live and live.provisional),
            waiting=sum(task.state == "open" for task in review.tasks),
        )


class Full(Summary):
    """A review with everything that was said and voted, and whom it waits for since when, as one reader sees it."""

    committee: str
    drafter: str
    submission: int
    document: Document
    revision: int
    procedure: Procedure
    visits: tuple[SeenStepRun, ...]
    copies: tuple[Copied, ...]
    waiting_for: list[Task]
    resolution: Resolution | None
    reason: str | None

    @classmethod
    def seen(cls, review: Review, eye: Viewer) -> Self:
        """The whole of it but the history."""
        return cls(
            **Summary.of(review).model_dump(),
            committee=review.committee,
            drafter=review.drafter,
            submission=review.submission,
            document=review.document,
            revision=review.revision,
            procedure=review.procedure,
            copies=review.copies,
            visits=tuple(_visits(review, eye)),
            waiting_for=_waiting_for(review, eye),
            resolution=review.resolution,
            reason=review.reason,
        )


class Story(BaseModel):
    """Every move that was ever made, and the seats each was made with, by digest.

    Who may not see the roster gets the moves without the votes of others, and how many people each body had.
    """

    review: str
    procedure: str
    procedure_version: int
    history: tuple[Entry, ...]
    seats: dict[str, RoleHolders]
    counts: dict[str, dict[str, int]]

    @classmethod
    def seen(cls, review: Review, eye: Viewer) -> Self:
        """The history as one reader sees it."""
        shown = tuple(entry for entry in review.history if eye.may_see_move(review, entry))
        return cls(
            review=review.id,
            procedure=review.procedure.id,
            procedure_version=review.procedure.number,
            history=shown if eye.objectors else tuple(map(unnamed_entry, shown)),
            seats={key: _own_area(seats, eye) for key, seats in review.seats.items()} if eye.names else {},
            counts={key: seats.sizes for key, seats in review.seats.items()},
        )


def explained(page: Explanation, eye: Viewer) -> Explanation:
    """The explanation as one reader sees it: the figures always, who may vote only as far as they may know it."""
    now = page.now
    if now is not None:
        waits = tuple(one for one in now.waits_for if eye.may_see_voter(now.kind, one.person))
        others = tuple(one if eye.names else one.model_copy(update={"people": ()}) for one in now.instead)
        now = now.model_copy(update={"waits_for": waits, "instead": others})
    past = []
    for passage in page.past:
        shown = tuple(deed for deed in passage.decisions if eye.may_see_deed(deed.move, deed.by))
        past.append(passage.model_copy(update={"decisions": shown}))
    return page.model_copy(update={"now": now, "past": tuple(past)})


def _visits(review: Review, eye: Viewer) -> Iterable[SeenStepRun]:
    for visit in review.visits:
        match visit:
            case Discussing():
                yield Discussion.seen(visit, eye)
            case Noticing():
                yield visit if eye.objectors else unnamed(visit)
            case Judging():
                yield Scored.seen(visit, review.procedure.step(visit.step), eye.person)
            case Polling():
                yield Polled.seen(visit, eye.person, area=eye.area)
            case _:
                yield visit


def _revealed(review: Review, entry: Entry) -> bool:
    """Whether the sheets of the visit to which this entry belongs were revealed."""
    during = (one for one in review.visits if isinstance(one, Judging) and one.opened_at <= entry.at)
    return next((one.card.revealed for one in reversed(list(during))), False)


def _own_area(seats: RoleHolders, eye: Viewer) -> RoleHolders:
    """The seats without the members of a wider area for those who are not to see them."""
    return seats if eye.area else seats.model_copy(update={"scoped": ()})


def _waiting_for(review: Review, eye: Viewer) -> list[Task]:
    """The open to-dos; while a body votes they name those who may vote."""
    kind = review.live.kind if review.live else ""
    return [task for task in review.tasks if task.state == "open" and eye.may_see_voter(kind, task.person)]
