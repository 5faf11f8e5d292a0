"""Two confirmed proposals about one person are carried out side by side; neither makes the other fail."""

from datetime import UTC, datetime, timedelta

from infra.kernel.clock import today
from infra.kernel.events import Cause
from services.registry.hr.model.proposal import Choice, Suggestion
from services.registry.hr.use_cases.proposals import Confirmation
from services.registry.stores import Stores
from tests.integration.registry.company import Company
from tests.support.harness.waiting import eventually


async def test_a_transfer_that_comes_between_does_not_make_a_vacancy_fail(company: Company) -> None:
    await company.said("employee", employee_no="1001", main_dept_id="DB", effective_from=today().isoformat())
    found = await company.proposals("membership_transfer", "vacant_post")
    transfer, vacant = sorted(found, key=lambda one: str(one["suggestion"]["kind"]))
    stores = Stores(company.registry.service.mongo)
    suggestion = Suggestion.model_validate(vacant["suggestion"])
    decide = await Confirmation(stores)._decision(suggestion, Choice(until=today()))
    tomorrow = (today() + timedelta(days=1)).isoformat()
    choice = {"organisation": "branch-b", "since": tomorrow}
    await company.done("POST", f"/hr/proposals/{transfer['id']}/confirmation", json=choice)
    await company.proposals("membership_transfer", state="confirmed")

    async def transferred() -> bool:
        return "branch-b" in str((await company.done("GET", "/people/1001"))["memberships"])

    await eventually(transferred)
    await stores.people.update("1001", decide, cause=Cause(id="late", at=datetime.now(UTC), correlation="late"))
    person = await company.done("GET", "/people/1001")
    assert person["posts"][0]["until"] == today().isoformat()
    assert person["memberships"][-1]["organisation"] == "branch-b"
