"""A system with client credentials does what its scopes allow, and never what only a person may do.

The mapping here gives the system every office there is, so that what refuses it is what it is and not a missing role.
"""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.activities.app import build as build_activities
from services.notify.app import build as build_notify
from services.registry.app import build as build_registry
from services.review.app import build as build_review
from tests.integration.activities import branch
from tests.integration.review import cast
from tests.support.harness.environment import Environment
from tests.support.harness.service import Json, ServiceHarness

pytestmark = pytest.mark.security
OFFICES = {name: f"{name}@*" for name in ("administrator", "party_work_department", "auditor", "hr_system")}
OFFICES |= {f"{name}.{place}": f"{name}@{place}" for name in OFFICES for place in ("committee", "branch")}
EVERYTHING = tuple(OFFICES)
ROLES = [{"claim": "roles", "patterns": {"(?P<role>[a-z_]+)@(?P<scope>.+)": "{role}@{scope}"}}]
GENEROUS = {
    "person": {"number": "employee_number", "roles": ROLES},
    "machine": {"client": "client_id", "roles": [{"claim": "scope", "values": OFFICES}]},
}


def standing(environment: Environment, name: str, build: Any, home: Path) -> ServiceHarness:  # noqa: ANN401 - of any service
    return ServiceHarness(environment, name, build, auth_claims=json.dumps(GENEROUS))


def refused(answer: httpx.Response) -> bool:
    """Whether it is refused for what it is, in both languages."""
    said = answer.json()
    found = (answer.status_code, said.get("type"))
    return found == (403, "/problems/person.needed") and "本人" in said["detail"] and "person" in said["detail_en"]


async def test_no_system_votes_decides_or_suggests_in_a_review(environment: Environment, tmp_path: Path) -> None:
    async with standing(environment, "review", build_review, tmp_path).running() as reviews:
        await cast.tell_registry(reviews)
        await cast.settled(reviews)
        review = await cast.opened(reviews)
        agreed = await reviews.ask_as_system(
            "POST", f"/reviews/{review}/check", *EVERYTHING, json={"decision": "agree"}
        )
        assert refused(agreed), agreed.text
        await cast.act(reviews, cast.SECRETARY, f"{review}/check", {"decision": "agree"})
        moves: list[tuple[str, Json]] = [
            ("votes", {"choice": "for"}),
            ("discussion/closure", {}),
            ("rejection", {"reason": "不同意"}),
        ]
        for path, body in moves:
            answer = await reviews.ask_as_system("POST", f"/reviews/{review}/{path}", *EVERYTHING, json=body)
            assert refused(answer), (path, answer.text)
        seen = (await reviews.ask_as_system("GET", f"/reviews/{review}", *EVERYTHING)).json()
        assert seen["id"] == review  # reading is for whoever holds the role
        assert (
            await reviews.ask("POST", f"/reviews/{review}/votes", by=cast.VOTERS[0], json={"choice": "for"})
        ).is_success


async def test_no_system_files_an_activity_or_its_record(environment: Environment, tmp_path: Path) -> None:
    async with standing(environment, "activities", build_activities, tmp_path).running() as activities:
        await branch.tell_registry(activities)
        key = await branch.filed(activities)
        moves: list[tuple[str, str, Json]] = [
            ("POST", "/activities", branch.plan()),
            ("POST", f"/activities/{key}/cancellation", {"reason": "暴雨"}),
            ("POST", f"/activities/{key}/record", branch.sheet()),
        ]
        for method, path, body in moves:
            for scopes in (EVERYTHING, ()):
                answer = await activities.ask_as_system(method, path, *scopes, json=body)
                assert refused(answer), (path, scopes, answer.text)
        assert (await activities.ask("GET", f"/activities/{key}")).json()["version"] == 1


async def test_no_system_has_an_inbox(environment: Environment, tmp_path: Path) -> None:
    async with standing(environment, "notify", build_notify, tmp_path).running() as notify:
        for path in ("/inbox", "/todos"):
            answer = await notify.ask_as_system("GET", path, *EVERYTHING)
            assert refused(answer), (path, answer.text)


async def test_hr_feeds_by_its_scope_and_releases_confirms_and_drafts_nothing(
    environment: Environment, tmp_path: Path
) -> None:
    async with ServiceHarness(environment, "registry", build_registry).running() as registry:
        begun = await registry.ask_as_system("POST", "/hr/runs", "hr.feed", json={"source": "hr", "kind": "full"})
        assert begun.status_code == 201, begun.text
        run = begun.json()["id"]
        kept = await registry.ask("GET", f"/hr/runs/{run}", roles=("administrator@*",))
        assert kept.json().get("started_by", "client:sync") == "client:sync"
        back = await registry.ask_as_system("POST", f"/hr/runs/{run}/rejection", "hr.feed", json={"reason": "重发"})
        assert back.status_code == 200, back.text
        published = (await registry.ask("GET", f"/hr/runs/{run}", roles=("administrator@*",))).json()
        assert (published["state"], published["decided_by"]) == ("rejected", "client:sync")
        without = await registry.ask_as_system("POST", "/hr/runs", "openid", json={"source": "hr", "kind": "full"})
        assert (without.status_code, without.json()["type"]) == (403, "/problems/role.missing")


async def test_no_system_releases_a_list_or_writes_a_brand_whatever_its_offices(
    environment: Environment, tmp_path: Path
) -> None:
    async with standing(environment, "registry", build_registry, tmp_path).running() as registry:
        begun = await registry.ask_as_system("POST", "/hr/runs", "hr_system", json={"source": "hr", "kind": "full"})
        path = f"/hr/runs/{begun.json()['id']}/release"
        released = await registry.ask_as_system("POST", path, *EVERYTHING, json={"reason": "属实"})
        assert refused(released), released.text
        shape = {"title": "口号", "title_en": "Slogan", "body_schema": {"type": "object"}}
        answer = await registry.ask_as_system("PUT", "/block-types/slogan", *EVERYTHING, json=shape)
        assert refused(answer), answer.text
