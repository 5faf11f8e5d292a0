"""Reviews as readers see them; what tells who is a full member is named only to those who may know it.

Who may vote, and who has to, tells a person's political status: others get how many there are, and their own part.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self, TypeAlias

from pydantic import BaseModel, Field

from services.review.api.objectors import unnamed, unnamed_entry
from services.review.model.page import Explanation
from services.review.model.procedure import Procedure
from services.review.model.review import Copied, Entry, Review
from services.review.model.seats import Seats
from services.review.model.visits import (
    AnyVisit,
    Checking,
    CoRevising,
    Discussing,
    Drafting,
    Noticing,
    Resolving,
    Signing,
    Tally,
)
from services.review.parts import Document, Resolution, Task


@dataclass(frozen=True)
class Eye:
    """Who reads, whether they may see who is on the roster, and whether they may see who raised objections."""

    person: str
    names: bool
    objectors: bool = False

    def may_see(self, person: str) -> bool:
        """Whether this person's part in a vote is shown to the reader."""
        return self.names or person == self.person


class Discussion(Discussing):
    """A discussion as one reader sees it: the figures always, the roster and the votes as far as they may be seen."""

    counts: dict[str, int]

    @classmethod
    def seen(cls, visit: Discussing, eye: Eye) -> Self:
        """The visit with its figures."""
        counts = {"members": len(visit.members), "voters": len(visit.voters), **Tally.of(visit.votes)._asdict()}
        shown = {
            "members": tuple(filter(eye.may_see, visit.members)),
            "voters": tuple(filter(eye.may_see, visit.voters)),
            "votes": tuple(vote for vote in visit.votes if eye.may_see(vote.by)),
        }
        return cls(**{**dict(visit), **shown}, counts=counts)


SeenVisit: TypeAlias = Annotated[
    Drafting | Checking | Discussion | CoRevising | Signing | Resolving | Noticing, Field(discriminator="kind")
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
    visits: tuple[SeenVisit, ...]
    copies: tuple[Copied, ...]
    waiting_for: list[Task]
    resolution: Resolution | None
    reason: str | None

    @classmethod
    def seen(cls, review: Review, eye: Eye) -> Self:
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
            visits=tuple(_visits(review.visits, eye)),
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
    seats: dict[str, Seats]
    counts: dict[str, dict[str, int]]

    @classmethod
    def seen(cls, review: Review, eye: Eye) -> Self:
        """The history as one reader sees it."""
        shown = tuple(entry for entry in review.history if entry.move.kind != "vote" or eye.may_see(entry.by))
        return cls(
            review=review.id,
            procedure=review.procedure.id,
            procedure_version=review.procedure.number,
            history=shown if eye.objectors else tuple(map(unnamed_entry, shown)),
            seats=review.seats if eye.names else {},
            counts={key: {name: len(people) for name, people in seats} for key, seats in review.seats.items()},
        )


def explained(page: Explanation, eye: Eye) -> Explanation:
    """The explanation as one reader sees it: the figures always, who may vote only as far as they may know it."""
    now = page.now
    if now is not None:
        voting = now.kind == "discussion"
        waits = tuple(one for one in now.waits_for if not voting or eye.may_see(one.person))
        others = tuple(one if eye.names else one.model_copy(update={"people": ()}) for one in now.instead)
        now = now.model_copy(update={"waits_for": waits, "instead": others})
    past = []
    for passage in page.past:
        shown = tuple(deed for deed in passage.decisions if deed.move != "vote" or eye.may_see(deed.by))
        past.append(passage.model_copy(update={"decisions": shown}))
    return page.model_copy(update={"now": now, "past": tuple(past)})


def _visits(visits: Iterable[AnyVisit], eye: Eye) -> Iterable[SeenVisit]:
    for visit in visits:
        if isinstance(visit, Noticing):
            yield visit if eye.objectors else unnamed(visit)
        else:
            yield Discussion.seen(visit, eye) if isinstance(visit, Discussing) else visit


def _waiting_for(review: Review, eye: Eye) -> list[Task]:
    """The open to-dos; while a discussion runs they name those who may vote."""
    voting = isinstance(review.live, Discussing)
    return [task for task in review.tasks if task.state == "open" and (not voting or eye.may_see(task.person))]
