"""Where a command meets the role holders of its day; the decision itself is the model's."""

from collections.abc import Awaitable, Callable, Collection, Iterable
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from typing import Any

from infra.kernel import clock
from infra.kernel.dates import day_of
from infra.kernel.errors import NotFound, NotYet
from infra.kernel.events import Cause, Decision, Event
from infra.kernel.telemetry import log
from infra.storage.lease import KeyedLocks
from infra.storage.mongo import Mongo
from infra.storage.store import ATTEMPTS, CommandResult, Store
from infra.web.auth import Principal
from services.review.absences.store import Away
from services.review.access import OFFICE
from services.review.events.consumed import BrandSubmitted
from services.review.reviews.model.commands import Command, Reseat, Submit
from services.review.reviews.model.decision import apply, recalendared
from services.review.reviews.model.procedure.procedure import BODIES, Procedure
from services.review.reviews.model.procedure.publication import Published, PublishedRubric
from services.review.reviews.model.review import Review, Unfinished
from services.review.reviews.store import Calendars, Reviews, Sweeps
from services.review.shared.mirrors import Mirrors
from services.review.shared.role_holders import OrganisationContext, RoleHolders, under, waiting_for_posts


class _MovedOn(Exception):  # noqa: N818 - no error: look again
    """Another process changed the review after its role holders were looked up."""


class ReviewUseCases:
    """Where a command meets the role holders of its day; the decision itself is the model's."""

    def __init__(self, mongo: Mongo, procedure: str) -> None:
        self.reviews, self.mirrors = Reviews(mongo), Mirrors(mongo)
        self.procedures: Store[Published] = Store(mongo, "procedures", Published)
        self.rubrics: Store[PublishedRubric] = Store(mongo, "rubrics", PublishedRubric)
        self.sweeps = Sweeps(mongo, self.reseat_all)
        self.away, self.unfinished = Away(mongo), Store(mongo, "unfinished", Unfinished)
        self.calendars = Calendars(mongo)
        self._procedure = procedure
        self._locks = KeyedLocks()  # commands of this process take turns: role holders are seldom looked up in vain

    async def execute(self, key: str, command: Command, user: Principal, cause: Cause) -> CommandResult:
        """Make a person's command; raises what the decision raises, ``Stale``, ``NotFound`` and ``NotYet``."""
        if command.names:
            named = getattr(command, command.names)
            await self.mirrors.require_known([named] if isinstance(named, str) else named, f"/{command.names}")
        meeting = getattr(command, command.dated) if command.dated else None

        async def look_up(review: Review) -> RoleHolders:
            return await self.holders(review, user, cause.at, meeting)

        def decide(current: Review, holders: RoleHolders) -> Decision[Review]:
            return apply(current, command, user.person, cause.at, holders)

        return await self._decided(key, look_up, decide, cause)

    async def _decided(
        self,
        key: str,
        look_up: Callable[[Review], Awaitable[RoleHolders]],
        decide: Callable[[Review, RoleHolders], Decision[Review]],
        cause: Cause,
    ) -> CommandResult:
        """Decide with the role holders of exactly the version that is decided on; else look both up again."""
        async with self._locks.of(key):
            for _ in range(ATTEMPTS):
                review = await self.reviews.get(key)
                holders = await look_up(review)
                with suppress(_MovedOn):
                    return await self.reviews.update(
                        key, partial(_unmoved, review.version, holders, decide), cause=cause
                    )
        raise NotYet(
            "too.many.writers", zh=f"“{key}”正被多人同时修改，请稍后重试。", en=f"Too many writers on “{key}”."
        )

    async def holders(self, review: Review, user: Principal, at: datetime, meeting: date | None = None) -> RoleHolders:
        """The role holders around a review today, with the caller's own role among them."""
        _, holders = await self._context_of(review.owner, review.procedure, day_of(at), meeting)
        by_role = (user.person,) if user.has(OFFICE, review.committee) else ()
        administering = (user.person,) if user.has("administrator", review.committee) else ()
        holders = holders.model_copy(update={"role_holders": by_role, "administrators": administering})
        return await self.away.with_proxies(holders, review.asked(holders), day_of(at))

    async def submit(self, event: Event[BrandSubmitted]) -> None:
        """Take in a submission; raises ``NotYet`` until everything that it refers to has arrived here."""
        fact = event.data
        known = await self.reviews.known(fact.review)
        procedure = known.procedure if known else await self._newest()
        place, holders = await self._context_of(fact.owner, procedure, day_of(event.time))
        await self.mirrors.require_person(fact.submitted_by)
        schemas = await self.mirrors.schemas(fact.document)
        holders = await self.away.with_proxies(holders, known.asked(holders) if known else (), day_of(event.time))
        calendar = await self.calendars.for_review(procedure, event.time)
        text = {"document": fact.document, "revision": fact.revision, "schemas": schemas}
        command = Submit(submission=fact.submission, calendar=calendar, **text)

        def decide(before: Review | None) -> Decision[Review]:
            review = before or Review(
                id=fact.review, brand=fact.brand, owner=fact.owner, committee=place.committee, procedure=procedure
            )
            return apply(review, command, fact.submitted_by, event.time, holders)

        await self.reviews.put(fact.review, decide, cause=event.cause)

    async def reseat(self, persons: Iterable[str], posts: Collection[str], cause: Cause) -> None:
        """These people, or posts at these organisations, changed: let the to-dos of the running reviews follow.

        A review is concerned when it waits for one of the people, or may wait for whoever holds one of the posts: those
        of roles with a scope may be anywhere.
        """
        owners = waiting_for_posts(await self.mirrors.organisations.find(limit=0), posts) if posts else []
        scoped = [{f"procedure.steps.{body}.at": {"$exists": True}} for body in BODIES] if posts else []
        waiting = {"tasks": {"$elemMatch": {"person": {"$in": list(persons)}, "state": "open"}}}
        await self._reseat({"$or": [{"owner": {"$in": owners}}, waiting, *scoped]}, cause)

    async def reseat_person(self, person: str, cause: Cause) -> None:
        """Somebody is away, or back: let the to-dos of what waits for them follow."""
        await self.reseat([person], (), cause)

    async def reseat_under(self, organisations: Collection[str], cause: Cause) -> None:
        """These organisations changed, or moved in the tree: let the to-dos of all reviews below them follow."""
        owners = under(await self.mirrors.organisations.find(limit=0), organisations)
        await self._reseat({"owner": {"$in": owners}}, cause)

    async def reseat_all(self, cause: Cause) -> None:
        """A day has begun: let the to-dos of all running reviews follow posts that began or ended."""
        await self._reseat({}, cause.step("reseat"))
        await self.recalendar(cause)

    async def recalendar(self, cause: Cause) -> None:
        """A calendar came: let the reviews that count working days carry it, and provisional dates follow."""
        decide = partial(recalendared, offered=await self.calendars.known(), now=clock.now())
        cause = cause.step("recalendar")
        for review in await self.reviews.find({"state": {"$in": ["running", "returned"]}}, limit=0):
            await self.reviews.update(review.id, decide, cause=cause)

    async def _reseat(self, concerned: dict[str, Any], cause: Cause) -> None:
        now = clock.now()

        async def look_up(review: Review) -> RoleHolders:
            _, found = await self._context_of(review.owner, review.procedure, day_of(now))
            return await self.away.with_proxies(found, review.asked(found), day_of(now))

        def decide(current: Review, holders: RoleHolders) -> Decision[Review]:
            return (current, []) if current.finished else apply(current, Reseat(), "system", now, holders)

        for review in await self.reviews.find({"state": "running", **concerned}, limit=0):
            try:
                await self._decided(review.id, look_up, decide, cause)
            except (
                NotYet
            ) as reason:  # a part of the tree is missing; when it comes, everything below it is seated again
                if reason.code != "organisation.not_yet":
                    raise
                log.info("reseat.not_yet", review=review.id, why=str(reason))

    async def _context_of(
        self, owner: str, procedure: Procedure, day: date, meeting: date | None = None
    ) -> tuple[OrganisationContext, RoleHolders]:
        """An owner's place in the tree, and who holds what around it, also in the procedure's roles with a scope."""
        place = await self.mirrors.context_of(owner, day)
        holders = await self.mirrors.holders(place, day, meeting)
        scoped = await self.mirrors.scoped(place, procedure.scopes, day)
        return place, holders.model_copy(update={"scoped": scoped})

    async def _newest(self) -> Procedure:
        try:
            return (await self.procedures.get(self._procedure)).newest
        except NotFound as error:
            name = self._procedure
            raise NotYet("procedure.not_yet", zh=f"尚无程序“{name}”。", en=f"No procedure “{name}” yet.") from error


def _unmoved(
    version: int, holders: RoleHolders, decide: Callable[[Review, RoleHolders], Decision[Review]], current: Review
) -> Decision[Review]:
    if current.version != version:
        raise _MovedOn
    return decide(current, holders)
