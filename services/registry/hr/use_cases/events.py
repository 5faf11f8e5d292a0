"""Events of HR on the exchange of the departments, read into canonical records; what cannot be read is kept."""

import hashlib
from collections.abc import Mapping
from functools import partial
from typing import Any

from pydantic import ValidationError

from infra.kernel import clock
from infra.kernel.aggregate import Decision
from infra.kernel.cloudevents import Foreign, read
from infra.kernel.errors import Refused, Unreadable, first_fault
from infra.kernel.events import Cause
from infra.messaging.subscriptions import Delivery
from services.registry.hr.model.staging import DepartmentRecord, EmployeeRecord
from services.registry.hr.store.mirror import Hr, Quarantined
from services.registry.hr.use_cases.intake import Intake
from services.registry.hr.use_cases.mass_loss import Held

EMPLOYEE, DEPARTMENT = "hr.employee.", "hr.department."
WITHDRAWN = "withdrawn"


class HrEvents:
    """Takes deliveries; raises only what trying again may heal."""

    def __init__(self, hr: Hr, intake: Intake) -> None:
        self._hr, self._intake = hr, intake

    async def take(self, delivery: Delivery) -> None:
        """Take one event, or quarantine it with its reason."""
        try:
            await self._take(delivery.routing_key, delivery.body, delivery.headers, delivery.content_type)
        except Unreadable as reason:
            await self._keep(delivery, f"无法受理：{reason}", str(reason))
        except Held as held:
            await self._keep(delivery, held.zh, held.en, held)

    async def _keep(self, delivery: Delivery, zh: str, en: str, held: Held | None = None) -> None:
        quarantined = Quarantined(
            id=hashlib.sha256(delivery.routing_key.encode() + b"\0" + delivery.body).hexdigest()[:32],
            routing_key=delivery.routing_key,
            content=delivery.body.decode("utf-8", "backslashreplace").replace("\0", "\\0"),
            headers={name: str(value) for name, value in delivery.headers.items()},
            content_type=delivery.content_type,
            at=clock.now(),
            zh=zh,
            en=en,
            held_by=held.source if held else None,
            about=held.about if held else None,
        )
        await self._hr.quarantined.put(quarantined.id, partial(_first, quarantined), cause=Cause.of(quarantined.id))

    async def redrive(self, key: str, cause: Cause) -> Quarantined:
        """Try a quarantined event again, for example after an upgrade; raises ``Refused`` with the reason."""
        quarantined = await self._hr.quarantined.get(key)
        try:
            await self._take(
                quarantined.routing_key, quarantined.content.encode(), quarantined.headers, quarantined.content_type
            )
        except Unreadable as reason:
            raise Refused(
                "arrival.still_quarantined", zh=f"仍无法受理：{reason}", en=f"Still not possible: {reason}"
            ) from reason
        await self._hr.quarantined.update(key, partial(_state, "taken", None, None), cause=cause)
        return await self._hr.quarantined.get(key)

    async def dismiss(self, key: str, reason: str, by: str, cause: Cause) -> None:
        """Put a quarantined event aside for good, with a reason."""
        await self._hr.quarantined.update(key, partial(_state, "dismissed", reason, by), cause=cause)

    async def _take(self, route: str, body: bytes, headers: Mapping[str, Any], content_type: str | None) -> None:
        event = read(body, headers, content_type)
        if event.type != route:
            raise Unreadable(f"its type is {event.type!r}, but it came under the routing key {route!r}")
        cause = Cause.of(event.source, event.id)
        if event.type.startswith(EMPLOYEE):
            await self._intake.employee(_record(EmployeeRecord, event), cause)
        elif event.type.startswith(DEPARTMENT):
            await self._intake.department(_record(DepartmentRecord, event), cause)
        else:
            raise Unreadable(f"no event of this kind is known: {event.type!r}")


def _record(model: Any, event: Foreign) -> Any:  # noqa: ANN401 - one of the two records
    """The canonical record in an event. The number of a change is its own, else the moment of the event."""
    if not isinstance(event.data, dict):
        raise Unreadable("data must be an object")
    given = {**event.data, "source": event.source}
    if "seq" not in given and event.time is not None:
        given["seq"] = int(event.time.timestamp() * 1000)
    if event.type.rpartition(".")[2] == WITHDRAWN:
        given["withdrawn"] = True
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise Unreadable(f"data do not fit: {first_fault(error)}") from error


def _first(quarantined: Quarantined, before: Quarantined | None) -> Decision[Quarantined]:
    return before or quarantined, []


def _state(state: str, reason: str | None, by: str | None, quarantined: Quarantined) -> Decision[Quarantined]:
    if quarantined.state != "quarantined":
        raise Refused("arrival.settled", zh="该事件已处理。", en=f"This event is {quarantined.state} already.")
    return quarantined.becomes(state=state, reason=reason, dismissed_by=by, tries=quarantined.tries + 1), []
