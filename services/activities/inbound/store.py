"""What is asked of departments, rules, arrivals and their effects."""

from collections.abc import Mapping
from typing import Any

from infra.storage.mongo import ASCENDING, IndexModel, Mongo
from infra.storage.store import Store
from services.activities.inbound.model.arrival import Arrival
from services.activities.inbound.model.department import Department
from services.activities.inbound.model.effect import Kind
from services.activities.inbound.model.outcome import Draft, Hint, Point, Reminder
from services.activities.inbound.model.rule import Rule, Version
from services.activities.plans.store import NEWEST


class Inbound:
    """Other departments, rules, what arrived, and the effects that it had."""

    def __init__(self, mongo: Mongo) -> None:
        def by(*fields: str) -> IndexModel:
            order = [(field, NEWEST if field.endswith("_at") else ASCENDING) for field in fields]
            return IndexModel([*order, ("_id", order[-1][1])], name="_".join(fields).replace(".", "_"))

        self.departments: Store[Department] = Store(mongo, "departments", Department)
        self.rules: Store[Rule] = Store(mongo, "rules", Rule)
        listed = [by("state", "received_at"), by("state", "looked_at"), by("type", "received_at"), by("received_at")]
        self.arrivals: Store[Arrival] = Store(mongo, "arrivals", Arrival, listed)
        self.drafts: Store[Draft] = Store(mongo, "drafts", Draft, [by("organisation", "state", "occurred_at")])
        self.points: Store[Point] = Store(mongo, "points", Point, [by("brand", "measured_at"), by("brand", "series")])
        self.reminders: Store[Reminder] = Store(
            mongo, "reminders", Reminder, [by("organisation", "origin.occurred_at")]
        )
        self.hints: Store[Hint] = Store(mongo, "hints", Hint, [by("organisation", "origin.occurred_at")])
        self.effects: Mapping[Kind, Store[Any]] = {
            "draft_activity": self.drafts,
            "point": self.points,
            "reminder": self.reminders,
            "veto_hint": self.hints,
        }
        self.stores: list[Store[Any]] = [self.departments, self.rules, self.arrivals, *self.effects.values()]

    async def rules_in_force(self) -> dict[str, Version]:
        """The versions of rules that are applied to events now, by the rule."""
        published = await self.rules.find({"state": "published"}, limit=0)
        return {rule.id: rule.in_force for rule in published if rule.in_force}
