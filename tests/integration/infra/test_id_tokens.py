"""A foreign OpenID provider: its discovery and keys are taken as they are, and its ID tokens for no access tokens."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import oidc_provider_mock
import pytest
from joserfc import jws

from tests.support.harness.environment import Environment
from tests.support.harness.process import ServiceProcess

BACK = "http://127.0.0.1:1/back"


@pytest.fixture
async def provider() -> AsyncIterator[str]:
    """The address of a provider of somebody else's make."""
    people = [oidc_provider_mock.User(sub="u-7", claims={"employee_number": "10001", "roles": ["administrator@*"]})]
    with oidc_provider_mock.run_server_in_thread(user_claims=people) as server:
        yield f"http://localhost:{server.server_port}"


async def sign_in(provider: str, client: str) -> dict[str, str]:
    """The tokens that a person brings home from the authorization code flow."""
    async with httpx.AsyncClient(base_url=provider, trust_env=False) as http:
        asked = {"client_id": client, "redirect_uri": BACK, "response_type": "code", "scope": "openid", "state": "s"}
        consent = await http.post("/oauth2/authorize", params=asked, data={"sub": "u-7"})
        code = parse_qs(urlsplit(consent.headers["location"]).query)["code"][0]
        wanted = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
        answer = await http.post("/oauth2/token", data=wanted, auth=(client, "secret"))
    tokens: dict[str, str] = answer.json()
    return tokens


@pytest.mark.security
async def test_an_id_token_is_refused_for_what_it_is_though_issuer_key_and_audience_are_right(
    environment: Environment, tmp_path: Path, provider: str
) -> None:
    own = {"auth_demo": "false", "auth_issuer": provider, "auth_jwks_file": "", "auth_audience": "portal"}
    served = ServiceProcess(environment, tmp_path, "tally", **own)
    async with served.running():
        tokens = await sign_in(provider, "portal")
        answers = {}
        for kind in ("id_token", "access_token"):
            answer = await served.http.get("/counters/x", headers={"authorization": f"Bearer {tokens[kind]}"})
            answers[kind] = (answer.status_code, answer.json()["type"])
        # the signature holds by the provider's published key: only what it is speaks against it
        assert answers["id_token"] == (401, "/problems/token.not_access"), jws.extract_compact(
            tokens["id_token"].encode()
        )
        assert answers["access_token"] == (401, "/problems/token.invalid")  # this provider's are opaque
