"""Who asks: a good token gives its principal, every forgery and every wrong claim is refused with the reason."""

import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.kernel.errors import Forbidden, Problem, Unauthorised
from infra.kernel.settings import Settings
from infra.web.auth import MOST_CHARACTERS, Principal, Tokens
from tests.support.harness.forgery import Mint


@pytest.fixture
def mint(tmp_path: Path) -> Mint:
    """An issuer whose published keys the tokens below are verified against."""
    return Mint(tmp_path)


async def ask(mint: Mint, token: str) -> Principal:
    return await Tokens(mint.settings).principal(f"Bearer {token}")


async def test_a_good_token_says_who_asks_and_with_which_roles(mint: Mint) -> None:
    principal = await ask(mint, mint.issuer.token("10001", ["auditor@*", "party_work_department@committee"]))
    assert principal.id == "10001"
    assert principal.roles == {"auditor@*", "party_work_department@committee"}


async def test_a_token_for_several_audiences_holds_for_each(mint: Mint) -> None:
    assert (await ask(mint, mint.signed(mint.claims(aud=["payroll", "brand-matrix"])))).id == "10001"


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic YTpi", "token"])
async def test_no_bearer_token_is_said_to_be_missing(mint: Mint, header: str | None) -> None:
    with pytest.raises(Unauthorised, match=r"^token\.missing"):
        await Tokens(mint.settings).principal(header)


async def test_the_scheme_is_read_in_any_case(mint: Mint) -> None:
    assert (await Tokens(mint.settings).principal(f"bearer  {mint.issuer.token('10001')} ")).id == "10001"


@pytest.mark.security
async def test_every_forgery_is_refused(mint: Mint) -> None:
    for name, token in mint.forged().items():
        with pytest.raises(Unauthorised, match=r"^token\."):
            pytest.fail(f"{name} was accepted: {await ask(mint, token)}")


@pytest.mark.security
async def test_every_wrong_claim_is_refused(mint: Mint) -> None:
    for name, token in mint.refused().items():
        with pytest.raises(Unauthorised, match=r"^token\."):
            pytest.fail(f"{name} was accepted: {await ask(mint, token)}")


@pytest.mark.security
@pytest.mark.parametrize(
    ("claim", "code"),
    [
        ({"exp": 1}, "token.expired"),
        ({"iss": "someone"}, "token.not_for_us"),
        ({"aud": "payroll"}, "token.not_for_us"),
        ({"sub": ""}, "token.invalid"),
        ({"exp": None}, "token.invalid"),
        ({"typ": "ID"}, "token.not_access"),
    ],
)
async def test_the_refusal_says_why(mint: Mint, claim: dict[str, Any], code: str) -> None:
    with pytest.raises(Unauthorised) as refused:
        await ask(mint, mint.signed(mint.claims(**claim)))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("claim", "code"), [("exp", "token.expired"), ("nbf", "token.not_yet"), ("iat", "token.not_yet")]
)
@pytest.mark.parametrize("leeway", [0, 30, 120])
async def test_clocks_that_differ_a_little_are_forgiven_and_no_more(
    mint: Mint, claim: str, code: str, leeway: float
) -> None:
    tokens = Tokens(Settings.of("registry", {**mint.environ, "BRANDMATRIX_AUTH_LEEWAY_SECONDS": str(leeway)}))
    sign, now = -1 if claim == "exp" else 1, time.time()
    near, far = (mint.signed(mint.claims(**{claim: now + sign * (leeway + off)})) for off in (-5, 5))
    assert (await tokens.principal(f"Bearer {near}")).id == "10001"
    with pytest.raises(Unauthorised, match=re.escape(code)):
        await tokens.principal(f"Bearer {far}")


@pytest.mark.security
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(token=st.text(max_size=60) | st.lists(st.text("abcXYZ019-_=", max_size=20), max_size=6).map(".".join))
async def test_no_text_at_all_makes_anything_but_a_refusal(mint: Mint, token: str) -> None:
    with pytest.raises(Unauthorised):
        await Tokens(mint.settings).principal(f"Bearer {token}")


@pytest.mark.security
async def test_an_algorithm_that_is_not_on_the_list_is_refused_though_the_key_is_right(mint: Mint) -> None:
    tokens = Tokens(Settings.of("registry", {**mint.environ, "BRANDMATRIX_AUTH_ALGORITHMS": "RS256,EdDSA"}))
    with pytest.raises(Unauthorised, match=r"token\.invalid"):
        await tokens.principal(f"Bearer {mint.signed(mint.claims())}")


@pytest.mark.security
async def test_a_token_of_immodest_size_is_not_even_read(mint: Mint) -> None:
    small, large = (mint.signed(mint.claims(groups="x" * length)) for length in (8_000, MOST_CHARACTERS))
    assert (await ask(mint, small)).id == "10001"
    with pytest.raises(Unauthorised, match=r"token\.invalid"):
        await ask(mint, large)


async def test_an_issuer_that_names_the_kind_of_its_tokens_can_be_held_to_it(mint: Mint) -> None:
    tokens = Tokens(Settings.of("registry", {**mint.environ, "BRANDMATRIX_AUTH_TYPES": "at+jwt,Bearer"}))
    for claims, typ in (({}, "at+jwt"), ({}, "application/at+jwt"), ({"typ": "Bearer"}, "JWT")):
        token = mint.signed(mint.claims(**claims), typ=typ)
        assert (await tokens.principal(f"Bearer {token}")).id == "10001"
    for claims, typ in (({}, "JWT"), ({"typ": "Refresh"}, "JWT"), ({}, "logout+jwt")):
        with pytest.raises(Unauthorised, match=r"token\.not_access"):
            await tokens.principal(f"Bearer {mint.signed(mint.claims(**claims), typ=typ)}")


@pytest.mark.security
async def test_a_system_has_a_name_that_is_nobodys_number_and_acts_for_nobody(mint: Mint) -> None:
    machine = await ask(mint, mint.issuer.machine("hr-sync", ["hr.feed", "unknown"]))
    assert (machine.id, *machine.roles) == ("client:hr-sync", "hr_system@*")
    with pytest.raises(Forbidden, match=r"person\.needed"):
        assert machine.person


async def test_an_account_without_an_employee_number_is_told_what_to_do(mint: Mint) -> None:
    token = mint.signed(mint.claims(employee_number=None, preferred_username="10001", azp="portal"))
    with pytest.raises(Problem) as refused:
        await ask(mint, token)
    assert (refused.value.status, refused.value.code) == (403, "subject.not_bound")


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
    assert Principal(id="p", roles=frozenset({role})).has("auditor", asked) is holds


def test_a_role_without_a_scope_holds_nowhere() -> None:
    nowhere = Principal(id="p", roles=frozenset({"administrator"}))
    assert not nowhere.has("administrator", "branch-3")
    assert not nowhere.has("administrator")


def test_one_of_several_roles_is_enough_and_none_is_refused_by_name() -> None:
    principal = Principal(id="p", roles=frozenset({"auditor@branch-3"}))
    principal.require("administrator", "auditor", scope="branch-3")
    with pytest.raises(Forbidden, match="administrator, auditor"):
        principal.require("administrator", "auditor", scope="branch-4")
