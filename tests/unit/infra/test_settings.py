"""Settings: one name, one type, one default; the error names the variable; a secret is never printed."""

from pathlib import Path

import pytest

from infra.kernel.settings import DEMO_ISSUER, Misconfigured, Settings


def of(**environ: str) -> Settings:
    """The settings of ``review`` in this environment (names without the prefix)."""
    return Settings.of("review", {f"BRANDMATRIX_{name}": value for name, value in environ.items()})


def test_an_empty_environment_gives_the_defaults_and_the_services_own_database() -> None:
    settings = of()
    assert (settings.service, settings.http_port, settings.database) == ("review", 8700, "review")


def test_what_is_said_for_one_service_wins_over_what_is_said_for_all() -> None:
    settings = of(HTTP_PORT="1", REVIEW_HTTP_PORT="2", NOTIFY_HTTP_PORT="3", MONGO_DATABASE="all")
    assert (settings.http_port, settings.database) == (2, "all")


def test_a_file_holds_a_secret(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("mongodb://u:p@db/\n", encoding="utf-8")
    assert of(MONGO_URL_FILE=str(tmp_path / "url")).mongo_url.get_secret_value() == "mongodb://u:p@db/"


def test_the_services_own_file_wins_over_what_is_said_for_all(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("amqp://own", encoding="utf-8")
    settings = of(AMQP_URL="amqp://all", REVIEW_AMQP_URL_FILE=str(tmp_path / "url"))
    assert settings.amqp_url.get_secret_value() == "amqp://own"


def test_a_missing_secret_file_is_named_with_its_variable(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"BRANDMATRIX_MONGO_URL_FILE: .*nowhere"):
        of(MONGO_URL_FILE=str(tmp_path / "nowhere"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HTTP_PORT", "many"),
        ("HTTP_PORT", "70000"),
        ("PREFETCH", "0"),
        ("LOG_FORMAT", "xml"),
        ("RETRY_DELAYS", "1,soon"),
        ("RETRY_DELAYS", "1,-1"),
        ("LEASE_SECONDS", "-1"),
        ("REVIEW_HTTP_PORT", "many"),
        ("RETRY_DELAYS", ","),
        ("AUTH_AUDIENCE", " , "),
        ("AUTH_ALGORITHMS", ""),
        ("AUTH_ALGORITHMS", "RS256,HS256"),
        ("AUTH_ALGORITHMS", "none"),
        ("AUTH_ALGORITHMS", "rs256"),
        ("AUTH_LEEWAY_SECONDS", "-1"),
        ("AUTH_LEEWAY_SECONDS", "301"),
        ("AUTH_REFRESH_SECONDS", "0"),
        ("AUTH_MAX_AGE_SECONDS", "inf"),
        ("AUTH_ISSUER", "brand-matrix-demo"),
    ],
)
def test_what_cannot_work_is_refused_with_the_name_of_its_variable(name: str, value: str) -> None:
    with pytest.raises(Misconfigured, match=f"^BRANDMATRIX_{name}:"):
        of(**{name: value})


def test_delays_are_a_list_with_commas() -> None:
    assert of(RETRY_DELAYS="0.2, 1,60").retry_delays == (0.2, 1, 60)


@pytest.mark.security
def test_a_secret_is_never_printed() -> None:
    settings = of(MONGO_URL="mongodb://u:hush@db/", AMQP_URL="amqp://u:hush@mq/")
    for shown in (repr(settings), str(settings), f"{settings}", settings.model_dump_json(), repr(vars(settings))):
        assert "hush" not in shown


@pytest.mark.security
def test_an_error_does_not_repeat_the_value() -> None:
    with pytest.raises(Misconfigured) as failed:
        of(HTTP_PORT="hush")
    assert "hush" not in str(failed.value)


def test_a_services_own_settings_are_read_the_same_way() -> None:
    class Own(Settings):
        procedure: str = "standard"

    assert Own.of("review", {"BRANDMATRIX_REVIEW_PROCEDURE": "short"}).procedure == "short"


@pytest.mark.security
def test_without_settings_nobody_is_believed_and_the_demo_issuer_only_in_demo_mode() -> None:
    silent = of()
    assert (silent.auth_demo, silent.auth_issuer, silent.auth_jwks_file, silent.auth_jwks_url) == (False, "", "", "")
    assert of(AUTH_DEMO="true", AUTH_ISSUER=DEMO_ISSUER).auth_issuer == DEMO_ISSUER
    with pytest.raises(Misconfigured, match="BRANDMATRIX_AUTH_DEMO"):
        of(REVIEW_AUTH_ISSUER=DEMO_ISSUER)


def test_audiences_and_algorithms_are_lists_with_commas() -> None:
    settings = of(AUTH_AUDIENCE="brand-matrix, api://7f", AUTH_ALGORITHMS="PS256,Ed25519", AUTH_TYPES="")
    assert settings.auth_audience == ("brand-matrix", "api://7f")
    assert (settings.auth_algorithms, settings.auth_types) == (("PS256", "Ed25519"), ())
