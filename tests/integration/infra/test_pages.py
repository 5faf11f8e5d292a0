"""Pages of the real MongoDB, by every kind of value that a list may be sorted by; and queries that nobody knows."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from infra.kernel.errors import Invalid
from infra.kernel.paging import Page, Paging
from infra.storage.collections import Mirrored, Projection
from infra.storage.mongo import Mongo, PyMongoError
from infra.web.auth import Tokens
from infra.web.http import Paged, Reader, make_app
from tests.support.harness.environment import Environment
from tests.support.harness.forgery import Mint

MOMENT = datetime(2026, 3, 1, 8, 0, 0, 123000, tzinfo=UTC)
KINDS: dict[str, list[Any]] = {
    "numbers": [3, None, 1, 2.5, 1, None],
    "texts": ["b", None, "品牌", "a", "a", None],
    "moments": [MOMENT, None, MOMENT.replace(year=1969), MOMENT, None, MOMENT.replace(year=2999)],
    "days": [date(2026, 3, 1), None, date(2025, 12, 31), date(2026, 3, 1), None, date(2027, 1, 1)],
    "nothing": [None] * 6,
}


class Row(Mirrored):
    """Something with a value that may be missing."""

    value: Any = None
    place: str = "a"


class Sorted(Paging):
    """By the value, up or down."""

    sort: Literal["value", "-value"] = "value"


class Twofold(Paging):
    """By two fields in different directions."""

    @property
    def order(self) -> tuple[str, ...]:
        return ("-value", "place")


@pytest.fixture
async def rows(databases: Environment) -> AsyncIterator[Projection[Row]]:
    """A collection of its own."""
    mongo = Mongo(databases.settings("tally"))
    yield Projection(mongo, "rows", Row)
    await mongo.close()


async def fill(rows: Projection[Row], values: list[Any]) -> None:
    """One row for each value; one more has no such field at all."""
    await rows.save([Row(id=f"k{n}", version=1, value=value) for n, value in enumerate(values)])
    await rows._collection.insert_one({"_id": "k9", "version": 1})


async def walked(rows: Projection[Row], ask: Paging, where: dict[str, Any] | None = None) -> list[str]:
    """The ids met from page to page."""
    met: list[str] = []
    while True:
        page = await rows.page(where or {}, ask)
        assert len(page.items) <= ask.limit
        met += [one.id for one in page.items]
        if page.next is None:
            return met
        ask = ask.model_copy(update={"after": page.next})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("sort", ["value", "-value"])
@pytest.mark.parametrize("limit", [1, 2, 3, 7])
async def test_page_by_page_is_the_whole_list_in_its_order(
    rows: Projection[Row], kind: str, sort: Literal["value", "-value"], limit: int
) -> None:
    await fill(rows, KINDS[kind])
    direction = -1 if sort.startswith("-") else 1
    whole = [one.id for one in await rows.find(sort=(("value", direction), ("_id", direction)), limit=0)]
    assert await walked(rows, Sorted(sort=sort, limit=limit)) == whole
    assert (await rows.page({}, Sorted(sort=sort, limit=1))).total == 7


async def test_two_fields_in_two_directions(rows: Projection[Row]) -> None:
    await rows.save([Row(id=f"k{n}", version=1, value=n % 3 or None, place="ab"[n % 2]) for n in range(12)])
    whole = [one.id for one in await rows.find(sort=(("value", -1), ("place", 1), ("_id", 1)), limit=0)]
    assert await walked(rows, Twofold(limit=2)) == whole


async def test_what_is_added_meanwhile_repeats_and_hides_nothing(rows: Projection[Row]) -> None:
    await fill(rows, KINDS["numbers"])
    before, met, ask = {f"k{n}" for n in range(6)} | {"k9"}, list[str](), Sorted(sort="-value", limit=2)
    while True:
        page = await rows.page({}, ask)
        met += [one.id for one in page.items]
        await rows.save([Row(id=f"new{len(met)}{n}", version=1, value=n) for n in (0, 2, 9)])
        if page.next is None:
            break
        ask = ask.model_copy(update={"after": page.next})
    assert len(met) == len(set(met))
    assert before <= set(met)


async def test_a_filter_holds_on_every_page(rows: Projection[Row]) -> None:
    await rows.save([Row(id=f"k{n}", version=1, place="ab"[n % 2]) for n in range(9)])
    either = {"$or": [{"place": "a"}, {"place": "c"}]}
    assert await walked(rows, Paging(limit=2), either) == ["k0", "k2", "k4", "k6", "k8"]


async def test_a_cursor_of_another_list_or_order_is_refused(rows: Projection[Row]) -> None:
    await fill(rows, KINDS["numbers"])
    there = (await rows.page({}, Sorted(limit=1))).next
    for other in (Sorted(sort="-value", after=there), Paging(after=there), Twofold(after=there)):
        with pytest.raises(Invalid):
            await rows.page({}, other)
    with pytest.raises(Invalid):
        await Projection(rows.mongo, "others", Row).page({}, Sorted(after=there))


class Asker:
    """A small application with a list, and somebody who asks it."""

    def __init__(self, environment: Environment, home: Path) -> None:
        mint = Mint(home)
        settings = environment.settings("tally", auth_jwks_file=str(mint.issuer.jwks_file))
        self.mongo = Mongo(settings)
        self.rows = Projection(self.mongo, "rows", Row)
        self.app: FastAPI = make_app(("列表", "Lists"), Tokens(settings), [self._routes()], self._missing, PyMongoError)
        self._headers = {"authorization": f"Bearer {mint.issuer.token('10001')}"}
        self._http = httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://test")

    def _routes(self) -> APIRouter:
        router = APIRouter(prefix="/rows", tags=["rows"])

        @router.get("")
        async def listed(_: Reader, ask: Paged) -> Page[Row]:
            return await self.rows.page({}, ask)

        @router.get("/{key}")
        async def one(key: str, _: Reader, place: str | None = None) -> Row:
            return Row(id=key, version=1, place=place or "")

        return router

    @staticmethod
    async def _missing() -> tuple[dict[str, str], dict[str, str]]:
        return {}, {}

    async def get(self, path: str, *, signed_in: bool = True) -> httpx.Response:
        """What is answered."""
        return await self._http.get(path, headers=self._headers if signed_in else {})


@pytest.fixture
async def asker(databases: Environment, tmp_path: Path) -> AsyncIterator[Asker]:
    """An application on the real database."""
    made = Asker(databases, tmp_path)
    await made.rows.save([Row(id=f"k{n}", version=1) for n in range(3)])
    yield made
    await made.mongo.close()


@pytest.mark.parametrize(
    ("path", "code", "field", "known"),
    [
        ("/rows?overdue=1", "query.unknown", "query:/overdue", "limit"),
        ("/rows?skip=1&limit=1", "query.unknown", "query:/skip", "after"),
        ("/rows/k1?key=k2", "query.unknown", "query:/key", "place"),
        ("/rows/k1?a/b=1", "query.unknown", "query:/a~1b", "place"),
        ("/rows?limit=1&limit=2", "query.repeated", "query:/limit", "limit"),
        ("/rows/k1?place=a&place=a", "query.repeated", "query:/place", "place"),
    ],
)
async def test_a_query_that_the_route_does_not_know_is_refused(
    asker: Asker, path: str, code: str, field: str, known: str
) -> None:
    answer = await asker.get(path)
    problem = answer.json()
    assert (answer.status_code, problem["type"], problem["field"]) == (422, f"/problems/{code}", field)
    assert known in problem["detail"]
    assert known in problem["detail_en"]
    assert (await asker.get(path, signed_in=False)).status_code == 401


async def test_who_watches_a_service_may_add_what_they_like(asker: Asker) -> None:
    for path in ("/livez?probe=1", "/readyz?probe=1", "/metrics?name=x&name=y", "/docs?theme=dark"):
        assert (await asker.get(path)).is_success, path


@pytest.mark.parametrize("after", ["x", "%00", "%ED%A0%80", "W10", "x" * 1999])
async def test_a_forged_cursor_is_wrong_input(asker: Asker, after: str) -> None:
    answer = await asker.get(f"/rows?after={after}")
    assert (answer.status_code, answer.json()["field"]) == (422, "query:/after")


async def test_pages_over_http(asker: Asker) -> None:
    first = (await asker.get("/rows?limit=2")).json()
    last = (await asker.get(f"/rows?limit=2&after={first['next']}")).json()
    assert [one["id"] for one in (*first["items"], *last["items"])] == ["k0", "k1", "k2"]
    assert (first["total"], last["total"], last["next"]) == (3, 3, None)
