"""From a filed draft to its activity: what a person decided stands in the draft, the activity follows from it.

Done at once when the draft is filed and again when the fact is consumed, so a process that dies between the two writes
leaves nothing half done; both times the same activity is meant, and the second time changes nothing.
"""

from infra.kernel.events import Cause
from infra.storage.store import Store
from services.activities.inbound.model.outcome import Draft
from services.activities.plans.model import activity as model
from services.activities.plans.model.kind import Kind
from services.activities.plans.model.roster import Actor
from services.activities.plans.store import Activities


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
