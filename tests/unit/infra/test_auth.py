"""Who asks: a good token gives its principal, every forgery and every wrong claim is refused with the reason."""

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc.jwk import ECKey, OKPKey, RSAKey

from infra.aggregate import Forbidden, Unauthorised
from infra.auth import LEEWAY_SECONDS, Principal, Tokens
from tests.support.forgery import Mint


@pytest.fixture
def mint(tmp_path: Path) -> Mint:
    """An issuer whose published keys the tokens below are verified against."""
    return Mint(tmp_path)


def ask(mint: Mint, token: str) -> Principal:
    return Tokens(mint.settings).principal(f"Bearer {token}")


def test_a_good_token_says_who_asks_and_with_which_roles(mint: Mint) -> None:
    principal = ask(mint, mint.issuer.token("10001", ["auditor@*", "party_work_department@committee"]))
    assert principal.person == "10001"
    assert principal.roles == {"auditor@*", "party_work_department@committee"}


def test_a_token_for_several_audiences_holds_for_each(mint: Mint) -> None:
    assert ask(mint, mint.signed(mint.claims(aud=["payroll", "brand-matrix"]))).person == "10001"


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic YTpi", "token"])
def test_no_bearer_token_is_said_to_be_missing(mint: Mint, header: str | None) -> None:
    with pytest.raises(Unauthorised, match=r"^token\.missing"):
        Tokens(mint.settings).principal(header)


def test_the_scheme_is_read_in_any_case(mint: Mint) -> None:
    assert Tokens(mint.settings).principal(f"bearer  {mint.issuer.token('10001')} ").person == "10001"


@pytest.mark.security
def test_every_forgery_is_refused(mint: Mint) -> None:
    for name, token in mint.forged().items():
        with pytest.raises(Unauthorised, match=r"^token\."):
            pytest.fail(f"{name} was accepted: {ask(mint, token)}")


@pytest.mark.security
def test_every_wrong_claim_is_refused(mint: Mint) -> None:
    for name, token in mint.refused().items():
        with pytest.raises(Unauthorised, match=r"^token\."):
            pytest.fail(f"{name} was accepted: {ask(mint, token)}")


@pytest.mark.security
@pytest.mark.parametrize(
    ("claim", "code"),
    [
        ({"exp": 1}, "token.expired"),
        ({"iss": "someone"}, "token.not_for_us"),
        ({"aud": "payroll"}, "token.not_for_us"),
        ({"sub": ""}, "token.invalid"),
    ],
)
def test_the_refusal_says_why(mint: Mint, claim: dict[str, Any], code: str) -> None:
    with pytest.raises(Unauthorised) as refused:
        ask(mint, mint.signed(mint.claims(**claim)))
    assert refused.value.code == code


@pytest.mark.parametrize("claim", ["exp", "nbf"])
def test_clocks_that_differ_a_little_are_forgiven_and_no_more(mint: Mint, claim: str) -> None:
    sign = -1 if claim == "exp" else 1
    now = time.time()
    assert ask(mint, mint.signed(mint.claims(**{claim: now + sign * (LEEWAY_SECONDS - 5)}))).person == "10001"
    with pytest.raises(Unauthorised, match=r"token\.expired"):
        ask(mint, mint.signed(mint.claims(**{claim: now + sign * (LEEWAY_SECONDS + 5)})))


@pytest.mark.security
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(token=st.text(max_size=60) | st.lists(st.text("abcXYZ019-_=", max_size=20), max_size=6).map(".".join))
def test_no_text_at_all_makes_anything_but_a_refusal(mint: Mint, token: str) -> None:
    with pytest.raises(Unauthorised):
        Tokens(mint.settings).principal(f"Bearer {token}")


def publish(file: Path, content: object, at: int) -> None:
    """Write the key file as another program would, with a time stamp of its own."""
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    os.utime(file, (at, at))


def test_rotated_keys_are_read_again_without_a_restart(mint: Mint) -> None:
    tokens = Tokens(mint.settings)
    fresh = ECKey.generate_key("P-256", auto_kid=True)
    before, after = mint.signed(mint.claims()), mint.signed(mint.claims(), fresh, kid=str(fresh.kid))
    public = [mint.key.as_dict(private=False), fresh.as_dict(private=False)]
    assert tokens.principal(f"Bearer {before}").person == "10001"
    publish(mint.issuer.jwks_file, {"keys": public}, at=10)  # while they overlap, both hold
    assert tokens.principal(f"Bearer {before}").person == tokens.principal(f"Bearer {after}").person
    publish(mint.issuer.jwks_file, {"keys": public[1:]}, at=10)  # a restored file may well bear the old time
    assert tokens.principal(f"Bearer {after}").person == "10001"
    with pytest.raises(Unauthorised, match=r"token\.invalid"):
        tokens.principal(f"Bearer {before}")


BROKEN = ["", "{", "{}", "[]", "5", "null", '{"keys": 5}', '{"keys": []}', '{"keys": [5]}', '{"keys": [{"kty": "EC"}]}']


@pytest.mark.parametrize("content", BROKEN)
def test_a_broken_key_file_is_named_and_its_repair_is_noticed(mint: Mint, content: str) -> None:
    tokens, good = Tokens(mint.settings), mint.issuer.jwks_file.read_text("utf-8")
    publish(mint.issuer.jwks_file, content, at=10)
    with pytest.raises(Unauthorised, match=r"issuer\.keys_missing.*BRANDMATRIX_AUTH_JWKS_FILE"):
        tokens.principal(f"Bearer {mint.issuer.token('10001')}")
    publish(mint.issuer.jwks_file, good, at=20)
    assert tokens.principal(f"Bearer {mint.issuer.token('10001')}").person == "10001"


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [(RSAKey.generate_key(2048, auto_kid=True), "RS256"), (OKPKey.generate_key("Ed25519", auto_kid=True), "EdDSA")],
    ids=["RS256", "EdDSA"],
)
@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
def test_an_issuer_may_sign_with_other_asymmetric_keys(mint: Mint, key: RSAKey | OKPKey, algorithm: str) -> None:
    from joserfc import jwt

    publish(mint.issuer.jwks_file, {"keys": [key.as_dict(private=False)]}, at=10)
    token = jwt.encode({"alg": algorithm, "kid": key.kid}, mint.claims(), key, algorithms=[algorithm])
    assert ask(mint, token).person == "10001"


@pytest.mark.parametrize(
    ("role", "asked", "holds"),
    [
        ("auditor@*", None, True),
        ("auditor@*", "branch-3", True),
        ("auditor@branch-3", "branch-3", True),
        ("auditor@branch-3", "branch-30", False),
        ("auditor@branch-3", "*", False),
        ("auditor@branch-3", None, True),
        ("audit@*", None, False),
        ("auditors@*", "branch-3", False),
    ],
)
def test_a_role_holds_for_its_scope(role: str, asked: str | None, holds: bool) -> None:
    assert Principal(person="p", roles=frozenset({role})).has("auditor", asked) is holds


def test_a_role_without_a_scope_holds_nowhere() -> None:
    nowhere = Principal(person="p", roles=frozenset({"administrator"}))
    assert not nowhere.has("administrator", "branch-3")
    assert not nowhere.has("administrator")


def test_one_of_several_roles_is_enough_and_none_is_refused_by_name() -> None:
    principal = Principal(person="p", roles=frozenset({"auditor@branch-3"}))
    principal.require("administrator", "auditor", scope="branch-3")
    with pytest.raises(Forbidden, match="administrator, auditor"):
        principal.require("administrator", "auditor", scope="branch-4")
