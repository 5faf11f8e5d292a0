"""HR in: events of its own exchange, and registry's own facts, which carry each change one step further."""

from infra.kernel.events import Event
from infra.messaging.subscriptions import Delivery, Handlers
from services.registry.events.published.hr import DepartmentChanged, EmployeeChanged, MappingRecorded, ProposalDecided
from services.registry.events.published.party import PersonRecorded
from services.registry.hr.use_cases.confirmation import Confirmation
from services.registry.hr.use_cases.events import HrEvents, now_as
from services.registry.hr.use_cases.proposals import Proposing


def subscribe_hr(subscriptions: Handlers, hearing: HrEvents, proposing: Proposing, confirmation: Confirmation) -> None:
    """What registry hears about HR; every step can be repeated."""

    @subscriptions.from_departments("hr.#")
    async def arrived(delivery: Delivery) -> None:
        await hearing.take(delivery)

    @subscriptions.on(EmployeeChanged)
    async def employee(event: Event[EmployeeChanged]) -> None:
        cause = now_as(event.cause)
        await proposing.person(event.data.employee, cause)
        left = event.data.before.department
        if left and left != event.data.after.department:
            await proposing.department(left, cause, people=False)

    @subscriptions.on(PersonRecorded)
    async def person(event: Event[PersonRecorded]) -> None:
        await proposing.person(event.data.person, now_as(event.cause))

    @subscriptions.on(DepartmentChanged)
    async def department(event: Event[DepartmentChanged]) -> None:
        cause = now_as(event.cause)
        await proposing.department(event.data.department, cause)
        if event.data.after.merged_into:
            await proposing.department(event.data.after.merged_into, cause)

    @subscriptions.on(MappingRecorded)
    async def mapping(event: Event[MappingRecorded]) -> None:
        await proposing.department(event.data.department, now_as(event.cause))

    @subscriptions.on(ProposalDecided)
    async def decided(event: Event[ProposalDecided]) -> None:
        if event.data.outcome == "confirmed":
            await confirmation.carry_out(event.data.proposal, event.data.tries, now_as(event.cause))
