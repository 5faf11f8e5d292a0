"""Campaigns over HTTP on real servers: who may do what, who sees what, and what a naming gives."""

from datetime import date, timedelta
from typing import Any

from tests.integration.review.cast import COMMITTEE, DRAFTER, FOREIGN_SECRETARY, OFFICER, SECRETARY, today
from tests.support.harness.service import Json, ServiceHarness
from tests.support.harness.waiting import eventually
from tests.unit.review.campaign_scene import rubric

OFFICE = ("party_work_department@committee",)
BRAND, KEY = "sanxin", "batch-1"


def plan(**changes: Any) -> Json:  # noqa: ANN401 - fields of any type
    """A campaign of one branch, open today."""
    drawn: Json = {
        "id": KEY,
        "title": "第一批",
        "title_en": "First batch",
        "committee": "committee",
        "opens_on": today(),
        "closes_on": (date.fromisoformat(today()) + timedelta(days=1)).isoformat(),
        "only": ["branch"],
        "cut": {"number": 3},
        "rubric": rubric().model_dump(mode="json"),
        "levels": [{"level": "established", "title": "达标", "title_en": "Established", "number": 1}],
    }
    return {**drawn, **changes}


async def approved(reviews: ServiceHarness) -> None:
    """Registry says that the brand is approved; its standing begins, and campaigns know it."""
    data = {"brand": BRAND, "owner": "branch", "name": "三心", "focus": None, "level": None, "revision": 1}
    decided = {"state": "approved", "review": f"{BRAND}.r1", "approved_on": today()}
    await reviews.tell("registry.brand.recorded.v1", BRAND, 1, {**data, **decided})

    async def there() -> bool:
        begun = (await reviews.ask("GET", f"/standings/{BRAND}", by=OFFICER)).is_success
        return begun and await reviews.service.mongo.collection("evidence_brands").count_documents({}) == 1

    await eventually(there)


async def do(
    reviews: ServiceHarness, path: str, body: Json | None = None, by: str = OFFICER, method: str = "POST"
) -> Any:  # noqa: ANN401
    """A command about the campaign: what it answered, or its problem's type and field."""
    answer = await reviews.ask(method, f"/campaigns{path}", by=by, json=body or {})
    published = answer.json()
    return published if answer.is_success else (answer.status_code, published["type"], published.get("field"))


async def test_each_act_is_that_of_its_office_and_points_stay_sealed(reviews: ServiceHarness) -> None:
    await approved(reviews)
    assert await do(reviews, "", plan(), by=SECRETARY) == (403, "/problems/campaign.not_office", None)
    assert (await do(reviews, "", plan(only=["nowhere"])))["stage"] == "planned"
    assert await do(reviews, f"/{KEY}/opening") == (422, "/problems/campaign.not_eligible", "/only")
    changed = {name: value for name, value in plan().items() if name != "id"}
    assert (await do(reviews, f"/{KEY}", changed, method="PUT"))["stage"] == "planned"
    assert (await do(reviews, f"/{KEY}/opening"))["stage"] == "enrolling"

    entry = {"brand": BRAND}
    refused = (403, "/problems/campaign.not_secretary", None)
    assert await do(reviews, f"/{KEY}/entrants", entry, by=FOREIGN_SECRETARY) == refused
    unknown = (422, "/problems/brand.unknown", "/brand")
    assert await do(reviews, f"/{KEY}/entrants", {"brand": "nothing"}, by=SECRETARY) == unknown
    assert (await do(reviews, f"/{KEY}/entrants", entry, by=SECRETARY))["stage"] == "enrolling"
    assert (await do(reviews, f"/{KEY}/enrolment/closure"))["stage"] == "shortlisting"
    rating = {"points": "88.5", "gate": True}
    assert "id" in await do(reviews, f"/{KEY}/entrants/{BRAND}/rating", rating, method="PUT")
    await do(reviews, f"/{KEY}/shortlist")

    judges, supervisor = [*COMMITTEE[:5], DRAFTER], FOREIGN_SECRETARY
    bench = {"judges": judges, "supervisors": [supervisor], "quorum": 6}
    small = (409, "/problems/campaign.panel_too_small", "/judges")
    assert await do(reviews, f"/{KEY}/panel", bench) == small, "the drafter belongs to the branch"
    stranger = {**bench, "judges": ["0000"], "quorum": 1}
    assert await do(reviews, f"/{KEY}/panel", stranger) == (422, "/problems/person.unknown", "/judges")
    assert (await do(reviews, f"/{KEY}/panel", {**bench, "quorum": 5}))["stage"] == "scoring"

    points = {one.key: str(one.greatest) for one in rubric().dimensions}
    marks = {"points": points, "gates": {one.key: True for one in rubric().gates}}
    card = f"/{KEY}/cards/{BRAND}"
    await do(reviews, f"{card}/sheet", {"marks": marks}, by=judges[0], method="PUT")
    for reader, sheets in ((judges[0], 1), (judges[1], 0), (supervisor, 0)):
        seen = (await reviews.ask("GET", f"/campaigns{card}", by=reader)).json()
        assert len(seen["sheets"]) == sheets, reader
    assert (await reviews.ask("GET", f"/campaigns{card}", by=OFFICER)).status_code == 403
    ledger = (await reviews.ask("GET", f"/campaigns/{KEY}/file", by=OFFICER, roles=OFFICE)).json()["ledger"]
    assert ledger[0]["raw"] == [], "nobody sees a point before the reveal"
    above = {**marks, "points": {**points, "identity": "11"}}
    field = (422, "/problems/score.above_greatest", "/points/identity")
    assert await do(reviews, f"{card}/sheet", {"marks": above}, by=judges[1], method="PUT") == field
    for judge in judges[1:5]:
        await do(reviews, f"{card}/sheet", {"marks": marks}, by=judge, method="PUT")
    assert await do(reviews, f"/{KEY}/reveal") == (403, "/problems/score.not_supervisor", None)
    assert "id" in await do(reviews, f"/{KEY}/reveal", by=supervisor)
    watched = (await reviews.ask("GET", f"/campaigns/{KEY}/supervision", by=supervisor)).json()["items"]
    assert (watched[0]["spread"], [one["kind"] for one in watched[0]["recusals"]]) == ("0.00", ["own_branch"])
    assert (await reviews.ask("GET", f"/campaigns/{KEY}/file", by=SECRETARY)).status_code == 403
    assert (await do(reviews, f"/{KEY}/levels"))["stage"] == "grading"
    await do(reviews, f"/{KEY}/notice")
    assert await do(reviews, f"/{KEY}/notice/approval", by=OFFICER) == (
        403,
        "/problems/campaign.not_committee_secretary",
        None,
    )
    open_page = (await reviews.ask("GET", f"/campaigns/{KEY}", by=DRAFTER)).json()
    assert (open_page["stage"], open_page["shortlist"], open_page["proposed"]) == ("notice", [BRAND], [])
    assert (await do(reviews, f"/{KEY}/cancellation", {"reason": "试行结束"}))["stage"] == "cancelled"
