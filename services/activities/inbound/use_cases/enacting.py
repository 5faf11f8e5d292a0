"""From a filed draft to its activity: what a person decided stands in the draft, the activity follows from it.

Done at once when the draft is filed and again when the fact is heard, so a process that dies between the two writes
leaves nothing half done; both times the same activity is meant, and the second time changes nothing.
"""

from datetime import datetime

from infra.kernel.events import Cause
from infra.storage.store import Store
from services.activities.inbound.model.outcome import Draft
from services.activities.plans.model import activity as moves
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
        await self._activities.create(
            lambda: moves.file(activity, draft.organisation, plan, kind, by), cause=_cause("filed", draft, filing.at)
        )
        record = filing.record
        if record is not None:
            await self._activities.update(
                activity, lambda current: moves.record(current, record), cause=_cause("held", draft, filing.at)
            )


def _cause(step: str, draft: Draft, at: datetime) -> Cause:
    name = f"draft#{draft.id}#{step}"
    return Cause(id=name, at=at, correlation=draft.id, causation=draft.id)
