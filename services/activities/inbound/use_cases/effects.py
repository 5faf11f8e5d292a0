"""Effects of other departments' events: whom they concern is looked up, then each is made once under its own id.

From a filed draft follows its activity. It is made at once when the draft is filed and again when the fact is consumed,
so a process that dies between the two writes leaves nothing half done; the second time changes nothing.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from infra.kernel.dates import day_of
from infra.kernel.errors import Invalid
from infra.kernel.events import Cause
from infra.storage.store import Store
from services.activities.inbound.model.arrival import Outcome
from services.activities.inbound.model.effect import Wanted, WantedDraft, WantedPoint, require_discreet
from services.activities.inbound.model.outcome import Born, Draft, Origin, Place, born, make
from services.activities.inbound.store import Inbound
from services.activities.inbound.use_cases.rule_evaluator import RuleEvaluator
from services.activities.plans.model import activity as model
from services.activities.plans.model.kind import Kind
from services.activities.plans.model.roster import Actor, Tree, known_brand, require_brand
from services.activities.plans.store import Activities, Mirrors


class Effects:
    """Resolves whom an effect concerns against the mirrors, and makes it."""

    def __init__(self, inbound: Inbound, mirrors: Mirrors, evaluator: RuleEvaluator) -> None:
        self.inbound, self._mirrors, self.evaluator = inbound, mirrors, evaluator

    async def places(self, wanted: Wanted, at: datetime) -> list[Place]:
        """Whom it concerns on the event's day; raises ``Invalid`` or ``Refused`` for who is not known here."""
        tree = await self._mirrors.tree()
        brand = await self._mirrors.brand(wanted.brand) if wanted.brand else None
        if wanted.brand and not (wanted.organisation or wanted.department):
            return [Place(tree.require(known_brand(brand, wanted.brand, "/map/brand").owner).id, wanted.brand)]
        places = []
        for organisation in await self._organisations(wanted, tree, day_of(at)):
            if wanted.brand is not None:
                require_brand(brand, wanted.brand, organisation, tree.above(organisation))
            only = await self._only_brand(organisation) if isinstance(wanted, WantedPoint) else None
            places.append(Place(organisation, wanted.brand or only))
        return places

    async def make(self, wanted: Wanted, places: Sequence[Place], origin: Origin, number: int) -> list[Outcome]:
        """Make one effect for each place; those that exist stay. Raises ``Invalid`` for an indiscreet one."""
        require_discreet(wanted, restricted=origin.restricted)
        return [await self._one(wanted, born(origin, place, number)) for place in places]

    async def _one(self, wanted: Wanted, of: Born) -> Outcome:
        origin, store = of.origin, self.inbound.effects[wanted.effect]
        kind = await self.evaluator.kind(wanted.kind, "/map/kind") if isinstance(wanted, WantedDraft) else None
        decide = partial(make, of=of, wanted=wanted, kind_title=kind.title if kind else "")
        await store.put(of.key, decide, cause=Cause.of(origin.arrival, origin.rule, causation=origin.arrival))
        made = {"effect": wanted.effect, "id": of.key, "organisation": of.place.organisation}
        return Outcome(rule=origin.rule, version=origin.rule_version, **made)

    async def _organisations(self, wanted: Wanted, tree: Tree, day: date) -> list[str]:
        if wanted.organisation is not None:
            return [tree.require(wanted.organisation).id]
        found = await self._mirrors.organisations_of(wanted.department or "", day)
        if not found:
            raise Invalid(
                "department.unmapped",
                zh=f"部门“{wanted.department}”当日没有对应的党组织（请在人事对照中登记后重新处理）。",
                en=f"The department “{wanted.department}” maps to no Party organisation on that day.",
                field="/map/department",
            )
        return [tree.require(key).id for key in found]

    async def _only_brand(self, organisation: str) -> str:
        brands = await self._mirrors.brands_of(organisation)
        if len(brands) != 1:
            raise Invalid(
                "brand.not_one",
                zh=f"“{organisation}”有 {len(brands)} 个品牌，请在映射中指明 brand。",
                en=f"“{organisation}” has {len(brands)} brands; let the map say which.",
                field="/map/brand",
            )
        return brands[0].id


class Enacting:
    """Makes the activity of a filed draft."""

    def __init__(self, drafts: Store[Draft], activities: Activities, kinds: Store[Kind]) -> None:
        self._drafts, self._activities, self._kinds = drafts, activities, kinds

    async def enact(self, key: str) -> None:
        """File the plan and enter the record that the draft holds; raises ``NotFound`` when there is no draft."""
        draft = await self._drafts.get(key)
        filing, activity = draft.filing, draft.activity
        if filing is None or activity is None:
            return
        by, kind, plan = Actor(filing.by, filing.at), await self._kinds.get(filing.plan.kind), filing.plan
        cause = Cause.of(draft.id, at=filing.at, causation=draft.id)
        await self._activities.create(
            lambda: model.file(activity, draft.organisation, plan, kind, by), cause=cause.step("filed")
        )
        record = filing.record
        if record is not None:
            await self._activities.update(
                activity, lambda current: model.record(current, record), cause=cause.step("held")
            )
