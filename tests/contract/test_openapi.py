"""The HTTP side as it describes itself: every operation named in both languages, every refusal a problem document."""

import importlib
from collections.abc import Iterator
from typing import Any

import pytest

from infra.local.management import SERVICES
from infra.runtime.service import Service
from infra.web.problems import MEDIA_TYPE

Json = dict[str, Any]
OPERATIONS = {"get", "put", "post", "patch", "delete"}


def described(service: str) -> Json:
    """The OpenAPI document of a service, made without any server."""
    made: Service = importlib.import_module(f"services.{service}.app").build()
    return made.app.openapi()


@pytest.fixture(scope="module", params=SERVICES)
def document(request: pytest.FixtureRequest) -> Json:
    return described(request.param)


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
    def told(summary: str) -> bool:
        return any(ord(sign) > 0x2E80 for sign in summary) and any(
            sign.isascii() and sign.isalpha() for sign in summary
        )

    assert [name for name, one in operations(document) if not told(one.get("summary", ""))] == []


def test_every_refusal_is_described_as_the_problem_it_is(document: Json) -> None:
    for name, one in operations(document):
        refusals = {code: answer.get("content", {}) for code, answer in one["responses"].items() if code[0] in "45"}
        assert MEDIA_TYPE in refusals["4XX"], name
        assert {kind for content in refusals.values() for kind in content} == {MEDIA_TYPE}, name
    assert not {"HTTPValidationError", "ValidationError"} & document.get("components", {}).get("schemas", {}).keys()


def test_every_command_takes_an_idempotency_key(document: Json) -> None:
    for name, one in operations(document):
        taken = {parameter["name"] for parameter in one.get("parameters", ())}
        assert ("idempotency-key" in taken) is not name.startswith("GET "), name


def test_operations_are_told_apart(document: Json) -> None:
    ids = [one["operationId"] for _, one in operations(document)]
    assert len(set(ids)) == len(ids)


def test_no_body_swallows_a_misspelt_field(document: Json) -> None:
    schemas = document.get("components", {}).get("schemas", {})
    for name, one in operations(document):
        for content in one.get("requestBody", {}).get("content", {}).values():
            reference = content["schema"].get("$ref")
            if reference:
                body = schemas[reference.rpartition("/")[2]]
                assert body.get("additionalProperties") is False, f"{name}: {reference}"
