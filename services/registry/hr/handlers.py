"""HR in: events of its own exchange, and registry's own facts, which carry each change one step further."""

from typing import Any

from infra.kernel import clock
from infra.kernel.events import Cause, Event
from infra.messaging.subscriptions import Delivery, Handlers
from services.registry.events.published import (
    DepartmentChanged,
    EmployeeChanged,
    MappingRecorded,
    PersonRecorded,
    ProposalDecided,
)
from services.registry.hr.use_cases.intake import HrEvents
from services.registry.hr.use_cases.proposals import Confirmation, Proposing


def _now(event: Event[Any]) -> Cause:
    """The event as a cause of the present moment: what HR suggests depends on today, not on when it was said."""
    return event.cause.step(at=clock.now())


def subscribe_hr(
    subscriptions: Handlers, hr_events: HrEvents, proposing: Proposing, confirmation: Confirmation
) -> None:
    """What registry consumes about HR; every step can be repeated."""

    @subscriptions.from_departments("hr.#")
    async def arrived(delivery: Delivery) -> None:
        await hr_events.take(delivery)

    @subscriptions.on(EmployeeChanged)
    async def employee(event: Event[EmployeeChanged]) -> None:
        cause = _now(event)
        await proposing.person(event.data.employee, cause)
        left = event.data.before.department
        if left and left != event.data.after.department:
            await proposing.department(left, cause, people=False)

    @subscriptions.on(PersonRecorded)
    async def person(event: Event[PersonRecorded]) -> None:
        await proposing.person(event.data.person, _now(event))

    @subscriptions.on(DepartmentChanged)
    async def department(event: Event[DepartmentChanged]) -> None:
        cause = _now(event)
        await proposing.department(event.data.department, cause)
        if event.data.after.merged_into:
            await proposing.department(event.data.after.merged_into, cause)

    @subscriptions.on(MappingRecorded)
    async def mapping(event: Event[MappingRecorded]) -> None:
        await proposing.department(event.data.department, _now(event))

    @subscriptions.on(ProposalDecided)
    async def decided(event: Event[ProposalDecided]) -> None:
        if event.data.outcome == "confirmed":
            await confirmation.carry_out(event.data.proposal, event.data.tries, _now(event))
