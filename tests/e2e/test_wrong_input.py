"""Wrong input gets the right problem document, in Chinese and English, and changes nothing in any service."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from examples.client import Client, Refusal
from infra.local.demo_issuer import DemoIssuer
from tests.support.actors.journey import Account, settled, walk_until
from tests.support.harness.ledger import Books
from tests.support.harness.system import System

CHINESE = re.compile(r"[\u4e00-\u9fff]")
DRAFTER, SECRETARY, FOREIGN, VOTER, ACTIVIST = "E303", "E301", "E401", "E304", "E305"


@pytest.fixture
async def discussing(system: System) -> AsyncIterator[tuple[System, Client, str]]:
    """The brand 1010 in its branch discussion, one vote cast; everything has come to rest."""
    review = await walk_until(system, Account(), "1010", "branch_discussion")
    client = Client(system.urls, system.token)
    await client.post(SECRETARY, "review", f"/reviews/{review}/votes", {"choice": "for"})
    await settled(system)
    yield system, client, review
    await client.close()


async def _state(system: System) -> list[Any]:
    """Everything that the services own."""
    books = [await Books.read(system.environment, name) for name in system.services]
    return [sorted(str(sorted(document.items())) for _, document in one.documents) for one in books]


DOCUMENT = {"name": {"state": "known", "value": "新品牌"}, "blocks": {}}
STRANGE: dict[str, Any] = {"blocks": {"x": {"type": "no_such_type", "title": None, "data": {}}}}
# what is wrong → (who, service, path, body, status, problem type, field)
WRONG: dict[str, tuple[str, str, str, dict[str, Any], int, str, str | None]] = {
    "a brand without an owner": (
        DRAFTER,
        "registry",
        "/brands",
        {"document": DOCUMENT},
        422,
        "input.invalid",
        "/owner",
    ),
    "an unknown block type": (
        "E403",
        "registry",
        "/brands",
        {"owner": "logistics", "document": STRANGE},
        422,
        "block.unknown_type",
        "/document/blocks/x/type",
    ),
    "a vote by a non-member": (FOREIGN, "review", "/votes", {"choice": "for"}, 403, "vote.not_entitled", None),
    "a vote without the right to vote": (
        ACTIVIST,
        "review",
        "/votes",
        {"choice": "for"},
        403,
        "vote.not_entitled",
        None,
    ),
    "a second vote": (SECRETARY, "review", "/votes", {"choice": "against"}, 409, "vote.twice", None),
    "an old version": (VOTER, "review", "/votes", {"choice": "for", "version": 1}, 412, "version.stale", None),
    "a foreign branch's secretary": (
        FOREIGN,
        "registry",
        "/brands",
        {"owner": "logistics-x", "document": DOCUMENT},
        422,
        "organisation.unknown",
        "/owner",
    ),
    "a foreign secretary drafts": (
        FOREIGN,
        "registry",
        "/brands",
        {"owner": "fifth", "document": DOCUMENT},
        403,
        "brand.foreign_secretary",
        None,
    ),
    "a foreign secretary closes": (FOREIGN, "review", "/discussion/closure", {}, 403, "step.not_assignee", None),
    "too early": (SECRETARY, "review", "/discussion/closure", {}, 409, "discussion.no_quorum", None),
}


async def test_each_wrong_input_is_explained_and_changes_nothing(discussing: tuple[System, Client, str]) -> None:
    system, client, review = discussing
    before = await _state(system)
    faults = []
    for what, (who, service, path, body, status, code, field) in WRONG.items():
        place = f"/reviews/{review}{path}" if service == "review" else path
        with pytest.raises(Refusal) as caught:
            await client.post(who, service, place, body)
        found = caught.value.document
        if (caught.value.status, found["type"], found.get("field")) != (status, f"/problems/{code}", field):
            faults.append((what, caught.value.status, found))
        assert CHINESE.search(found["title"] + found["detail"]), what
        assert found["title_en"], what
        assert found["detail_en"], what
        assert not CHINESE.search(found["detail_en"]) or "“" in found["detail_en"], what
    assert faults == []
    assert await _state(system) == before


async def test_a_forged_or_expired_token_opens_no_door(system: System, tmp_path: Path) -> None:
    forger = DemoIssuer(tmp_path / "forger")
    own = ECKey.generate_key("P-256", {"kid": str(system.issuer._key.kid)})
    claims = {"iss": "brand-matrix-demo", "aud": "brand-matrix", "sub": "E301", "exp": 4_000_000_000}
    tokens = {
        "forged": forger.token("E301"),
        "forged with our key id": jwt.encode({"alg": "ES256", "kid": own.kid}, claims, own),
        "expired": system.issuer.token("E301", seconds=-3600),
        "missing": "",
    }
    codes = {"expired": "token.expired", "missing": "token.missing"}
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        for name, url in system.urls.items():
            path = {"registry": "/brands", "review": "/reviews", "activities": "/activities", "notify": "/inbox"}[name]
            for what, token in tokens.items():
                headers = {"Authorization": f"Bearer {token}"} if token else {}
                answer = await client.get(url + path, headers=headers)
                assert answer.status_code == 401, (name, what)
                assert answer.headers["content-type"] == "application/problem+json"
                assert answer.json()["type"] == f"/problems/{codes.get(what, 'token.invalid')}", (name, what)
                assert CHINESE.search(answer.json()["detail"])
