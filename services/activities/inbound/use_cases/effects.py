"""What a rule makes of an event, and the effects: whom they concern is looked up, then each is made once, by its id.

A rule is weighed the same for real events, dry runs and the sample that it must work on before it is published.

From a filed draft follows its activity. It is made at once when the draft is filed and again when the fact is consumed,
so a process that dies between the two writes leaves nothing half done; the second time changes nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial

from pydantic import JsonValue

from infra.kernel.dates import day_of
from infra.kernel.errors import Invalid
from infra.kernel.events import Cause
from infra.sandbox.pool import SandboxPool, Verdict
from services.activities.inbound.model.arrival import Outcome
from services.activities.inbound.model.department import Department
from services.activities.inbound.model.effect import Wanted, WantedDraft, WantedPoint, require_discreet, shaped
from services.activities.inbound.model.outcome import Born, Origin, Place, born, make
from services.activities.inbound.model.rule import Wording
from services.activities.inbound.store import Inbound
from services.activities.plans.model import activity as model
from services.activities.plans.model.kind import Kind, require_active
from services.activities.plans.model.roster import Actor, Tree, known_brand, require_brand
from services.activities.plans.store import Activities, Kinds, Mirrors


class RuleEvaluator:
    """Where rules are weighed; every ``Problem`` it raises says what is wrong with the rule or with the event."""

    def __init__(self, pool: SandboxPool, kinds: Kinds) -> None:
        self.pool, self.kinds = pool, kinds

    async def verdict(self, rule: Wording, event: Mapping[str, JsonValue]) -> Verdict:
        """What the expressions say, as they say it."""
        return await self.pool.run(rule.when, rule.mapping, event)

    async def weigh(self, rule: Wording, event: Mapping[str, JsonValue]) -> list[Wanted] | None:
        """What the rule wants of this event; None when the event does not concern it."""
        verdict = await self.verdict(rule, event)
        return await self.wanted(rule, verdict.result) if verdict.concerns else None

    async def wanted(self, rule: Wording, result: JsonValue) -> list[Wanted]:
        """A map's result in the shape of the effect; a draft's kind is one that is in use."""
        found = shaped(rule.effect, result)
        for place, one in enumerate(found):
            if isinstance(one, WantedDraft):
                await self.kind(one.kind, f"/map/{place}/kind")
        return found

    async def kind(self, key: str, field: str) -> Kind:
        """The kind of activity that a map names; raises ``Invalid`` or, for one that is no longer used, ``Refused``."""
        return require_active(await self.kinds.named(key, field))

    async def prove(self, rule: Wording, department: Department | None) -> None:
        """Raise a ``Problem`` unless the rule works on its own sample."""
        await self.pool.check(rule.when, rule.mapping)
        event = rule.example()
        if department is not None:
            await self.fit(department, event.type, event.dataschema, event.data)
        wanted = await self.weigh(rule, event.envelope())
        for one in wanted or ():
            require_discreet(one, restricted=rule.restricted or (department is not None and department.restricted))
        if wanted is None:
            raise Invalid(
                "rule.sample_not_taken",
                zh="规则的条件（when）对其样例事件不成立。",
                en="The rule's condition (when) does not hold for its own sample.",
                field="/sample",
            )

    async def fit(self, department: Department, kind: str, dataschema: str | None, data: JsonValue) -> None:
        """Raise ``Invalid`` unless the data fit the schema that the department registered for this type."""
        schema = department.schemas.get(kind)
        if schema is None:
            return
        if dataschema is not None and schema.dataschema is not None and dataschema != schema.dataschema:
            raise Invalid(
                "event.version_unknown",
                zh=f"数据格式版本“{dataschema}”未登记，登记的是“{schema.dataschema}”。",
                en=f"The dataschema “{dataschema}” is not registered; “{schema.dataschema}” is.",
                field="/dataschema",
            )
        misfit = await self.pool.fit(schema.body_schema, data)
        if misfit is not None:
            where, why = misfit
            raise Invalid(
                "event.unfit",
                zh=f"数据不符合部门登记的格式：{where}：{why}",
                en=f"The data do not fit the registered schema: {where}: {why}",
                field=where,
            )


class Effects:
    """Resolves whom an effect concerns against the mirrors, makes it, and makes the activity of a filed draft."""

    def __init__(self, inbound: Inbound, mirrors: Mirrors, evaluator: RuleEvaluator, activities: Activities) -> None:
        self.inbound, self._mirrors, self.evaluator, self._activities = inbound, mirrors, evaluator, activities

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

    async def enact(self, key: str) -> None:
        """File the plan and enter the record that the draft holds; raises ``NotFound`` when there is no draft."""
        draft = await self.inbound.drafts.get(key)
        filing, activity = draft.filing, draft.activity
        if filing is None or activity is None:
            return
        kind, cause = await self.evaluator.kinds.get(filing.plan.kind), Cause.of(key, at=filing.at, causation=key)
        decide = partial(model.file, activity, draft.organisation, filing.plan, kind, Actor(filing.by, filing.at))
        await self._activities.create(decide, cause=cause.step("filed"))
        if filing.record is not None:
            held = partial(model.record, taken=filing.record)
            await self._activities.update(activity, held, cause=cause.step("held"))
