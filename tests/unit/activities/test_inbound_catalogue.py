"""The shipped catalogue: every type that other departments are known to send has a rule that works on its sample."""

from collections.abc import AsyncIterator

import pytest

from infra.sandbox.pool import SandboxPool
from services.activities.app import shipped
from services.activities.inbound.model.department import Department, Registration, owner
from services.activities.inbound.model.effect import WantedDraft, shaped
from services.activities.inbound.model.rule import Wording
from services.activities.plans.model.kind import Kind

CATALOGUE = {
    "safety.incident.recorded",
    "safety.rescue.completed",
    "production.milestone.reached",
    "equipment.overhaul.completed",
    "logistics.service.peak",
    "union.contest.held",
    "league.event.held",
    "innovation.suggestion.adopted",
    "training.session.completed",
    "publicity.article.published",
    "discipline.case.filed",
    "discipline.case.closed",
    "hr.employee.retired",
    "hr.department.merged",
    "honour.granted",
    "audit.finding.raised",
}
RULES = shipped("rules", dict[str, Wording])
DEPARTMENTS = [Department(id=key, **dict(one)) for key, one in shipped("departments", dict[str, Registration]).items()]


@pytest.fixture(scope="module")
async def room() -> AsyncIterator[SandboxPool]:
    """A room whose children are gone after the module's last test."""
    one = SandboxPool()
    yield one
    await one.close()


def test_every_type_of_the_catalogue_has_a_rule_and_an_owner() -> None:
    assert {rule.event for rule in RULES.values()} == CATALOGUE
    for kind in CATALOGUE:
        department = owner(DEPARTMENTS, kind)
        assert department is not None
        assert department.restricted is kind.startswith("discipline.")


def test_types_belong_to_one_department_each() -> None:
    types = [kind for department in DEPARTMENTS for kind in department.types]
    assert len(types) == len(set(types))


@pytest.mark.parametrize("key", RULES)
async def test_a_shipped_rule_works_on_its_own_sample_and_the_sample_is_credible(room: SandboxPool, key: str) -> None:
    rule = RULES[key]
    event = rule.example()
    department = owner(DEPARTMENTS, event.type)
    assert department is not None
    assert department.speaks_as(event.source)
    verdict = await room.run(rule.when, rule.mapping, event.envelope())
    assert verdict.concerns
    (wanted,) = shaped(rule.effect, verdict.result)
    kinds = {kind.id for kind in shipped("kinds_of_activities", list[Kind])}
    assert not isinstance(wanted, WantedDraft) or wanted.kind in kinds
    assert rule.restricted is event.type.startswith("discipline.")
