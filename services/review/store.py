"""What this service asks of its database: reviews, procedures, and its mirrors of the Party tree and of block types."""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from infra.aggregate import Decision, NotFound, NotYet
from infra.auth import Principal
from infra.collection import Collection, Mirrored, Projection
from infra.events import Cause, Event
from infra.mongo import ASCENDING, IndexModel, Mongo
from infra.store import Answer, Store
from services.review.events import BrandSubmitted
from services.review.model.decision import apply, require_version
from services.review.model.moves import Convene, Move, Reseat, Submit
from services.review.model.procedure import Procedure
from services.review.model.publication import Published
from services.review.model.review import Review
from services.review.model.roster import Around, Organisation, Person, around, seats
from services.review.model.seats import Seats, day_of
from services.review.parts import Document

OFFICE = "party_work_department"


class OrganisationRow(Mirrored, Organisation):
    """An organisation as mirrored."""


class PersonRow(Mirrored, Person):
    """A person as mirrored."""


class BlockTypeRow(Mirrored):
    """A block type as mirrored; its JSON Schema as text, since ``$ref`` and the like mean something to the database."""

    body_schema: str


class Mirrors:
    """What registry said about organisations, people and block types."""

    def __init__(self, mongo: Mongo) -> None:
        member = IndexModel([("memberships.organisation", ASCENDING)], name="member")
        post = IndexModel([("posts.organisation", ASCENDING)], name="post")
        self.organisations = Projection(mongo, "organisations", OrganisationRow)
        self.people = Projection(mongo, "people", PersonRow, [member, post])
        self.block_types = Projection(mongo, "block_types", BlockTypeRow)

    @property
    def collections(self) -> list[Collection[Any]]:
        """All of them, to be prepared."""
        return [self.organisations, self.people, self.block_types]

    async def around(self, owner: str) -> Around:
        """An owner's place in the tree (some hundred organisations in a large enterprise); raises ``NotYet``."""
        return around(await self.organisations.find(limit=0), owner)

    async def seats(self, place: Around, day: date, meeting: date | None = None) -> Seats:
        """Who holds what around a place on a day."""
        member = {"memberships.organisation": {"$in": list(place.below)}}
        post = {"posts.organisation": {"$in": list(place.posts)}}
        return seats(place, await self.people.find({"$or": [member, post]}, limit=0), day, meeting)

    async def require_person(self, key: str) -> None:
        """Raise ``NotYet`` while a person has not arrived here."""
        if not await self.people.count({"_id": key}):
            raise NotYet("person.not_yet", zh=f"人员“{key}”尚未到达。", en=f"The person “{key}” is not known here yet.")

    async def schemas(self, document: Document) -> dict[str, str]:
        """The JSON Schemas of a document's block types; raises ``NotYet`` while one has not arrived here."""
        blocks = document.get("blocks")
        wanted = {
            str(block["type"])
            for block in (blocks.values() if isinstance(blocks, dict) else ())
            if isinstance(block, dict) and "type" in block
        }
        known = await self.block_types.find({"_id": {"$in": sorted(wanted)}}, limit=0)
        missing = sorted(wanted - {row.id for row in known})
        if missing:
            names = ", ".join(missing)
            raise NotYet("block_type.not_yet", zh=f"内容块类型尚未到达：{names}。", en=f"Not known here yet: {names}.")
        return {row.id: row.body_schema for row in known}

    async def owners_around(self, organisations: set[str]) -> list[str]:
        """The organisations whose reviews may wait for holders of posts at these ones."""
        tree = await self.organisations.find(limit=0)
        found = []
        for organisation in tree:
            try:
                place = around(tree, organisation.id)
            except NotYet:
                continue
            if organisations & set(place.posts):
                found.append(organisation.id)
        return found


class Reviews(Store[Review]):
    """The reviews, listed by owner, state, and the person they wait for."""

    def __init__(self, mongo: Mongo) -> None:
        indexes = [
            IndexModel([("owner", ASCENDING), ("state", ASCENDING)], name="owner"),
            IndexModel([("state", ASCENDING)], name="state"),
            IndexModel([("tasks.person", ASCENDING), ("tasks.state", ASCENDING)], name="person"),
            IndexModel([("due_at", ASCENDING)], name="due"),
        ]
        super().__init__(mongo, "reviews", Review, indexes)

    async def listed(
        self, wanted: dict[str, str | None], person: str | None, *, limit: int, skip: int
    ) -> tuple[list[Review], int]:
        """A page of reviews, and how many there are."""
        where: dict[str, Any] = {name: value for name, value in wanted.items() if value is not None}
        if person is not None:
            where["tasks"] = {"$elemMatch": {"person": person, "state": "open"}}
        return await self.find(where, limit=limit, skip=skip), await self.count(where)


class Desk:
    """Where a move meets the seats of its day; the decision itself is the model's."""

    def __init__(self, mongo: Mongo, procedure: str) -> None:
        self.reviews, self.mirrors = Reviews(mongo), Mirrors(mongo)
        self.procedures: Store[Published] = Store(mongo, "procedures", Published)
        self._procedure = procedure

    async def move(self, key: str, move: Move, user: Principal, cause: Cause, version: int | None = None) -> Answer:
        """Make a person's move; raises what the decision raises, ``Stale``, ``NotFound`` and ``NotYet``."""
        review = await self.reviews.get(key)
        meeting = move.held_on if isinstance(move, Convene) else None
        seated = await self.seats(review, user, cause.at, meeting)

        def decide(current: Review) -> Decision[Review]:
            require_version(current, version)
            return apply(current, move, user.person, cause.at, seated)

        return await self.reviews.update(key, decide, cause=cause)

    async def seats(self, review: Review, user: Principal, at: datetime, meeting: date | None = None) -> Seats:
        """The seats around a review today, with the caller's own role among them."""
        place = await self.mirrors.around(review.owner)
        seated = await self.mirrors.seats(place, day_of(at), meeting)
        by_role = (user.person,) if user.has(OFFICE, review.committee) else ()
        return seated.model_copy(update={"role_holders": by_role})

    async def submit(self, event: Event[BrandSubmitted]) -> None:
        """Take in a submission; raises ``NotYet`` until everything that it refers to has arrived here."""
        told = event.data
        place = await self.mirrors.around(told.owner)
        await self.mirrors.require_person(told.submitted_by)
        seated = await self.mirrors.seats(place, day_of(event.time))
        schemas = await self.mirrors.schemas(told.document)
        procedure = await self._newest()
        move = Submit(submission=told.submission, document=told.document, revision=told.revision, schemas=schemas)

        def decide(before: Review | None) -> Decision[Review]:
            review = before or Review(
                id=told.review, brand=told.brand, owner=told.owner, committee=place.committee, procedure=procedure
            )
            return apply(review, move, told.submitted_by, event.time, seated)

        await self.reviews.put(told.review, decide, cause=event.cause)

    async def reseat(self, persons: Iterable[str], posts: Iterable[str], cause: Cause) -> None:
        """These people, or posts at these organisations, changed: let the to-dos of the running reviews follow.

        A review is concerned when it waits for one of the people, or may wait for whoever holds one of the posts.
        """
        organisations = set(posts)
        owners = await self.mirrors.owners_around(organisations) if organisations else []
        waiting = {"tasks": {"$elemMatch": {"person": {"$in": list(persons)}, "state": "open"}}}
        where = {"state": "running", "$or": [{"owner": {"$in": owners}}, waiting]}
        now = datetime.now(UTC)
        for review in await self.reviews.find(where, limit=0):
            place = await self.mirrors.around(review.owner)
            seated = await self.mirrors.seats(place, day_of(now))

            def decide(current: Review, seated: Seats = seated) -> Decision[Review]:
                return (current, []) if current.finished else apply(current, Reseat(), "system", now, seated)

            await self.reviews.update(review.id, decide, cause=cause)

    async def _newest(self) -> Procedure:
        try:
            return (await self.procedures.get(self._procedure)).newest
        except NotFound as error:
            name = self._procedure
            raise NotYet("procedure.not_yet", zh=f"尚无程序“{name}”。", en=f"No procedure “{name}” yet.") from error


def schema_text(schema: dict[str, Any]) -> str:
    """A JSON Schema as it is mirrored."""
    return json.dumps(schema, sort_keys=True, ensure_ascii=False)
