"""Commands over HTTP with the real MongoDB: one key, one effect; every failure a problem; the correlation is kept."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client import generate_latest
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from infra.kernel.events import Cause
from infra.storage.mongo import Mongo, PyMongoError
from infra.storage.store import Store
from infra.web.auth import Tokens
from infra.web.http import make_app
from tests.support.harness import tally
from tests.support.harness.environment import Environment
from tests.support.harness.forgery import Mint
from tests.support.harness.tally_service import routes

PROBLEM = "application/problem+json"


class Desk:
    """A small application on a real store, and people who ask it."""

    def __init__(self, environment: Environment, home: Path, **settings: str) -> None:
        self.mint = Mint(home)
        self.settings = environment.settings("tally", auth_jwks_file=str(self.mint.issuer.jwks_file), **settings)
        self.mongo = Mongo(self.settings)
        self.counters = Store(self.mongo, "counters", tally.Counter)
        self.app: FastAPI = make_app(
            ("计数", "Tally"), Tokens(self.settings), [routes(self.counters)], self._missing, PyMongoError
        )
        transport = httpx.ASGITransport(self.app)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://test", timeout=30)

    @staticmethod
    async def _missing() -> tuple[dict[str, str], dict[str, str]]:
        return {}, {}

    async def post(self, path: str, body: object = None, *, key: str | None = None, **more: Any) -> httpx.Response:  # noqa: ANN401 - header values
        """Command as a person (``by``), under an Idempotency-Key."""
        token = self.mint.issuer.token(more.pop("by", "10001"))
        headers = {"authorization": f"Bearer {token}", **({"idempotency-key": key} if key else {}), **more}
        return await self.http.post(path, json={} if body is None else body, headers=headers)

    async def document(self, key: str) -> dict[str, Any]:
        """What is stored."""
        return dict(await self.mongo.collection("counters").find_one({"_id": key}) or {})

    async def total(self, key: str) -> int:
        """How far a counter got."""
        return int((await self.document(key))["total"])


@pytest.fixture
async def desk(databases: Environment, tmp_path: Path) -> AsyncIterator[Desk]:
    made = Desk(databases, tmp_path)
    await made.counters.prepare()
    yield made
    await made.mongo.close()


async def test_the_same_key_gets_the_same_answer_and_one_effect(desk: Desk) -> None:
    first, again = [await desk.post("/counters/a/steps", {"by": 2}, key="k1") for _ in range(2)]
    assert first.json() == {"id": "a", "version": 1, "repeated": False}
    assert again.json() == first.json() | {"repeated": True}
    assert await desk.total("a") == 2


async def test_a_lost_answer_is_given_again_even_after_other_commands(desk: Desk) -> None:
    first = await desk.post("/counters/a/steps", key="k1")
    for n in range(5):
        await desk.post("/counters/a/steps", key=f"other{n}")
    assert (await desk.post("/counters/a/steps", key="k1")).json()["version"] == first.json()["version"]
    assert await desk.total("a") == 6


@pytest.mark.parametrize("path", ["/counters/a/steps", "/counters"], ids=["change", "creation"])
async def test_twenty_repeats_at_once_have_one_effect(desk: Desk, path: str) -> None:
    answers = await asyncio.gather(*(desk.post(path, {"by": 3}, key="k1") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({(answer.json()["id"], answer.json()["version"]) for answer in answers}) == 1
    assert [answer.json()["repeated"] for answer in answers].count(False) == 1
    assert await desk.total(answers[0].json()["id"]) == 3
    assert await desk.counters.count() == 1


async def test_a_key_with_other_content_is_refused_and_changes_nothing(desk: Desk) -> None:
    await desk.post("/counters/a/steps", {"by": 1}, key="k1")
    other = await desk.post("/counters/a/steps", {"by": 2}, key="k1")
    assert (other.status_code, other.headers["content-type"]) == (422, PROBLEM)
    assert other.json()["type"] == "/problems/idempotency.key_reused"
    assert await desk.total("a") == 1


async def test_without_a_key_every_command_is_a_new_one(desk: Desk) -> None:
    answers = [await desk.post("/counters/a/steps") for _ in range(2)]
    assert [answer.json()["version"] for answer in answers] == [1, 2]
    assert await desk.total("a") == 2


async def test_the_etag_of_an_answer_is_what_the_next_command_may_be_based_on(desk: Desk) -> None:
    first = await desk.post("/counters/a/steps")
    assert first.headers["etag"] == '"1"'
    second = await desk.post("/counters/a/steps", **{"if-match": first.headers["etag"]})
    assert (second.status_code, second.headers["etag"]) == (200, '"2"')
    for stale in (first.headers["etag"], '"none of ours"'):
        answer = await desk.post("/counters/a/steps", **{"if-match": stale})
        assert (answer.status_code, answer.json()["type"]) == (412, "/problems/version.stale")
    assert (await desk.post("/counters/a/steps", **{"if-match": "*"})).status_code == 200


async def test_two_people_with_the_same_key_mean_two_commands(desk: Desk) -> None:
    answers = [await desk.post("/counters", key="k1", by=person) for person in ("10001", "10002")]
    assert len({answer.json()["id"] for answer in answers}) == 2


async def test_a_refused_command_may_be_tried_again_with_its_key(desk: Desk) -> None:
    await desk.counters.create(lambda: (tally.Counter(id="a", limit=0), []), cause=cause())
    refused = await desk.post("/counters/a/steps", key="k1")
    assert (refused.status_code, refused.json()["field"], refused.json()["detail"]) == (409, "/by", "已满。")
    await desk.counters.update("a", lambda counter: (counter.becomes(limit=5), []), cause=cause())
    assert (await desk.post("/counters/a/steps", key="k1")).status_code == 200


def cause() -> Cause:
    return Cause(id=uuid.uuid4().hex, at=datetime.now(UTC), correlation="test")


@pytest.mark.parametrize("key", ["", "k" * 201])
async def test_a_key_of_no_sensible_length_is_refused(desk: Desk, key: str) -> None:
    answer = await desk.post("/counters/a/steps", **{"idempotency-key": key})
    assert (answer.status_code, answer.json()["field"]) == (422, "header:/idempotency-key")


async def test_a_misspelt_field_is_refused_not_lost(desk: Desk) -> None:
    answer = await desk.post("/counters/a/steps", {"bye": 2})
    assert (answer.status_code, answer.json()["field"]) == (422, "/bye")
    assert await desk.counters.count() == 0


async def test_the_correlation_goes_from_the_request_into_the_fact_and_back_to_the_caller(desk: Desk) -> None:
    answer = await desk.post("/counters/a/steps", **{"x-correlation-id": "case-7"})
    (fact,) = (await desk.document("a"))["outbox"]
    assert (answer.headers["x-correlation-id"], fact["correlationid"]) == ("case-7", "case-7")
    fresh = await desk.post("/counters/a/steps")
    assert (await desk.document("a"))["outbox"][1]["correlationid"] == fresh.headers["x-correlation-id"] != "case-7"


async def test_a_very_long_correlation_is_cut_not_stored(desk: Desk) -> None:
    answer = await desk.post("/counters/a/steps", **{"x-correlation-id": "c" * 5000})
    assert len(answer.headers["x-correlation-id"]) == 100


async def test_a_problem_carries_the_correlation_too(desk: Desk) -> None:
    answer = await desk.post("/counters/a/steps", {"by": 0}, **{"x-correlation-id": "case-8"})
    assert (answer.json()["correlationid"], answer.headers["x-correlation-id"]) == ("case-8", "case-8")


async def test_a_bug_is_a_problem_without_its_stack_and_with_the_id_to_ask_for(desk: Desk) -> None:
    with capture_logs([merge_contextvars]) as logged:
        answer = await desk.post("/bugs", **{"x-correlation-id": "case-9"})
    assert (answer.status_code, answer.headers["content-type"]) == (500, PROBLEM)
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.json()["correlationid"] == answer.headers["x-correlation-id"] == "case-9"
    assert [(entry["event"], entry["correlation"]) for entry in logged] == [("http.bug", "case-9")]
    assert (
        b'brandmatrix_http_request_duration_seconds_count{method="POST",route="/bugs",status="500"}'
        in generate_latest()
    )


async def test_a_body_too_large_or_of_no_stated_length_is_refused_before_it_is_read(desk: Desk) -> None:
    huge = await desk.http.post("/counters/a/steps", content=b"x" * 1_000_001)
    assert (huge.status_code, huge.json()["type"]) == (413, "/problems/body.too_large")

    async def endless() -> AsyncIterator[bytes]:
        yield b"{}"

    chunked = await desk.http.post("/counters/a/steps", content=endless())
    assert (chunked.status_code, chunked.json()["type"]) == (411, "/problems/body.length_required")


async def test_an_unknown_address_is_a_problem(desk: Desk) -> None:
    answer = await desk.post("/nowhere")
    assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM)


async def test_what_is_not_there_is_a_problem_with_its_name(desk: Desk) -> None:
    headers = {"authorization": f"Bearer {desk.mint.issuer.token('10001')}"}
    answer = await desk.http.get("/counters/nobody", headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/counter.not_found")
    assert "nobody" in answer.json()["detail"]


async def test_without_a_token_nothing_is_read_and_nothing_is_done(desk: Desk) -> None:
    await desk.post("/counters/a/steps")
    refused = [await desk.http.post("/counters/a/steps", json={}), await desk.http.get("/counters/a")]
    assert [answer.status_code for answer in refused] == [401, 401]
    assert {answer.headers["www-authenticate"] for answer in refused} == {"Bearer"}
    assert await desk.total("a") == 1


async def test_an_unreachable_database_is_a_problem_that_says_what_to_do(
    databases: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.storage.mongo.SELECTION_SECONDS", 0.5)
    desk = Desk(databases, tmp_path, mongo_url="mongodb://127.0.0.1:1/?directConnection=true")
    answer = await desk.post("/counters/a/steps", key="k1")
    assert (answer.status_code, answer.headers["content-type"], answer.headers["retry-after"]) == (503, PROBLEM, "2")
    assert "Idempotency-Key" in answer.json()["detail"]
    await desk.mongo.close()
