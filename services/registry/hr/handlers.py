"""HR in: events of its own exchange, and registry's own facts, which carry each change one step further."""

from infra.messaging.subscriptions import Handlers
from services.registry.events import published
from services.registry.hr.use_cases.intake import HrEvents
from services.registry.hr.use_cases.proposals import Confirmation, Proposing


def subscribe_hr(
    subscriptions: Handlers, hr_events: HrEvents, proposing: Proposing, confirmation: Confirmation
) -> None:
    """What registry consumes about HR; every step can be repeated."""
    subscriptions.from_departments("hr.#")(hr_events.take)
    subscriptions.on(published.EmployeeChanged)(proposing.employee_changed)
    subscriptions.on(published.PersonRecorded)(proposing.person_recorded)
    subscriptions.on(published.DepartmentChanged)(proposing.department_changed)
    subscriptions.on(published.MappingRecorded)(proposing.mapping_recorded)
    subscriptions.on(published.ProposalDecided)(confirmation.decided)
