"""Who may ask the SCIM endpoint, what a refusal looks like, versions and bulk."""

from http import HTTPStatus
from typing import Any

import httpx
import pytest

from tests.integration.registry.scim.conftest import Served

Json = dict[str, Any]
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
MAY: list[tuple[str, ...]] = [("hr_system@*",), ("administrator@*",)]
MAY_NOT: list[tuple[str, ...]] = [("hr_system@committee",), ("party_work_department@*",), ()]


def user(name: str) -> Json:
    return {"schemas": [USER], "userName": name}


async def asked(served: Served, roles: tuple[str, ...]) -> list[httpx.Response]:
    """What somebody with these roles is answered."""
    async with served.client("somebody", roles) as client:
        listed = await client.get("/Users")
        made = await client.post("/Users", json=user(f"x{listed.json().get('totalResults')}"))
        return [listed, made, await client.get("/Schemas")]


@pytest.mark.security
async def test_only_hr_systems_and_administrators_may_ask(served: Served, subtests: pytest.Subtests) -> None:
    for roles in MAY:
        with subtests.test("may", roles=roles):
            published = [answer.status_code for answer in await asked(served, roles)]
            assert published == [HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.OK]
    for roles in MAY_NOT:
        with subtests.test("may not", roles=roles):
            for answer in await asked(served, roles):
                assert answer.status_code == HTTPStatus.FORBIDDEN
                assert answer.headers["content-type"].startswith("application/scim+json")
                assert (answer.json()["schemas"], answer.json()["status"]) == ([ERROR], "403")
                assert "hr_system" in answer.json()["detail"]


@pytest.mark.security
async def test_without_a_token_that_holds_nothing_is_told_but_what_the_server_can_do(
    served: Served, subtests: pytest.Subtests
) -> None:
    ways = (("GET", "/Users"), ("POST", "/Bulk"), ("DELETE", "/Users/x"), ("GET", "/"))
    async with httpx.AsyncClient(base_url=f"{served.url}/scim/v2", timeout=60, trust_env=False) as client:
        for headers in ({}, {"authorization": "Bearer forged.token.here"}, {"authorization": "Basic eDp5"}):
            with subtests.test(str(headers)):
                for method, path in ways:
                    answer = await client.request(method, path, headers=headers)
                    assert (answer.status_code, answer.json()["schemas"]) == (HTTPStatus.UNAUTHORIZED, [ERROR])
                    assert answer.headers["www-authenticate"].startswith("Bearer")
                published = await client.get("/ServiceProviderConfig", headers=headers)
                assert published.status_code == HTTPStatus.OK


async def test_a_change_of_an_outdated_version_is_refused(served: Served) -> None:
    async with served.client() as client:
        made = await client.post("/Users", json=user("wang.wu"))
        path, first = f"/Users/{made.json()['id']}", made.headers["etag"]
        assert made.headers["location"] == f"{served.url}/scim/v2{path}"
        changed = await client.put(path, json=user("wang.wu") | {"nickName": "一"}, headers={"if-match": first})
        assert (changed.status_code, changed.headers["etag"] != first) == (HTTPStatus.OK, True)
        late = await client.put(path, json=user("wang.wu") | {"nickName": "二"}, headers={"if-match": first})
        assert (late.status_code, late.json()["schemas"]) == (HTTPStatus.PRECONDITION_FAILED, [ERROR])
        assert (await client.delete(path, headers={"if-match": first})).status_code == HTTPStatus.PRECONDITION_FAILED
        same = await client.get(path, headers={"if-none-match": changed.headers["etag"]})
        assert same.status_code == HTTPStatus.NOT_MODIFIED
        assert (await client.get(path)).json()["nickName"] == "一"


async def test_a_user_name_is_taken_whatever_its_case_until_it_is_free_again(served: Served) -> None:
    async with served.client() as client:
        first = (await client.post("/Users", json=user("wang.wu"))).json()["id"]
        again = await client.post("/Users", json=user("WANG.WU"))
        assert (again.status_code, again.json()["scimType"]) == (HTTPStatus.CONFLICT, "uniqueness")
        assert (await client.delete(f"/Users/{first}")).status_code == HTTPStatus.NO_CONTENT
        assert (await client.post("/Users", json=user("wang.wu"))).status_code == HTTPStatus.CREATED
        assert (await client.get(f"/Users/{first}")).status_code == HTTPStatus.NOT_FOUND


async def test_a_bulk_request_resolves_what_refers_to_one_another_and_reports_each_fault(served: Served) -> None:
    group = {"schemas": [GROUP], "displayName": "工程部", "members": [{"value": "bulkId:one"}]}
    operations = [
        {"method": "POST", "path": "/Groups", "bulkId": "two", "data": group},
        {"method": "POST", "path": "/Users", "bulkId": "one", "data": user("wang.wu")},
        {"method": "POST", "path": "/Users", "bulkId": "three", "data": user("wang.wu")},
        {"method": "DELETE", "path": "/Users/nobody"},
    ]
    async with served.client() as client:
        answer = await client.post("/Bulk", json={"schemas": [BULK], "Operations": operations})
        done = answer.json()["Operations"]
        assert [one["status"] for one in done] == ["201", "201", "409", "404"]
        made = (await client.get(done[0]["location"])).json()
        member = (await client.get("/Users", params={"filter": 'userName eq "wang.wu"'})).json()["Resources"][0]["id"]
        assert made["members"][0]["value"] == member
        many = [{"method": "DELETE", "path": f"/Users/{n}"} for n in range(501)]
        refused = await client.post("/Bulk", json={"schemas": [BULK], "Operations": many})
        assert (refused.status_code, refused.json()["schemas"]) == (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, [ERROR])


async def test_what_is_no_resource_is_refused_in_scims_own_words(served: Served, subtests: pytest.Subtests) -> None:
    async with served.client() as client:
        for broken in (b"{", b"[]", b'{"schemas": ["urn:x"], "userName": 1}', b"\xff\xfe"):
            with subtests.test(repr(broken)):
                answer = await client.post("/Users", content=broken, headers={"content-type": "application/scim+json"})
                assert (answer.status_code, answer.json()["schemas"]) == (HTTPStatus.BAD_REQUEST, [ERROR])
        assert (await client.get("/Users", params={"filter": "userName eq"})).status_code == HTTPStatus.BAD_REQUEST
