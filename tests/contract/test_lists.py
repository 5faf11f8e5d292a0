"""Every list of every service has one form: a page, asked for by the same names (docs/decisions/0033)."""

from collections.abc import Iterator
from typing import Any

import pytest

from infra.contracts.catalogue import openapi
from infra.local.management import SERVICES

Json = dict[str, Any]
PAGE = {"items", "total", "next"}
ONE_THING = "one thing with its own parts, as long as what is recorded about it"
AS_OF_A_DAY = "one picture of a whole day; a part of it would say something else"
OF_ONE_REVIEW = "one review as it is explained; its parts belong together"
DOCUMENTS = {
    "/activities/{key}": ONE_THING,
    "/arrivals/{key}": ONE_THING,
    "/departments/{key}": ONE_THING,
    "/rules/{key}": ONE_THING,
    "/brands/{key}": ONE_THING,
    "/brands/{key}/diff": "the differences of two texts, read as one",
    "/calendars/{year}": ONE_THING,
    "/hr/employees/{key}": ONE_THING,
    "/hr/runs/{key}": ONE_THING,
    "/people/{key}": ONE_THING,
    "/programme": ONE_THING,
    "/matrix": AS_OF_A_DAY,
    "/organisations/{key}/roster": AS_OF_A_DAY,
    "/tree": AS_OF_A_DAY,
    "/absences/{person}": ONE_THING,
    "/campaigns/{key}": ONE_THING,
    "/campaigns/{key}/cards/{brand}": ONE_THING,
    "/campaigns/{key}/file": ONE_THING,
    "/management-rules": ONE_THING,
    "/management-rules/versions/{number}": ONE_THING,
    "/procedures/{key}/versions/{number}": ONE_THING,
    "/recheck-rounds/{key}": ONE_THING,
    "/reviews/{key}": ONE_THING,
    "/reviews/{key}/explanation": OF_ONE_REVIEW,
    "/reviews/{key}/history": OF_ONE_REVIEW,
    "/reviews/{key}/opinions": OF_ONE_REVIEW,
    "/reviews/{key}/suggestions": OF_ONE_REVIEW,
    "/rubrics/{key}/versions/{number}": ONE_THING,
    "/standings/{brand}": ONE_THING,
    "/standings/{brand}/evidence": ONE_THING,
}
"""What answers with a list inside and is none, and why."""
FILTERS = {
    "brand", "channel", "committee", "department", "failed", "focus", "from", "indicator", "kind", "level", "name",
    "organisation", "outcome", "owner", "parent", "person", "source", "state", "to", "todo", "type",
}  # fmt: skip
"""The names by which lists are filtered; the same thing has the same name everywhere."""


def reads(service: str) -> Iterator[tuple[str, Json, Json]]:
    """Each GET route with its parameters in the query and what it answers."""
    document = openapi(service)
    for path, methods in document["paths"].items():
        if "get" in methods:
            content = methods["get"]["responses"]["200"].get("content", {}).get("application/json", {})
            asked = {one["name"]: one for one in methods["get"].get("parameters", ()) if one["in"] == "query"}
            yield path, asked, resolved(content.get("schema", {}), document)


def resolved(schema: Json, document: Json) -> Json:
    """The schema itself, where it is named elsewhere."""
    name = schema.get("$ref", "").rpartition("/")[2]
    return dict(document["components"]["schemas"][name]) if name else schema


def holds_a_list(schema: Json) -> bool:
    """Whether it is a list, or has one among its fields."""
    fields = schema.get("properties", {}).values()
    kinds = [kind for field in fields for kind in (field, *field.get("anyOf", ()))]
    return schema.get("type") == "array" or any(kind.get("type") == "array" for kind in kinds)


@pytest.mark.parametrize("service", SERVICES)
def test_what_answers_a_list_answers_a_page(service: str) -> None:
    lists = [path for path, _, answer in reads(service) if holds_a_list(answer) and path not in DOCUMENTS]
    pages = [path for path, _, answer in reads(service) if answer.get("properties", {}).keys() >= PAGE]
    assert lists == pages
    assert len(pages) > 4


def test_what_is_named_as_no_list_is_there_and_has_one() -> None:
    found = {path for service in SERVICES for path, _, answer in reads(service) if holds_a_list(answer)}
    assert DOCUMENTS.keys() - found == set()
    assert not any(
        answer.get("type") == "array" for service in SERVICES for path, _, answer in reads(service) if path in DOCUMENTS
    )


@pytest.mark.parametrize("service", SERVICES)
def test_pages_are_asked_for_by_the_agreed_names(service: str) -> None:
    forms = []
    for path, asked, answer in reads(service):
        if not answer.get("properties", {}).keys() >= PAGE:
            assert not asked.keys() & {"limit", "after", "sort"}, path
            continue
        sort = asked.pop("sort", {"schema": {"enum": ["id", "-id"]}})["schema"]["enum"]
        assert {one.removeprefix("-") for one in sort} == {sort[0].removeprefix("-")}, path
        assert len(sort) == 2, path
        forms.append([asked.pop(name)["schema"] for name in ("limit", "after")])
        assert asked.keys() <= FILTERS, path
    assert all(form == forms[0] for form in forms)
