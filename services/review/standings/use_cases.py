"""Where a decision about a standing meets the rules of its day, what was told, and who may make it."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, TypeAlias

from infra.kernel import clock
from infra.kernel.aggregate import Decision
from infra.kernel.errors import Forbidden, Invalid, NotFound, NotYet, Problem, Stale
from infra.kernel.events import Cause, Event
from infra.storage.mongo import Mongo
from infra.storage.store import CommandResult, Store
from infra.web.auth import Principal
from services.review.access import OFFICE
from services.review.events.consumed.evidence import BrandRecorded
from services.review.reviews.use_cases import ReviewUseCases
from services.review.shared.actor import Actor
from services.review.shared.role_holders import day_of
from services.review.standings.access import Viewer
from services.review.standings.evidence_store import EvidenceProjections, HintRow
from services.review.standings.model import round as rounds
from services.review.standings.model.beginning import BEGINNING, Approval, begin
from services.review.standings.model.decision_context import DecisionContext
from services.review.standings.model.evidence import Evidence, gather
from services.review.standings.model.justification import Justification
from services.review.standings.model.publication import KEY, PublishedRules
from services.review.standings.model.rechecking import open_recheck
from services.review.standings.model.round import Round, Skipped
from services.review.standings.model.rules import Rules
from services.review.standings.model.standing import Standing
from services.review.standings.store import Standings

AT_ONCE = 20
SYSTEM = "system"
Decide: TypeAlias = Callable[..., Decision[Standing]]
"""Given a standing and the ``context`` it is decided with."""


class StandingUseCases:
    """The standings with their rules, their rounds of rechecks, and what was told of their brands."""

    def __init__(self, mongo: Mongo, reviews: ReviewUseCases) -> None:
        self.reviews, self.standings, self.projections = reviews, Standings(mongo), EvidenceProjections(mongo)
        self.rules: Store[PublishedRules] = Store(mongo, "management_rules", PublishedRules)
        self.rounds: Store[Round] = Store(mongo, "recheck_rounds", Round)

    @property
    def stores(self) -> list[Store[Any]]:
        """What this part owns."""
        return [self.standings, self.rules, self.rounds]

    async def published(self) -> PublishedRules:
        """The rules in all versions; raises ``NotYet`` before the shipped ones are in place."""
        try:
            return await self.rules.get(KEY)
        except NotFound as error:
            raise NotYet("rules.not_yet", zh="尚无动态管理办法。", en="There are no rules yet.") from error

    async def begin(self, event: Event[BrandRecorded]) -> None:
        """A brand is as registry says; raises ``NotYet`` until the committee above its owner has arrived here."""
        fact = event.data
        if fact.state not in BEGINNING:
            return
        day = day_of(event.time)
        place = await self.reviews.mirrors.context_of(fact.owner, day)
        approval = Approval(
            brand=fact.brand,
            owner=fact.owner,
            committee=place.committee,
            name=fact.name,
            review=fact.review or "",
            on=fact.approved_on or day,
            sequence=event.sequence,
        )
        rules, actor = (await self.published()).newest, Actor(by=SYSTEM, at=clock.kept(event.time))
        await self.standings.put(
            fact.brand, partial(begin, approval=approval, rules=rules, actor=actor), cause=event.cause
        )

    async def viewer(self, brand: str, user: Principal, at: datetime) -> Viewer:
        """A standing and what somebody holds around it; raises ``NotFound``."""
        standing = await self.standings.get(brand)
        place = await self.reviews.mirrors.context_of(standing.owner, day_of(at))
        return Viewer(user, standing, await self.reviews.mirrors.holders(place, day_of(at)))

    async def of_office(self, brand: str, user: Principal, at: datetime) -> Viewer:
        """The same; raises ``Forbidden`` unless it is the Party work department of the brand's committee."""
        viewer = await self.viewer(brand, user, at)
        if not viewer.office:
            raise Forbidden(
                "standing.not_office",
                zh="只有所属党委的党委工作部可以办理。",
                en="Only the Party work department of the brand's committee may do this.",
            )
        return viewer

    async def decide(  # noqa: PLR0913 - who decides what about which brand, on what ground
        self,
        brand: str,
        decide: Decide,
        justification: Justification,
        user: Principal,
        cause: Cause,
        *,
        version: int | None,
    ) -> CommandResult:
        """Make a decision of the work department by the newest rules; raises ``Stale`` and what it raises."""
        await self.of_office(brand, user, cause.at)
        context = DecisionContext(justification, Actor(by=user.person, at=cause.at), (await self.published()).newest)
        return await self.standings.update(
            brand, lambda standing: decide(current(standing, version), context=context), cause=cause
        )

    async def hints(self, standing: Standing) -> list[HintRow]:
        """The hints about a brand, its owner, or a Party group of it."""
        return await self.projections.hinted(standing.id, await self._places(standing.owner))

    async def _places(self, owner: str) -> list[str]:
        groups = await self.reviews.mirrors.organisations.find({"parent": owner, "kind": "party_group"}, limit=0)
        return [owner, *(group.id for group in groups)]

    async def hint(self, viewer: Viewer, key: str) -> HintRow:
        """A hint about the brand; raises ``NotFound``."""
        for row in await self.hints(viewer.standing):
            if row.id == key and (viewer.office or not row.restricted):
                return row
        raise NotFound("hint.unknown", zh=f"没有关于该品牌的线索“{key}”。", en=f"No hint “{key}” about this brand.")

    async def evidence(self, standing: Standing, year: int, rules: Rules, at: datetime) -> Evidence:
        """What is known of a brand's year now."""
        return gather(year, await self.projections.sources(standing.id, await self._places(standing.owner)), rules, at)

    async def open_recheck(self, brand: str, year: int, actor: Actor, cause: Cause) -> CommandResult:
        """Open a recheck with the evidence of this moment."""
        standing, rules = await self.standings.get(brand), (await self.published()).newest
        found = await self.evidence(standing, year, rules, actor.at)
        decide = partial(open_recheck, evidence=found, actor=actor, rules=rules)
        return await self.standings.update(brand, decide, cause=cause)

    async def office_of(self, committee: str, user: Principal, at: datetime) -> bool:
        """Whether somebody is of this committee's work department; raises ``Invalid`` when it is no committee."""
        known = await self.reviews.mirrors.organisations.find({"_id": committee, "kind": "party_committee"})
        if not known:
            raise Invalid(
                "committee.unknown",
                zh=f"没有党委“{committee}”。",
                en=f"There is no committee “{committee}”.",
                field="/committee",
            )
        place = await self.reviews.mirrors.context_of(committee, day_of(at))
        holders = await self.reviews.mirrors.holders(place, day_of(at))
        return user.has(OFFICE, committee) or user.id in holders.work_department

    async def start_round(self, year: int, committee: str, actor: Actor, cause: Cause) -> CommandResult:
        """Begin to open the recheck of a year for every brand of a committee; the job does the rest."""
        total = await self.standings.count({"committee": committee, "state": {"$ne": "revoked"}})
        decide = partial(rounds.start, year=year, committee=committee, total=total, actor=actor)
        return await self.rounds.put(rounds.key(year, committee), decide, cause=cause)

    async def run_once(self) -> bool:
        """Do a piece of a round that runs; whether there was one. Repeated after a crash it opens nothing twice."""
        for one in await self.rounds.find({"state": "running"}, sort=[("started_at", 1)], limit=1):
            where = {"committee": one.committee, "state": {"$ne": "revoked"}, "_id": {"$gt": one.after}}
            found = await self.standings.find(where, limit=AT_ONCE)
            refused = [note for standing in found if (note := await self._opened(one, standing.id)) is not None]
            after = found[-1].id if found else one.after
            decide = partial(
                rounds.came,
                after=after,
                opened=len(found) - len(refused),
                skipped=tuple(refused),
                last=len(found) < AT_ONCE,
            )
            await self.rounds.update(one.id, decide, cause=_cause(one, f"came#{after}"))
            return True
        return False

    async def _opened(self, one: Round, brand: str) -> Skipped | None:
        try:
            await self.open_recheck(brand, one.year, Actor(by=one.started_by, at=clock.now()), _cause(one, brand))
        except Problem as problem:  # noted beside the brand; the others go on
            return Skipped(brand=brand, code=problem.code, zh=problem.zh, en=problem.en)
        return None


def current(standing: Standing, version: int | None) -> Standing:
    """The standing, if it is the version that the caller looked at; raises ``Stale``."""
    if version is not None and version != standing.version:
        raise Stale(
            "standing.changed",
            zh=f"您看到的是第 {version} 版，现在是第 {standing.version} 版，请刷新后再操作。",
            en=f"You saw version {version}, it is {standing.version} now; look again first.",
            field="/version",
        )
    return standing


def _cause(one: Round, step: str) -> Cause:
    name = f"round#{one.id}#{one.run}#{step}"
    return Cause(id=name, at=clock.now(), correlation=name)
