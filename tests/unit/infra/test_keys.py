"""The issuer's keys from a file: read again when it changes, and never guessed at when it cannot be read."""

import json
import os
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

from infra.kernel.errors import Unauthorised, Unavailable
from infra.kernel.settings import Settings
from infra.web.auth import Tokens
from tests.support.harness.forgery import Mint
from tests.support.harness.waiting import eventually


@pytest.fixture
def mint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mint:
    monkeypatch.setattr("infra.web.auth.FILE_SECONDS", 0.05)  # how long a change may go unnoticed: a second otherwise
    return Mint(tmp_path)


def publish(file: Path, content: object, at: int) -> None:
    """Write the key file as another program would, with a time stamp of its own."""
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    os.utime(file, (at, at))


async def test_rotated_keys_are_read_again_without_a_restart(mint: Mint) -> None:
    tokens = Tokens(mint.settings)
    fresh = ECKey.generate_key("P-256", auto_kid=True)
    before, after = mint.signed(mint.claims()), mint.signed(mint.claims(), fresh, kid=str(fresh.kid))
    public = [mint.key.as_dict(private=False), fresh.as_dict(private=False)]

    async def holds(token: str) -> bool:
        try:
            return (await tokens.principal(f"Bearer {token}")).id == "10001"
        except Unauthorised:
            return False

    assert await holds(before)
    publish(mint.issuer.jwks_file, {"keys": public}, at=10)
    await eventually(lambda: holds(after))
    assert await holds(before)  # while they overlap, both hold
    publish(mint.issuer.jwks_file, {"keys": public[1:]}, at=10)  # a restored file may well bear the old time

    async def withdrawn() -> bool:
        return not await holds(before)

    await eventually(withdrawn)
    assert await holds(after)


BROKEN = ["", "{", "{}", "[]", "5", "null", '{"keys": 5}', '{"keys": []}', '{"keys": [5]}', '{"keys": [{"kty": "EC"}]}']


@pytest.mark.parametrize("content", BROKEN)
async def test_who_has_no_keys_cannot_know_and_says_so_until_the_file_is_mended(mint: Mint, content: str) -> None:
    tokens, good = Tokens(mint.settings), mint.issuer.jwks_file.read_text("utf-8")
    publish(mint.issuer.jwks_file, content, at=10)
    with pytest.raises(Unavailable, match=r"issuer\.keys_missing"):
        await tokens.principal(f"Bearer {mint.issuer.token('10001')}")
    why, usable = await tokens.keys.state()
    assert why
    assert not usable
    publish(mint.issuer.jwks_file, good, at=20)

    async def mended() -> bool:
        try:
            return (await tokens.principal(f"Bearer {mint.issuer.token('10001')}")).id == "10001"
        except Unavailable:
            return False

    await eventually(mended)
    assert await tokens.keys.state() == ("", True)


async def test_a_file_that_breaks_later_leaves_the_known_keys_in_service(mint: Mint) -> None:
    tokens = Tokens(mint.settings)
    assert (await tokens.principal(f"Bearer {mint.issuer.token('10001')}")).id == "10001"
    mint.issuer.jwks_file.write_text("{", encoding="utf-8")

    async def noticed() -> bool:
        return (await tokens.keys.state())[0] != ""

    await eventually(noticed)
    assert (await tokens.principal(f"Bearer {mint.issuer.token('10001')}")).id == "10001"


async def test_a_service_that_names_no_issuer_believes_nobody(mint: Mint) -> None:
    said = {"BRANDMATRIX_AUTH_JWKS_FILE": str(mint.issuer.jwks_file)}
    for environ in ({}, said):
        tokens = Tokens(Settings.of("registry", environ))
        with pytest.raises(Unavailable):
            await tokens.principal(f"Bearer {mint.issuer.token('10001')}")
        assert "BRANDMATRIX_AUTH_ISSUER" in (await tokens.keys.state())[0]


@pytest.mark.security
async def test_a_key_that_is_meant_for_something_else_verifies_nothing(mint: Mint) -> None:
    public = mint.key.as_dict(private=False)
    for wrong in ({"use": "enc"}, {"alg": "ES384"}, {"key_ops": ["sign"]}):
        publish(mint.issuer.jwks_file, {"keys": [{**public, **wrong}]}, at=10)
        with pytest.raises(Unauthorised, match=r"token\.invalid"):
            await Tokens(mint.settings).principal(f"Bearer {mint.signed(mint.claims())}")


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [(RSAKey.generate_key(2048, auto_kid=True), "RS256"), (OKPKey.generate_key("Ed25519", auto_kid=True), "EdDSA")],
    ids=["RS256", "EdDSA"],
)
@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
async def test_an_issuer_may_sign_with_other_asymmetric_keys(mint: Mint, key: RSAKey | OKPKey, algorithm: str) -> None:
    publish(mint.issuer.jwks_file, {"keys": [key.as_dict(private=False)]}, at=10)
    token = jwt.encode({"alg": algorithm, "kid": key.kid}, mint.claims(), key, algorithms=[algorithm])
    assert (await Tokens(mint.settings).principal(f"Bearer {token}")).id == "10001"
