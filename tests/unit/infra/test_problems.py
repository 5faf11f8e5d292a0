"""Errors as RFC 9457 problem documents: Chinese first, English beside it, and a JSON Pointer to the field."""

from typing import Annotated, Any

import httpx
import pytest
from fastapi import FastAPI, Header
from jsonpointer import JsonPointer
from pydantic import Field

from infra.kernel.errors import NotYet, Problem, Refused, Unauthorised
from infra.storage.mongo import PyMongoError
from infra.web import problems
from infra.web.http import Body
from infra.web.problems import MEDIA_TYPE, answer_problems


class Known(Body):
    """One of two shapes of a value."""

    value: str = Field(min_length=1)


class Block(Body):
    """A block with a name that needs escaping in a pointer."""

    title: str = Field(min_length=1, max_length=5)
    rows: int = Field(default=0, ge=0)
    odd: int = Field(default=0, alias="a/b~c")


class Draft(Body):
    """A body with nested fields."""

    name: str | Known
    blocks: list[Block] = Field(default_factory=list)


def client(error: Exception | None = None) -> httpx.AsyncClient:
    """An application that raises this error, or answers its body."""
    app = FastAPI()
    answer_problems(app, PyMongoError)

    @app.post("/drafts")
    async def draft(draft: Draft, limit: int = 1, x_count: Annotated[int, Header()] = 1) -> int:
        if error:
            raise error
        return len(draft.blocks) + limit + x_count

    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


async def post(body: Any = None, error: Exception | None = None, **more: Any) -> httpx.Response:  # noqa: ANN401 - JSON
    async with client(error) as http:
        return await http.post("/drafts", json={"name": "a"} if body is None else body, **more)


def pointers(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 422
    assert answer.headers["content-type"] == MEDIA_TYPE
    return {error["field"]: error["detail"] for error in answer.json()["errors"]}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {"/name": "必填项缺失"}),
        ({"name": "a", "nme": "b"}, {"/nme": "不认识的字段"}),
        ({"name": "a", "blocks": "x"}, {"/blocks": "应为列表"}),
        ({"name": "a", "blocks": [{"title": "ok"}, {"title": ""}]}, {"/blocks/1/title": "内容过短或为空"}),
        ({"name": "a", "blocks": [{"title": "123456"}]}, {"/blocks/0/title": "内容过长"}),
        ({"name": "", "blocks": [{"title": "a", "rows": -1}]}, {"/blocks/0/rows": "数值过小"}),
        ({"name": "a", "blocks": [{"title": "a", "a/b~c": "x"}]}, {"/blocks/0/a~1b~0c": "应为整数"}),
        ({"name": "a", "blocks": [5]}, {"/blocks/0": "应为对象"}),
        ([], {"": "应为对象"}),
        ({"name": 5}, {"/name": "应为对象"}),
        ({"name": {"value": ""}}, {"/name": "应为文本", "/name/value": "内容过短或为空"}),
    ],
    ids=str,
)  # fmt: skip
async def test_wrong_input_is_named_by_pointer_in_both_languages(body: object, expected: dict[str, str]) -> None:
    answer = await post(body)
    assert pointers(answer) == expected
    document = answer.json()
    assert (document["type"], document["status"], document["title"]) == ("/problems/input.invalid", 422, "输入有误")
    assert document["field"] == document["errors"][0]["field"]
    assert all(error["detail_en"].isascii() for error in document["errors"])


@pytest.mark.parametrize("body", [{"name": "a", "blocks": [{"title": ""}]}, {"name": {"value": ""}}, {"name": [1]}])
async def test_a_pointer_to_what_was_sent_points_at_it(body: dict[str, Any]) -> None:
    for pointer in pointers(await post(body)):
        JsonPointer(pointer).resolve(body)


async def test_what_is_wrong_outside_the_body_says_where() -> None:
    assert set(pointers(await post(params={"limit": "x"}, headers={"x-count": "y"}))) == {
        "query:/limit",
        "header:/x-count",
    }


@pytest.mark.parametrize("content", [b"", b"{", b"[1,", b"5"])
async def test_a_body_that_is_no_json_object_is_a_problem_about_the_body(content: bytes) -> None:
    async with client() as http:
        answer = await http.post("/drafts", content=content, headers={"content-type": "application/json"})
    assert set(pointers(answer)) == {""}


HOSTILE = [
    rb'{"name":"a","\ud800":1}',
    rb'{"name":"\ud800"}',
    b'{"name":' + b"[" * 50_000,
    b'{"name":' + b"9" * 5_000 + b"}",
]


@pytest.mark.security
@pytest.mark.parametrize("content", HOSTILE, ids=["name no text", "text no text", "too deep", "too big a number"])
async def test_a_hostile_body_is_a_problem_and_no_bug(content: bytes) -> None:
    async with client() as http:
        answer = await http.post("/drafts", content=content, headers={"content-type": "application/json"})
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == MEDIA_TYPE


async def test_a_refusal_carries_code_field_and_both_sentences() -> None:
    answer = await post(error=Refused("vote.twice", zh="不能重复投票。", en="Voted already.", field="/choice"))
    assert answer.status_code == 409
    assert answer.json() == {
        "type": "/problems/vote.twice",
        "title": "当前不允许此操作",
        "title_en": "Not allowed in the current state",
        "status": 409,
        "detail": "不能重复投票。",
        "detail_en": "Voted already.",
        "field": "/choice",
    }


@pytest.mark.parametrize("kind", Problem.__subclasses__())
async def test_every_refusal_answers_its_own_status_as_a_problem(kind: type[Problem]) -> None:
    answer = await post(error=kind("some.code", zh="中文。", en="English."))
    assert (answer.status_code, answer.headers["content-type"]) == (kind.status, MEDIA_TYPE)


async def test_the_caller_is_told_what_helps() -> None:
    assert (await post(error=Unauthorised("x", zh="", en=""))).headers["www-authenticate"] == "Bearer"
    assert int((await post(error=NotYet("x", zh="", en=""))).headers["retry-after"]) > 0
    unreachable = await post(error=PyMongoError("10.0.0.1: refused"))
    assert (unreachable.status_code, int(unreachable.headers["retry-after"])) == (503, 2)
    assert "10.0.0.1" not in unreachable.text, "where the database stands is nobody's business"


async def test_an_unknown_address_and_a_wrong_method_are_problems() -> None:
    async with client() as http:
        unknown, wrong = await http.get("/nowhere"), await http.get("/drafts")
    assert (unknown.status_code, unknown.json()["title"]) == (404, "没有这个地址")
    assert (wrong.status_code, wrong.json()["title"], wrong.headers["allow"]) == (405, "此地址不支持该方法", "POST")


def test_every_sentence_for_input_is_chinese() -> None:
    assert all(not sentence.isascii() for sentence in problems.CHINESE.values())
