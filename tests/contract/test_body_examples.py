"""Every request body shows an example that it takes, and no schema shows one that it does not."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

SERVICES = ("registry", "activities", "notify")
OPENAPI = Path(__file__).parents[2] / "docs" / "openapi"


def document(service: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((OPENAPI / f"{service}.json").read_text(encoding="utf-8"))
    return found


def bodies(api: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The JSON bodies by operation; an optional one is the schema that is not null."""
    for ways in api["paths"].values():
        for operation in ways.values():
            schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            if schema is not None:
                named = next(one for one in (schema, *schema.get("anyOf", ())) if "$ref" in one)
                yield operation["operationId"], api["components"]["schemas"][named["$ref"].rpartition("/")[2]]


@pytest.mark.parametrize("service", SERVICES)
def test_every_body_shows_an_example(service: str) -> None:
    assert [name for name, schema in bodies(document(service)) if not schema.get("examples")] == []


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_shown_is_taken(service: str) -> None:
    api = document(service)
    wrong = [
        (name, error.message)
        for name, schema in api["components"]["schemas"].items()
        for example in schema.get("examples", ())
        for error in jsonschema_rs.Draft202012Validator(
            {**schema, "components": api["components"]}, validate_formats=True
        ).iter_errors(example)
    ]
    assert wrong == []
