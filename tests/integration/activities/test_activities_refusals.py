"""Who may not, and what is wrong: the right problem, in Chinese and English, and nothing changed."""

from itertools import product

import pytest

from tests.integration.activities.branch import NOW, filed, plan, sheet
from tests.support.harness.service import Json, ServiceHarness

FORBIDDEN: list[tuple[str, str, tuple[str, ...]]] = [
    ("plain member", "1002", ()),
    ("foreign secretary", "2001", ()),
    ("unknown", "9999", ()),
    ("foreign department", "9001", ("party_work_department@elsewhere",)),
]


async def test_only_post_holders_and_the_work_department_act_for_an_organisation(
    activities: ServiceHarness, subtests: pytest.Subtests
) -> None:
    key = await filed(activities)
    draft = {name: value for name, value in plan().items() if name != "organisation"}
    commands: list[tuple[str, str, Json]] = [
        ("POST", "/activities", plan()),
        ("PUT", f"/activities/{key}/plan", draft),
        ("POST", f"/activities/{key}/cancellation", {"reason": "暴雨"}),
        ("POST", f"/activities/{key}/record", sheet()),
        ("POST", f"/activities/{key}/acknowledgement", {}),
    ]
    for (who, by, roles), (method, path, body) in product(FORBIDDEN, commands):
        with subtests.test(path, who=who):
            answer = await activities.ask(method, path, by=by, roles=roles, json=body)
            assert answer.status_code == 403
            assert answer.json()["detail"] != answer.json()["detail_en"]
    assert (await activities.ask("GET", f"/activities/{key}")).json()["version"] == 1


WRONG = [
    ({"organisation": "nowhere"}, 422, "organisation.unknown", "/organisation"),
    ({"kind": "party"}, 422, "kind.unknown", "/kind"),
    ({"brand": "nothing"}, 422, "brand.unknown", "/brand"),
    ({"place": ""}, 422, "input.invalid", "/place"),
    ({"starts_at": "2026-06-26T09:00:00"}, 422, "input.invalid", "/starts_at"),
    ({"plaec": "x"}, 422, "input.invalid", "/plaec"),
    ({"ends_at": NOW.isoformat()}, 422, "plan.ends_before_start", "/ends_at"),
]


async def test_wrong_input_gets_its_problem_and_changes_nothing(
    activities: ServiceHarness, subtests: pytest.Subtests
) -> None:
    for changes, status, code, field in WRONG:
        with subtests.test(code, field=field):
            answer = await activities.ask("POST", "/activities", json=plan(**changes))
            problem = answer.json()
            assert (answer.status_code, problem["type"], problem["field"]) == (status, f"/problems/{code}", field)
            assert (await activities.ask("GET", "/activities")).json()["total"] == 0


async def test_a_brand_of_another_organisation_is_refused(activities: ServiceHarness) -> None:
    answer = await activities.ask("POST", "/activities", by="2001", json=plan(organisation="other"))
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/brand.of_another")


async def test_someone_who_is_not_on_the_roster_of_that_day_is_not_recorded(activities: ServiceHarness) -> None:
    key = await filed(activities)
    for changes in ({"present": ["1001", "1005"]}, {"present": ["2001"]}):
        answer = await activities.ask("POST", f"/activities/{key}/record", json=sheet(**changes))
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/record.not_on_roster")
