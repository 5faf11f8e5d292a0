"""The catalogue that comes with the product: departments, and rules for what they send, each with a sample event."""

import json
from datetime import datetime
from functools import partial
from pathlib import Path

from infra.kernel import clock
from infra.kernel.events import Cause
from services.activities.inbound.model import department as departments
from services.activities.inbound.model import rule as rules
from services.activities.inbound.model.department import Department, Registration
from services.activities.inbound.model.rule import Rule, Version, Wording
from services.activities.inbound.store import Inbound

FOLDER = Path(__file__).parent / "data"
SHIPPED_BY = "shipped"


def shipped_departments() -> dict[str, Registration]:
    """The departments of the catalogue, by id."""
    said = json.loads((FOLDER / "departments.json").read_text(encoding="utf-8"))
    return {key: Registration.model_validate(one) for key, one in said.items()}


def shipped_rules() -> dict[str, Wording]:
    """The rules of the catalogue, by id."""
    said = json.loads((FOLDER / "rules.json").read_text(encoding="utf-8"))
    return {key: Wording.model_validate(one) for key, one in said.items()}


async def put_catalogue(inbound: Inbound) -> None:
    """Put departments and rules in place where they are missing; changed ones stay as people made them."""
    now = clock.now()
    for key, registration in shipped_departments().items():
        department = Department(id=key, **dict(registration))
        decide = partial(departments.ship, department)
        await inbound.departments.put(key, decide, cause=_cause("department", key, now))
    for key, wording in shipped_rules().items():
        version = Version(**dict(wording), number=1, by=SHIPPED_BY, at=now)
        rule = Rule(id=key, versions=(version,), published=1)
        await inbound.rules.put(key, partial(rules.ship, rule), cause=_cause("rule", key, now))


def _cause(kind: str, key: str, at: datetime) -> Cause:
    name = f"shipped#{kind}#{key}"
    return Cause(id=name, at=at, correlation=name)
