"""Each list of the running services is walked to its end, page by page, also while items are added."""

from collections.abc import Iterator
from typing import Any

from examples.client import Client
from infra.contracts.catalogue import openapi
from tests.support.harness.system import System

Json = dict[str, Any]
WHO = "9001"
ROLES = ("administrator@*", "party_work_department@*")
ASKED = {"organisation": "committee", "from": "2026-01-01", "to": "2026-06-30", "brand": "gps", "source": "none"}
"""What lists that want a filter are asked for."""
NOT_YET = {"/hr/holds/waiting", "/campaigns/{key}/supervision"}
"""What is of one thing that the examples do not have."""
NAMES = ("id", "number", "revision", "year", "level", "organisation", "name")
ADDED: dict[str, Json] = {
    "/people": {"name": "新来的人"},
    "/kinds": {"title": "知识竞赛", "title_en": "Quiz"},
    "/block-types": {"title": "荣誉", "title_en": "Honours", "body_schema": {"type": "object"}},
}
"""What is recorded while its list is walked."""


def lists(service: str) -> Iterator[tuple[str, set[str]]]:
    """Each list with the filters that it wants."""
    document = openapi(service)
    for path, methods in document["paths"].items():
        answered = methods.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
        name = answered.get("application/json", {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
        if {"items", "total", "next"} <= document["components"]["schemas"].get(name, {}).get("properties", {}).keys():
            wanted = {one["name"] for one in methods["get"]["parameters"] if one["in"] == "query" and one["required"]}
            yield path, wanted


def key(item: Json) -> str:
    """By what an item is told from others."""
    return next(str(item[name]) for name in NAMES if item.get(name) is not None)


class Walker:
    """Somebody who may read everything."""

    def __init__(self, system: System) -> None:
        self.client = Client(system.urls, system.token)
        self.recorded = 0

    async def get(self, service: str, path: str, **query: str) -> Json:
        """One page."""
        return dict(await self.client.get(WHO, service, path, *ROLES, **query))

    async def place(self, service: str, path: str) -> str | None:
        """The path with the first thing there is in place of its parameter."""
        before, _, after = path.partition("/{key}")
        if before == path:
            return path
        there = (await self.get(service, before, limit="1"))["items"]
        return f"{before}/{key(there[0])}{after}" if there else None

    async def record(self, service: str, path: str) -> None:
        """Something new, which may stand before or behind where the walk is."""
        self.recorded += 1
        name = f"{'az'[self.recorded % 2]}{self.recorded}x"
        await self.client.put(WHO, service, f"{path}/{name}", ADDED[path], *ROLES)

    async def walk(self, service: str, path: str, limit: int, query: dict[str, str]) -> list[str]:
        """What is met from the first page to the last."""
        met: list[str] = []
        more: dict[str, str] = {}
        while True:
            page = await self.get(service, path, limit=str(limit), **query, **more)
            met += [key(item) for item in page["items"]]
            if path in ADDED and len(met) < 40:
                await self.record(service, path)
            if page["next"] is None:
                return met
            assert len(page["items"]) == limit, path
            more = {"after": page["next"]}


async def test_each_list_is_walked_to_its_end_and_each_item_met_once(system: System) -> None:
    walker, walked = Walker(system), dict[str, int]()
    await walker.client.put(WHO, "registry", "/brands/walked", {"owner": "operations"}, *ROLES)
    for service in system.services:
        for path, wanted in lists(service):
            place = None if path in NOT_YET else await walker.place(service, path)
            if place is None:
                continue
            query = {name: ASKED[name] for name in wanted}
            whole = [key(item) for item in (await walker.get(service, place, limit="200", **query))["items"]]
            for limit in {1 if len(whole) <= 10 else 3, max(1, len(whole))}:
                met = await walker.walk(service, place, limit, query)
                assert len(met) == len(set(met)), path
                assert [one for one in met if one in whole] == whole, path
            walked[path] = len(whole)
    await walker.client.close()
    assert len(walked) > 30
    assert {path for path, count in walked.items() if count > 3} >= {"/people", "/organisations", "/kinds", "/rules"}
