"""The HTTP side of other departments' events: departments, rules, arrivals, and the effects that they had."""

from fastapi import APIRouter

from services.activities.access import Access
from services.activities.inbound.api import arrivals, departments, drafts, findings, rules
from services.activities.inbound.store import Inbound
from services.activities.inbound.use_cases.effects import Enacting
from services.activities.inbound.use_cases.intake import Intake
from services.activities.inbound.use_cases.rule_evaluator import RuleEvaluator


def inbound_routes(
    inbound: Inbound, evaluator: RuleEvaluator, intake: Intake, enacting: Enacting, access: Access
) -> list[APIRouter]:
    """Every route about other departments."""
    return [
        departments.routes(inbound, evaluator),
        rules.routes(inbound, evaluator),
        rules.trial_routes(intake.effects),
        arrivals.routes(inbound, intake),
        drafts.routes(inbound, evaluator, enacting, access),
        findings.routes(inbound, access),
    ]
