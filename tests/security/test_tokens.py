"""No operation of any service answers without a token that holds; only health and metrics are open."""

import importlib
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from infra.local.management import SERVICES
from infra.web.problems import MEDIA_TYPE
from tests.support.harness.forgery import Mint

pytestmark = pytest.mark.security
Json = dict[str, Any]
ROOT = Path(__file__).parents[2]
OPEN = {"/livez", "/readyz", "/metrics"}


class Door:
    """One service's application, without any server behind it, and every way in."""

    def __init__(self, app: FastAPI, recorded: Json) -> None:
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")
        self.ways = [
            (method.upper(), path.replace("{", "").replace("}", ""))
            for path, methods in recorded["paths"].items()
            for method in methods
            if path not in OPEN
        ]

    async def knock(self, method: str, path: str, authorization: str | None, **more: Any) -> httpx.Response:  # noqa: ANN401 - of httpx
        """Ask with this header."""
        headers = {} if authorization is None else {"authorization": authorization}
        return await self.http.request(method, path, headers=headers, **more)


@pytest.fixture(scope="module")
def mint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mint]:
    made = Mint(tmp_path_factory.mktemp("mint"))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in made.environ.items():
            patch.setenv(name, value)
        yield made


@pytest.fixture(scope="module", params=SERVICES)
async def door(request: pytest.FixtureRequest, mint: Mint) -> AsyncIterator[Door]:
    assert mint
    app = importlib.import_module(f"services.{request.param}.app").build().app
    recorded = ROOT / "docs" / "openapi" / f"{request.param}.json"  # fresh, says tests/contract
    made = Door(app, json.loads(recorded.read_text("utf-8")))
    assert made.ways
    yield made
    await made.http.aclose()


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Basic YWRtaW46YWRtaW4=", "Bearer garbage"])
async def test_no_way_in_without_a_token(door: Door, authorization: str | None) -> None:
    for method, path in door.ways:
        answer = await door.knock(method, path, authorization, json={})
        assert (answer.status_code, answer.headers["content-type"]) == (401, MEDIA_TYPE), f"{method} {path}"
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_no_way_in_with_a_forged_or_worn_out_token(door: Door, mint: Mint) -> None:
    method, path = door.ways[0]
    for name, token in (mint.forged() | mint.refused()).items():
        if token.isascii():  # what a header can carry at all
            answer = await door.knock(method, path, f"Bearer {token}", json={})
            assert answer.status_code == 401, name


async def test_a_token_in_the_address_or_a_cookie_is_no_token(door: Door, mint: Mint) -> None:
    token = mint.issuer.token("10001", ["administrator@*"])
    for method, path in door.ways:
        door.http.cookies.set("authorization", f"Bearer {token}")
        answer = await door.knock(
            method, path, None, params={"authorization": f"Bearer {token}", "token": token}, json={}
        )
        assert answer.status_code == 401, f"{method} {path}"


async def test_the_api_pages_load_nothing_from_elsewhere(door: Door) -> None:
    page = (await door.http.get("/docs")).text
    assert "swagger" in page
    assert "https://" not in page
