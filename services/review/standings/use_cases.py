"""Where a decision about a standing meets the rules of its day, what was told, and who may make it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from infra.kernel import clock
from infra.kernel.dates import day_of
from infra.kernel.errors import Forbidden, Invalid, NotFound, NotYet, Problem
from infra.kernel.events import Cause, Decision, Event
from infra.storage.mongo import Mongo
from infra.storage.store import CommandResult, Store
from infra.web.auth import Principal
from infra.web.http import Asking
from services.review.access import OFFICE, actor_of, cause_of, is_office
from services.review.events.consumed import BrandRecorded
from services.review.reviews.use_cases import ReviewUseCases
from services.review.shared.actor import Actor
from services.review.shared.role_holders import RoleHolders
from services.review.standings.model.commands import Concluded, Decided, Proved, RoundStarted
from services.review.standings.model.decision_context import DecisionContext
from services.review.standings.model.evidence import Evidence, gather
from services.review.standings.model.rechecking import (
    Round,
    Skipped,
    advance,
    decide_recheck,
    open_recheck,
    round_of,
    start_round,
)
from services.review.standings.model.rules import KEY, PublishedRules, Rules
from services.review.standings.model.sanctions import prove
from services.review.standings.model.standing import BEGINNING, Approval, Standing, begin
from services.review.standings.store import EvidenceProjections, HintRow, Standings

AT_ONCE = 20
SYSTEM = "system"


@dataclass(frozen=True)
class Viewer:
    """Who looks at, or decides about, a standing, and what they hold around it."""

    user: Principal
    standing: Standing
    holders: RoleHolders

    @property
    def office(self) -> bool:
        """Whether they are of the Party work department, by role or by post."""
        return self.user.has(OFFICE, self.standing.committee) or self.user.id in self.holders.work_department

    @property
    def inside(self) -> bool:
        """Whether they may see the particulars: offices, auditors, and who belongs to the branch or holds a post."""
        overseeing = any(self.user.has(role, self.standing.committee) for role in ("administrator", "auditor"))
        return self.office or overseeing or self.holders.holds_any(self.user.id)

    @property
    def branch(self) -> bool:
        """Whether they hold a post at the owner."""
        return self.user.id in self.holders.branch_committee


class StandingUseCases:
    """The standings with their rules, their rounds of rechecks, and what was told of their brands."""

    def __init__(self, mongo: Mongo, reviews: ReviewUseCases) -> None:
        self.reviews, self.standings, self.projections = reviews, Standings(mongo), EvidenceProjections(mongo)
        self.rules: Store[PublishedRules] = Store(mongo, "management_rules", PublishedRules)
        self.rounds: Store[Round] = Store(mongo, "recheck_rounds", Round)

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
        committee = (await self.reviews.mirrors.context_of(fact.owner, day)).committee
        own = fact.model_dump(include={"brand", "owner", "name"})
        own |= {"review": fact.review or "", "on": fact.approved_on or day, "sequence": event.sequence}
        approval = Approval.model_validate({**own, "committee": committee})
        rules, actor = (await self.published()).newest, Actor(by=SYSTEM, at=clock.kept(event.time))
        decide = partial(begin, approval=approval, rules=rules, actor=actor)
        await self.standings.put(fact.brand, decide, cause=event.cause)

    async def viewer(self, brand: str, user: Principal, at: datetime) -> Viewer:
        """A standing and what somebody holds around it; raises ``NotFound``."""
        standing = await self.standings.get(brand)
        return Viewer(user, standing, await self.reviews.mirrors.around(standing.owner, at))

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

    async def decide(
        self, brand: str, asked: Asking, ground: Decided, decide: Callable[..., Decision[Standing]], *said: object
    ) -> CommandResult:
        """A decision of the work department by the newest rules, of what is ``said``, on the ground of its command."""
        await self.of_office(brand, asked.user, asked.at)
        context = DecisionContext(ground.justification, actor_of(asked), (await self.published()).newest)
        cause = cause_of(asked, ground)
        return await self.standings.update(brand, lambda standing: decide(standing, *said, context), cause=cause)

    async def conclude(self, brand: str, year: int, command: Concluded, asked: Asking) -> CommandResult:
        """End a recheck, by the rules that it was opened under."""
        published = await self.published()

        def decide(standing: Standing, context: DecisionContext) -> Decision[Standing]:
            rules = published.numbered(standing.recheck_of(year).rules)
            return decide_recheck(standing, year, command, replace(context, rules=rules))

        return await self.decide(brand, asked, command, decide)

    async def prove(self, brand: str, n: int, command: Proved, asked: Asking) -> CommandResult:
        """Take what the branch shows for an item of a rectification; raises ``Forbidden``."""
        if not (await self.viewer(brand, asked.user, asked.at)).branch:
            raise Forbidden(
                "rectification.not_branch",
                zh="只有该品牌所属党组织的任职人员可以提交整改佐证。",
                en="Only who holds a post at the brand's organisation may show what was done.",
            )
        decide = partial(prove, n=n, command=command, actor=actor_of(asked))
        return await self.standings.update(brand, decide, cause=cause_of(asked, command))

    async def hints(self, standing: Standing) -> list[HintRow]:
        """The hints about a brand, its owner, or a Party group of it."""
        return await self.projections.hinted(standing.id, await self._places(standing.owner))

    async def _places(self, owner: str) -> list[str]:
        groups = await self.reviews.mirrors.organisations.find({"parent": owner, "kind": "party_group"}, limit=0)
        return [owner, *(group.id for group in groups)]

    async def hint(self, brand: str, key: str, asked: Asking) -> HintRow:
        """A hint about the brand, for its work department; raises ``NotFound``, ``Forbidden``."""
        known = await self.hints((await self.of_office(brand, asked.user, asked.at)).standing)
        found = next((row for row in known if row.id == key), None)
        if found is None:
            raise NotFound("hint.unknown", zh=f"没有关于该品牌的线索“{key}”。", en=f"No hint “{key}” about this brand.")
        return found

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
        return await is_office(self.reviews.mirrors, user, committee, at)

    async def start_round(self, command: RoundStarted, asked: Asking) -> CommandResult:
        """Begin to open the recheck of a year for every brand of a committee; the job does the rest."""
        total = await self.standings.count({"committee": command.committee, "state": {"$ne": "revoked"}})
        decide = partial(start_round, command=command, total=total, actor=actor_of(asked))
        return await self.rounds.put(round_of(command), decide, cause=asked.cause)

    async def run_once(self) -> bool:
        """Do a piece of a round that runs; whether there was one. Repeated after a crash it opens nothing twice."""
        for one in await self.rounds.find({"state": "running"}, sort=[("started_at", 1)], limit=1):
            where = {"committee": one.committee, "state": {"$ne": "revoked"}, "_id": {"$gt": one.after}}
            found = await self.standings.find(where, limit=AT_ONCE)
            cause = partial(Cause.of, f"round#{one.id}#{one.run}")
            refused = tuple(filter(None, [await self._opened(one, row.id, cause(row.id)) for row in found]))
            after = found[-1].id if found else one.after
            opened, last = len(found) - len(refused), len(found) < AT_ONCE
            decide = partial(advance, after=after, opened=opened, skipped=refused, last=last)
            await self.rounds.update(one.id, decide, cause=cause(f"came#{after}"))
            return True
        return False

    async def _opened(self, one: Round, brand: str, cause: Cause) -> Skipped | None:
        try:
            await self.open_recheck(brand, one.year, Actor(by=one.started_by, at=clock.now()), cause)
        except Problem as problem:  # noted beside the brand; the others go on
            return Skipped(brand=brand, code=problem.code, zh=problem.zh, en=problem.en)
        return None
