"""What comes with the product: kinds of activities, departments, and rules for what they send, each with a sample."""

import json
from pathlib import Path
from typing import Any

from infra.kernel import clock
from infra.storage.store import Store
from services.activities.inbound.model.department import Department, Registration
from services.activities.inbound.model.rule import Rule, Version, Wording
from services.activities.inbound.store import Inbound
from services.activities.plans.model.kind import Kind

SHIPPED_BY = "shipped"


def shipped(name: str) -> Any:  # noqa: ANN401 - any JSON
    """The content of a data file."""
    return json.loads((Path(__file__).parent / "data" / f"{name}.json").read_text(encoding="utf-8"))


def shipped_kinds() -> list[Kind]:
    """The kinds of activities."""
    return [Kind.model_validate(kind) for kind in shipped("kinds")]


def shipped_departments() -> dict[str, Registration]:
    """The departments of the catalogue, by id."""
    return {key: Registration.model_validate(one) for key, one in shipped("departments").items()}


def shipped_rules() -> dict[str, Wording]:
    """The rules of the catalogue, by id."""
    return {key: Wording.model_validate(one) for key, one in shipped("rules").items()}


async def seed(kinds: Store[Kind], inbound: Inbound) -> None:
    """Put in place what is missing; what people made of the rest stays."""
    for kind in shipped_kinds():
        await kinds.seed(kind.id, lambda kind=kind: (kind, []))  # type: ignore[misc]
    for key, registration in shipped_departments().items():
        department = Department(id=key, **dict(registration))
        await inbound.departments.seed(key, lambda department=department: (department, []))  # type: ignore[misc]
    for key, wording in shipped_rules().items():
        version = Version(**dict(wording), number=1, by=SHIPPED_BY, at=clock.now())
        rule = Rule(id=key, versions=(version,), published=1)
        await inbound.rules.seed(key, lambda rule=rule: (rule, []))  # type: ignore[misc]
