"""Weighing one rule on one event: does it concern the rule, and what does it yield, in the shape that its effect needs.

The same for real events, for dry runs and for the sample that a rule must work on before it is published.
"""

from collections.abc import Mapping

from pydantic import JsonValue

from infra.kernel.errors import Invalid
from infra.sandbox.pool import SandboxPool, Verdict
from services.activities.inbound.model.department import Department
from services.activities.inbound.model.effect import Wanted, WantedDraft, require_discreet, shaped
from services.activities.inbound.model.rule import Wording
from services.activities.plans.model.kind import Kind, require_active
from services.activities.plans.store import Kinds


class RuleEvaluator:
    """Where rules are weighed; every ``Problem`` it raises says what is wrong with the rule or with the event."""

    def __init__(self, pool: SandboxPool, kinds: Kinds) -> None:
        self.pool, self._kinds = pool, kinds

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
        return require_active(await self._kinds.named(key, field))

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
