"""The HTTP side as it describes itself: every operation named in both languages, every refusal a problem document."""

import importlib
import json
import re
from collections.abc import AsyncIterator, Iterator
from html import escape
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.local.management import SERVICES
from infra.runtime.service import Service
from infra.web.pages import codes
from infra.web.problems import MEDIA_TYPE

Json = dict[str, Any]
ROOT = Path(__file__).parents[2]
OPERATIONS = {"get", "put", "post", "patch", "delete"}


@pytest.fixture(scope="module", params=SERVICES)
def document(request: pytest.FixtureRequest) -> Json:
    """As it is recorded; ``test_contracts`` says that it is fresh."""
    recorded: Json = json.loads((ROOT / "docs" / "openapi" / f"{request.param}.json").read_text("utf-8"))
    return recorded


def operations(document: Json) -> Iterator[tuple[str, Json]]:
    for path, methods in document["paths"].items():
        yield from ((f"{method.upper()} {path}", one) for method, one in methods.items() if method in OPERATIONS)


def test_a_service_describes_itself(document: Json) -> None:
    assert document["openapi"].startswith("3.1")
    assert len(list(operations(document))) > 2, "more than its health"
    chinese, _, english = document["info"]["title"].partition(" · ")
    assert english.isascii()
    assert not chinese.isascii()


def test_every_operation_has_a_summary_in_both_languages(document: Json) -> None:
    def published(summary: str) -> bool:
        return any(ord(sign) > 0x2E80 for sign in summary) and any(
            sign.isascii() and sign.isalpha() for sign in summary
        )

    assert [name for name, one in operations(document) if not published(one.get("summary", ""))] == []


def test_every_refusal_is_described_as_the_problem_it_is(document: Json) -> None:
    """Once for all: each operation refers to it."""
    shared = document["components"]["responses"]
    assert shared.keys() == {"4XX", "5XX"}
    for answer in shared.values():
        assert answer["content"] == {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for name, one in operations(document):
        answers = one["responses"]
        for status in shared:
            assert answers[status] == {"$ref": f"#/components/responses/{status}"}, name
        own = [answer.get("content", {}) for status, answer in answers.items() if status[0] in "45"]
        assert {kind for content in own for kind in content} <= {MEDIA_TYPE}, name
    schemas = document["components"]["schemas"]
    assert {"title_en", "detail_en", "status"} <= set(schemas["Problem"]["required"])
    assert not {"HTTPValidationError", "ValidationError"} & schemas.keys()


def test_every_command_takes_an_idempotency_key(document: Json) -> None:
    for name, one in operations(document):
        taken = {parameter["name"] for parameter in one.get("parameters", ())}
        assert ("idempotency-key" in taken) is not name.startswith("GET "), name


def test_operations_have_names_that_a_client_can_use(document: Json) -> None:
    ids = [one["operationId"] for _, one in operations(document)]
    assert len(set(ids)) == len(ids)
    assert [one for one in ids if not re.fullmatch("(get|put|post|patch|delete)(_[a-z0-9]+)+", one)] == []


def test_tags_are_english_and_explained_in_chinese(document: Json) -> None:
    explained = {tag["name"]: tag["description"] for tag in document["tags"]}
    for name, one in operations(document):
        assert len(one["tags"]) == 1, name
        assert one["tags"][0].isascii(), name
    assert all(not description.isascii() for description in explained.values())
    assert {one["tags"][0] for _, one in operations(document)} == explained.keys()


def test_every_operation_but_health_says_that_it_wants_a_token(document: Json) -> None:
    """So that the API pages have Authorize, and a client knows where to put its token."""
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    open_to_all = {name for name, one in operations(document) if not one.get("security")}
    assert open_to_all == {"GET /livez", "GET /readyz"}


@pytest.fixture(scope="module")
def notify() -> Service:
    made: Service = importlib.import_module("services.notify.app").build()
    return made


@pytest.fixture
async def pages(notify: Service) -> AsyncIterator[httpx.AsyncClient]:
    """A service's pages, which need no server."""
    transport = httpx.ASGITransport(notify.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://notify") as client:
        yield client


async def test_every_problem_leads_to_a_page_that_explains_it(pages: httpx.AsyncClient) -> None:
    index = (await pages.get("/problems")).text
    for code, entry in codes().items():
        page = await pages.get(f"/problems/{code}")
        assert page.is_success, code
        assert f'href="problems/{escape(code)}"' in index
        for zh, en in entry["sentences"]:
            assert escape(zh) in page.text
            assert escape(en) in page.text


@pytest.mark.parametrize("code", ["run.not_open", "activity.not_planned", "brand.not_found", "when.field"])
async def test_a_code_that_is_made_at_run_time_is_explained_too(pages: httpx.AsyncClient, code: str) -> None:
    assert code not in codes()
    assert (await pages.get(f"/problems/{code}")).is_success


async def test_a_code_that_nobody_uses_has_no_page(pages: httpx.AsyncClient) -> None:
    answer = await pages.get("/problems/no.such.code")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/problem.unknown")


async def test_the_root_leads_to_the_api_pages_with_their_button_for_a_token(pages: httpx.AsyncClient) -> None:
    start = await pages.get("/")
    docs = await pages.get(str(start.headers["location"]))
    assert docs.is_success
    assert "persistAuthorization" in docs.text


def test_no_body_swallows_a_misspelt_field(document: Json) -> None:
    schemas = document.get("components", {}).get("schemas", {})
    for name, one in operations(document):
        for content in one.get("requestBody", {}).get("content", {}).values():
            reference = content["schema"].get("$ref")
            if reference:
                body = schemas[reference.rpartition("/")[2]]
                assert body.get("additionalProperties") is False, f"{name}: {reference}"
