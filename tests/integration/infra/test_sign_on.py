"""A real service whose keys come from a real issuer over HTTP: every token gets its right answer, in both languages."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc.jwk import ECKey

from tests.support.harness.environment import Environment
from tests.support.harness.process import ServiceProcess
from tests.support.harness.sign_on import DISCOVERY, JWKS, SignOn
from tests.support.harness.tally_service import FETCH_SECONDS
from tests.support.harness.waiting import eventually

pytestmark = pytest.mark.security
REFRESH = 1.0


class Gate:
    """A running service and the sign-in service that it trusts."""

    def __init__(self, environment: Environment, home: Path, **settings: str) -> None:
        self.sign_on = SignOn(home)
        own = {"auth_demo": "false", "auth_issuer": self.sign_on.url, "auth_jwks_file": ""}
        own |= {"auth_refresh_seconds": f"{REFRESH}", "auth_max_age_seconds": "600", **settings}
        self.served = ServiceProcess(environment, home, "tally", **own)

    async def knock(self, token: str) -> httpx.Response:
        """Look at a counter that is not there: 404 for whoever gets in."""
        return await self.served.http.get("/counters/none", headers={"authorization": f"Bearer {token}"})

    async def answer(self, token: str) -> tuple[int, str]:
        """Status and code of the answer, which is a problem in both languages."""
        answer = await self.knock(token)
        problem = answer.json()
        assert answer.headers["content-type"] == "application/problem+json"
        assert not problem["detail"].isascii()
        assert problem["detail_en"].strip()
        assert problem["detail_en"] != problem["detail"]
        assert ("retry-after" in answer.headers) is (answer.status_code == 503)
        assert answer.headers.get("www-authenticate") == ("Bearer" if answer.status_code == 401 else None)
        return answer.status_code, problem["type"].removeprefix("/problems/")

    async def lets_in(self, token: str) -> bool:
        return (await self.answer(token)) == (404, "counter.not_found")

    def good(self, **claims: Any) -> str:  # noqa: ANN401 - claims of any type
        """A token of a person, with some claims changed."""
        return self.sign_on.mint.signed(self.sign_on.mint.claims(**claims))


@pytest.fixture(scope="module")
async def opened(shared: Environment, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Gate]:
    """Both up, for all tests that change no setting."""
    made = Gate(shared, tmp_path_factory.mktemp("gate"))
    made.sign_on.open()
    async with made.served.running():
        yield made
    made.sign_on.shut()


@pytest.fixture
async def gate(opened: Gate) -> AsyncIterator[Gate]:
    """Both up, and the service has the one key that there is."""
    yield opened
    opened.sign_on.keys, opened.sign_on.seconds = [opened.sign_on.mint.key], 0
    await eventually(lambda: opened.lets_in(opened.good()))
    await eventually(opened.served.is_)


async def test_every_forged_and_every_worn_out_token_is_refused_with_its_reason(gate: Gate) -> None:
    mint = gate.sign_on.mint
    assert await gate.lets_in(gate.good())
    for name, token in (mint.forged() | mint.refused()).items():
        if token.isascii():  # what a header can carry at all
            status, code = await gate.answer(token)
            assert (status, code.partition(".")[0]) == (401, "token"), name
    now = time.time()  # not before the many tokens above: "not yet" would have come by now
    expected: dict[str, dict[str, Any]] = {
        "token.expired": {"exp": now - 60},
        "token.not_yet": {"nbf": now + 60},
        "token.not_for_us": {"aud": "payroll"},
        "token.not_access": {"typ": "ID"},
        "token.invalid": {"exp": None},
    }
    for code, claims in expected.items():
        assert await gate.answer(gate.good(**claims)) == (401, code)
    assert await gate.answer(gate.good(iss="https://sso.example")) == (401, "token.not_for_us")
    for name, token in mint.forged().items():
        if token.isascii() and name.startswith(("alg", "HS256", "a stranger")):
            assert await gate.answer(token) == (401, "token.invalid"), name


async def test_clocks_may_differ_by_the_leeway_on_both_sides_and_no_more(gate: Gate) -> None:
    now = time.time()
    for claims in ({"exp": now - 20}, {"nbf": now + 20}, {"iat": now + 20}):
        assert await gate.lets_in(gate.good(**claims))
    assert await gate.answer(gate.good(exp=now - 45)) == (401, "token.expired")
    for claims in ({"nbf": now + 60}, {"iat": now + 60}):
        assert await gate.answer(gate.good(**claims)) == (401, "token.not_yet")


async def test_a_flood_of_unknown_keys_does_not_reach_the_issuer(gate: Gate) -> None:
    mint, stranger = gate.sign_on.mint, ECKey.generate_key("P-256")
    begun, before = time.monotonic(), gate.sign_on.asked[JWKS]
    forged = [mint.signed(mint.claims(), stranger, kid=uuid.uuid4().hex) for _ in range(300)]
    assert await gate.lets_in(gate.good())
    answers = await asyncio.gather(*(gate.answer(token) for token in forged))
    assert set(answers) == {(401, "token.invalid")}
    most = (time.monotonic() - begun) / REFRESH + 2  # the pause is as short as the refresh here
    assert gate.sign_on.asked[JWKS] - before <= most
    assert await gate.lets_in(gate.good())


async def test_a_rotated_key_is_taken_at_once_and_the_old_one_holds_until_it_is_withdrawn(gate: Gate) -> None:
    mint, fresh = gate.sign_on.mint, ECKey.generate_key("P-256", auto_kid=True)
    old, new = gate.good(), mint.signed(mint.claims(), fresh, kid=fresh.kid)
    assert await gate.lets_in(old)
    assert await gate.answer(new) == (401, "token.invalid")  # not published yet
    gate.sign_on.keys = [mint.key, fresh]
    await eventually(lambda: gate.lets_in(new))
    assert await gate.lets_in(old)
    gate.sign_on.keys = [fresh]

    async def withdrawn() -> bool:
        return await gate.answer(old) == (401, "token.invalid")

    await eventually(withdrawn)
    assert await gate.lets_in(new)


async def test_an_issuer_that_goes_away_leaves_known_keys_in_service_and_unknown_ones_undecided(gate: Gate) -> None:
    mint, stranger = gate.sign_on.mint, ECKey.generate_key("P-256", auto_kid=True)
    assert await gate.lets_in(gate.good())
    gate.sign_on.shut()

    async def degraded() -> bool:
        status, said = await gate.served.state()
        return status == 200 and "sign-on" in said["degraded"]

    await eventually(degraded)
    assert await gate.lets_in(gate.good())
    unknown = mint.signed(mint.claims(), stranger, kid=stranger.kid)
    assert await gate.answer(unknown) == (503, "issuer.keys_missing")  # it may have been published by now
    assert await gate.answer(mint.signed(mint.claims(), stranger)) == (401, "token.invalid")
    gate.sign_on.keys.append(stranger)
    gate.sign_on.open()
    await eventually(lambda: gate.lets_in(unknown))
    await eventually(lambda: gate.served.is_(ready=True))


async def test_an_issuer_that_hangs_makes_nobody_wait_whose_key_is_known(gate: Gate) -> None:
    assert await gate.lets_in(gate.good())
    gate.sign_on.seconds = 30
    await eventually(lambda: gate.served.is_(degraded=True), within=60)
    tokens = [gate.good() for _ in range(10)]
    begun = time.monotonic()
    answers = await asyncio.gather(*map(gate.lets_in, tokens))
    assert all(answers)
    assert (await gate.served.http.get("/livez")).is_success
    assert time.monotonic() - begun < 0.8 * FETCH_SECONDS  # else they have waited for a fetch


async def test_a_service_starts_and_lives_while_its_issuer_is_down(environment: Environment, tmp_path: Path) -> None:
    gate = Gate(environment, tmp_path)
    async with gate.served.running(ready=False):
        assert (await gate.served.http.get("/livez")).is_success
        assert "sign-on" in (await gate.served.state())[1]["missing"]
        assert await gate.answer(gate.good()) == (503, "issuer.keys_missing")
        assert (await gate.served.http.get("/counters/none", headers={"authorization": ""})).status_code == 401
        gate.sign_on.open()
        await eventually(lambda: gate.lets_in(gate.good()))
        await eventually(gate.served.is_)
    gate.sign_on.shut()


@pytest.mark.slow
async def test_keys_serve_no_longer_than_their_age_allows(environment: Environment, tmp_path: Path) -> None:
    gate = Gate(environment, tmp_path, auth_max_age_seconds="10")
    gate.sign_on.open()
    async with gate.served.running():
        assert await gate.lets_in(gate.good())
        gate.sign_on.shut()
        assert await gate.lets_in(gate.good())

        async def nobody_knows() -> bool:
            return await gate.answer(gate.good()) == (503, "issuer.keys_missing")

        await eventually(nobody_knows)
        await eventually(lambda: gate.served.is_(ready=False))
        gate.sign_on.open()
        await eventually(lambda: gate.lets_in(gate.good()))
    gate.sign_on.shut()


LIES: dict[str, dict[str, Any]] = {
    "another issuer": {"lies": {"issuer": "https://sso.example"}},
    "no keys": {"lies": {"jwks_uri": None}},
    "keys from an unsafe place": {"lies": {"jwks_uri": "http://192.0.2.1/keys"}},
    "keys from no address at all": {"lies": {"jwks_uri": "https://[sso"}},
    "a key of the wrong make": {
        "answers": {JWKS: (200, {}, b'{"keys": [{"kty": "EC", "crv": "P-1", "x": 1, "y": {}}]}')}
    },
    "keys from a file": {"lies": {"jwks_uri": "file:///etc/passwd"}},
    "a redirect": {"answers": {JWKS: (302, {"Location": "/elsewhere"}, b"")}},
    "a redirect of the discovery": {"answers": {DISCOVERY: (307, {"Location": "/elsewhere"}, b"")}},
    "an error": {"answers": {JWKS: (500, {}, b"{}")}},
    "no JSON": {"answers": {JWKS: (200, {}, b"<html>")}},
    "too much": {"answers": {JWKS: (200, {}, b" " * 2_000_000)}},
    "too deep": {"answers": {JWKS: (200, {}, b"[" * 400_000)}},
    "a shared secret": {"answers": {JWKS: (200, {}, b'{"keys": [{"kty": "oct", "kid": "x", "k": "c2VjcmV0"}]}')}},
}


async def test_an_issuer_that_lies_is_not_believed_and_harms_nobody(environment: Environment, tmp_path: Path) -> None:
    gate = Gate(environment, tmp_path, auth_refresh_seconds="0.2")
    gate.sign_on.open()
    elsewhere = gate.sign_on.answer(JWKS)
    gate.sign_on.answers["/elsewhere"] = elsewhere
    gate.sign_on.lies = {"issuer": "https://sso.example"}
    async with gate.served.running(ready=False):
        for name, lie in LIES.items():
            gate.sign_on.lies = lie.get("lies", {})
            gate.sign_on.answers = {"/elsewhere": elsewhere, **lie.get("answers", {})}
            asked = gate.sign_on.asked[DISCOVERY]

            async def asked_again(before: int = asked) -> bool:
                assert (await gate.knock(gate.good())).status_code in {401, 503}
                return gate.sign_on.asked[DISCOVERY] > before + 1

            await eventually(asked_again, what=name)
        assert gate.sign_on.asked["/elsewhere"] == 0
        gate.sign_on.lies, gate.sign_on.answers = {}, {}
        await eventually(lambda: gate.lets_in(gate.good()))
    gate.sign_on.shut()


async def test_an_address_of_keys_may_be_given_directly(environment: Environment, tmp_path: Path) -> None:
    gate = Gate(environment, tmp_path)
    gate.served.environ["BRANDMATRIX_AUTH_JWKS_URL"] = f"{gate.sign_on.url}{JWKS}"
    gate.sign_on.open()
    async with gate.served.running():
        assert await gate.lets_in(gate.good())
    assert gate.sign_on.asked[DISCOVERY] == 0
    gate.sign_on.shut()


async def test_people_and_systems_are_told_apart_at_the_door(gate: Gate) -> None:
    unbound = gate.good(employee_number=None, name="王芳", preferred_username="10001", azp="portal")
    assert await gate.answer(unbound) == (403, "subject.not_bound")
    assert await gate.lets_in(gate.good(sub="hr", client_id="hr", employee_number=None, scope="hr.feed"))
