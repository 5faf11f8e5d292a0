"""The demo issuer: there where nobody else is named, and never beside one who is."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from infra.kernel.settings import Misconfigured, Settings
from infra.local.demo_issuer import DemoIssuer, demo
from infra.ops.cli import app
from infra.web.auth import Tokens

OWN = {
    "AUTH_ISSUER": "https://sso.example",
    "AUTH_ISSUER_FILE": "/run/secrets/issuer",
    "AUTH_JWKS_URL": "https://sso.example/keys",
    "AUTH_JWKS_FILE": "/etc/jwks.json",
    "REVIEW_AUTH_ISSUER": "https://sso.example",
}


def test_it_is_there_where_no_issuer_is_named(tmp_path: Path) -> None:
    for environ in ({}, {"BRANDMATRIX_AUTH_ISSUER": ""}, {"BRANDMATRIX_AUTH_AUDIENCE": "x"}):
        assert demo(environ)
        assert DemoIssuer.of(environ, tmp_path).environ["AUTH_DEMO"] == "true"


@pytest.mark.security
@pytest.mark.parametrize(("name", "value"), list(OWN.items()))
def test_it_is_not_there_beside_an_issuer_of_ones_own(name: str, value: str, tmp_path: Path) -> None:
    environ = {f"BRANDMATRIX_{name}": value}
    assert not demo(environ)
    with pytest.raises(Misconfigured, match="BRANDMATRIX_TOKEN"):
        DemoIssuer.of(environ, tmp_path)
    assert list(tmp_path.iterdir()) == []


async def test_what_it_makes_is_believed_by_a_service_that_it_was_named_to(tmp_path: Path) -> None:
    issuer = DemoIssuer(tmp_path)
    tokens = Tokens(Settings.of("review", {f"BRANDMATRIX_{name}": value for name, value in issuer.environ.items()}))
    person = await tokens.principal(f"Bearer {issuer.token('E101', ['auditor@*'])}")
    system = await tokens.principal(f"Bearer {issuer.machine('hr-sync', ['hr.feed'])}")
    assert (person.id, *person.roles, system.id, *system.roles) == (
        "E101",
        "auditor@*",
        "client:hr-sync",
        "hr_system@*",
    )


def test_the_command_prints_tokens_in_demo_mode_and_says_plainly_when_it_cannot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BRANDMATRIX_HOME", str(tmp_path))
    made = CliRunner().invoke(app, ["token", "hr-sync", "--scope", "hr.feed"])
    assert (made.exit_code, made.output.count(".")) == (0, 2)
    monkeypatch.setenv("BRANDMATRIX_AUTH_ISSUER", "https://sso.example")
    for command in (["token", "E101"], ["load", __file__], ["hr-import", __file__, "--source", "hr"]):
        said = CliRunner().invoke(app, command)
        assert said.exit_code == 1, command
        assert "own sign-in service" in said.output, command
