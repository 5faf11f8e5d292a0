"""A brand through the years over two real services: graded, suspended, rechecked, downgraded, revoked, back again."""

from datetime import date, datetime, time, timedelta

import pytest

from infra.kernel.dates import CHINA
from infra.ops.audit import verify as audit
from tests.integration.registry.office import OFFICER
from tests.integration.standing.years import BRAND, DRAFTER, SECRETARY, Years, activities, tell_twice, today
from tests.support.harness.clock import LedClock
from tests.support.harness.environment import Environment
from tests.support.harness.waiting import eventually

RESOLVED_BY_OFFICE = {"resolution": None}

pytestmark = pytest.mark.timeout(300)


def in_the_year() -> datetime:
    """A moment of the present day, early enough that the whole story of a year lies in it."""
    return datetime.combine(today(), time(0, 5), CHINA)


async def begins(years: Years) -> None:
    """It begins with the approval."""
    begun = today()
    year = begun.year
    await years.approved()
    plaque = {"brand": BRAND, "number": "0004", "awarded_on": begun.isoformat(), "occasion": "七一", "flag": True}
    await years.office.done("POST", "/plaques", json=plaque, **OFFICER)
    seen = await years.standing(state="active", level=None, begun_on=begun.isoformat())
    assert seen["next_recheck"] == {
        "year": year,
        "first": f"{year + 1}-01-01",
        "last": f"{year + 1}-03-31",
        "open": False,
    }


async def is_graded(years: Years) -> None:
    """Graded: one level at a time, further only on a stated ground; registry follows."""
    begun = today()
    assert await years.refused("/grading", begun, level="exemplary", resolution="1号") == (
        409,
        "standing.too_far",
        "/level",
    )
    await years.decide("/grading", begun, level="cultivating")
    await years.decide("/grading", begun, level="excellent", direct="superior_honour")
    await years.office.becomes({"level": "excellent", "state": "plaqued"}, BRAND)


async def is_suspended_and_comes_back(years: Years) -> None:
    """A hint, a person's decision, and its end."""
    begun = today()
    moment = in_the_year()
    await tell_twice(years.review, activities(moment), seed=7)

    async def hinted() -> bool:
        return len((await years.standing())["hints"]) == 2

    await eventually(hinted)
    hints = {one["id"]: one for one in (await years.standing())["hints"]}
    assert {key: one["suggests"] for key, one in hints.items()} == {
        "open": "major_accident",
        "secret": "discipline_case",
    }
    await years.decide("/suspension", begun, hint="secret", **RESOLVED_BY_OFFICE)
    assert (await years.standing(state="suspended"))["suspensions"][0]["hint"] == "secret"
    branch = (await years.review.ask("GET", f"/standings/{BRAND}", by=SECRETARY)).json()
    assert ([one["id"] for one in branch["hints"]], branch["suspensions"], branch["state"]) == (
        ["open"],
        [],
        "suspended",
    )
    assert "纪律" not in str(branch)
    await years.decide("/suspension/lifting", begun, **RESOLVED_BY_OFFICE)
    await years.decide("/hints/open/dismissal", begun, **RESOLVED_BY_OFFICE)
    await years.standing(state="active", level="excellent")


async def is_rechecked(years: Years, led: LedClock) -> None:
    """Next year's recheck with the evidence of that moment."""
    begun = today()
    year = today().year
    moment = in_the_year()
    assert await years.refused(f"/rechecks/{year}/decision", begun, outcome="pass") == (404, "recheck.unknown", None)
    path = f"/standings/{BRAND}/evidence?year={year}"

    async def complete() -> bool:  # the hints came before; each kind of fact has its own mirror
        known = (await years.review.ask("GET", path, **OFFICER)).json()
        shares = (known["activities"], known["filed_before_start"], known["participation"])
        points = [one["value"] for one in known["points"]]
        plaque = known["portrait"] and known["portrait"]["plaque"]
        return (shares, points, bool(plaque)) == ((4, 0.75, 0.8), [31.5], True)

    await eventually(complete)
    led.lead(date(year + 1, 2, 1))
    opened = await years.review.ask("POST", f"/standings/{BRAND}/rechecks", json={"year": year}, **OFFICER)
    assert opened.status_code == 201, opened.text
    evidence = (await years.standing())["rechecks"][0]["evidence"]
    assert (evidence["activities"], evidence["kinds"]) == (4, {"open_day": 3, "theme_party_day": 1})
    assert (evidence["filed_before_start"], evidence["participation"]) == (0.75, 0.8)
    assert [(one["indicator"], one["value"]) for one in evidence["points"]] == [("船时效率", 31.5)]
    assert {one["id"] for one in evidence["hints"]} == {"open", "secret"}
    assert evidence["portrait"]["plaque"] == {"number": "0004", "awarded_on": begun.isoformat()}
    assert {one["threshold"] for one in evidence["signals"]} >= {"filed_late", "low_participation"}
    branch = (await years.review.ask("GET", f"/standings/{BRAND}", by=SECRETARY)).json()
    assert [one["id"] for one in branch["rechecks"][0]["evidence"]["hints"]] == ["open"]
    more = [fact for fact in activities(moment) if fact[1] == "a1" and "recorded" in fact[0]]
    await tell_twice(years.review, [(more[0][0], "a9", 1, {**more[0][3], "activity": "a9"})], seed=1)

    async def counted() -> bool:
        return bool((await years.review.ask("GET", path, **OFFICER)).json()["activities"] == 5)

    await eventually(counted)
    assert (await years.standing())["rechecks"][0]["evidence"]["activities"] == 4, "frozen"


async def is_rectified(years: Years) -> None:
    """Rectified."""
    year = today().year
    winter = date(year + 1, 2, 1)
    deadline = winter + timedelta(days=30)
    asked = {"outcome": "rectify", "items": ["补齐报备"], "deadline": deadline.isoformat(), **RESOLVED_BY_OFFICE}
    await years.decide(f"/rechecks/{year}/decision", winter, **asked)
    await years.standing(state="rectifying", rectify_by=deadline.isoformat())
    proof = {"item": 1, "text": "已全部报备", "link": "/activities/a3"}
    place = f"/standings/{BRAND}/rectifications/1"
    foreign = await years.review.ask("POST", f"{place}/proofs", by="E401", json=proof)
    assert (foreign.status_code, foreign.json()["type"]) == (403, "/problems/rectification.not_branch")
    assert (await years.review.ask("POST", f"{place}/proofs", by=SECRETARY, json=proof)).status_code == 201
    await years.decide("/rectifications/1/closure", winter, met=True)
    await years.standing(state="active")


async def is_downgraded_and_revoked(years: Years, led: LedClock) -> None:
    """The year after: opened for all that are due, downgraded, revoked."""
    year = today().year
    led.lead(date(year + 2, 2, 1))
    winter = date(year + 2, 2, 1)
    body = {"year": year + 1, "committee": "committee"}
    started = await years.review.ask("POST", "/recheck-rounds", json=body, **OFFICER)
    assert started.status_code == 202, started.text

    async def done() -> bool:
        found = (await years.review.ask("GET", f"/recheck-rounds/{started.json()['id']}", **OFFICER)).json()
        return (found["state"], found["total"], found["opened"]) == ("done", 1, 1)

    await eventually(done)
    await years.decide(f"/rechecks/{year + 1}/decision", winter, outcome="downgrade")
    await years.office.becomes({"level": "established"}, BRAND)
    assert await years.refused("/revocation", winter) == (422, "standing.no_resolution", "/resolution")
    await years.decide("/revocation", winter)
    again = date(year + 3, 2, 1)
    brand = await years.office.becomes({"state": "revoked", "level": None, "reapply_from": again.isoformat()}, BRAND)
    assert brand["moves"][-1]["note"] == f"党委决议〔{year + 2}〕9号"
    assert (await years.standing(state="revoked"))["next_recheck"] is None


async def leaves_the_matrix(years: Years) -> None:
    """Out of the matrix, the plaque comes back."""
    winter = date(today().year + 2, 2, 1)
    matrix = await years.office.done("GET", "/matrix", **OFFICER)
    assert matrix["coverage"]["covered"] == 0
    line = (await years.office.done("GET", "/plaques", **OFFICER))["items"][0]
    assert line["to_be_returned"] is True
    given = {"returned_on": winter.isoformat(), "received_by": "冯晓岚"}
    path = f"/plaques/{BRAND}.p1/return"
    assert (await years.office.refused("POST", path, json=given, by=SECRETARY))[0] == 403
    await years.office.done("POST", path, json=given, **OFFICER)
    line = (await years.office.done("GET", "/plaques", **OFFICER))["items"][0]
    assert (line["to_be_returned"], line["returned_on"], line["received_by"]) == (False, winter.isoformat(), "冯晓岚")
    assert await years.office.refused("POST", path, json=given, **OFFICER) == (409, "plaque.returned", "/plaque")


async def applies_again(years: Years, led: LedClock) -> None:
    """Not before its day, and from its day on."""
    again = date(today().year + 3, 2, 1)
    led.lead(again - timedelta(days=1))
    answer = await years.office.ask("POST", f"/brands/{BRAND}/submission", by=DRAFTER)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/brand.revoked")
    assert again.isoformat() in answer.json()["detail"]
    led.lead(again)
    assert (await years.office.handed_in(BRAND, {"by": DRAFTER}))["review"] == f"{BRAND}.r2"
    assert (await years.office.brand(BRAND))["state"] == "in_review"


async def test_a_brand_through_the_years(years: Years, led: LedClock, environment: Environment) -> None:
    await begins(years)
    await is_graded(years)
    await is_suspended_and_comes_back(years)
    await is_rechecked(years, led)
    await is_rectified(years)
    await is_downgraded_and_revoked(years, led)
    await leaves_the_matrix(years)
    await applies_again(years, led)
    for name in ("registry", "review"):
        assert (await audit.verify(environment.settings(name))).findings == []
