"""What the Containerfile and compose.yaml promise, read without any engine; ``make containers`` tries it."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.local.management import SERVICES
from tests.unit.test_docs import LIBRARY, loaded

DEPLOY = Path(__file__).parents[2] / "infra" / "deploy"
ONE_SHOTS = {"prepare", "tools", *(f"declare-{name}" for name in SERVICES)}
SERVERS = {"rabbitmq", "mongo"}
LOGIN = re.compile(r"://[^/\s]*:[^/\s]*@|passw(or)?d|secret|token", re.IGNORECASE)


def compose() -> dict[str, Any]:
    """The file as an engine reads it."""
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def names(listed: list[Any]) -> set[str]:
    """The names of a service's secrets."""
    return {one["source"] if isinstance(one, dict) else one for one in listed}


def test_the_file_has_the_four_services_their_declarations_and_both_servers() -> None:
    assert set(compose()["services"]) == {*SERVICES, *ONE_SHOTS, *SERVERS}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_read_only_without_rights_healthy_and_given_time_to_drain(name: str) -> None:
    service = compose()["services"][name]
    assert (service["read_only"], service["cap_drop"], service["tmpfs"]) == (True, ["ALL"], ["/tmp"])  # noqa: S108
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert "user" not in service
    assert "cap_add" not in service
    assert "/readyz" in service["healthcheck"]["test"][-1]
    assert int(service["stop_grace_period"].removesuffix("s")) > 2 * 10 + 5
    assert service["restart"] == "unless-stopped"
    assert service["image"] == f"${{PREFIX:-localhost/brandmatrix}}/{name}:${{TAG:-latest}}"
    args = service["build"]["args"]
    assert (args["SERVICE"], args["VERSION"]) == (name, "${TAG:-latest}"), "the label of the image says its tag"
    assert [port.startswith("${BIND:-127.0.0.1}:") for port in service["ports"]] == [True]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_and_its_declaration_see_their_own_secrets_only(name: str) -> None:
    services = compose()["services"]
    for one in (services[name], services[f"declare-{name}"]):
        assert names(one["secrets"]) == {f"{name}-mongo", f"{name}-amqp"}
        own = {key for key in one["environment"] if key.endswith("_FILE") and "_URL_" in key}
        assert own == {f"BRANDMATRIX_{name.upper()}_{kind}_URL_FILE" for kind in ("MONGO", "AMQP")}
        foreign = {other.upper() for other in SERVICES if other != name}
        assert not [key for key in one["environment"] if key.split("_")[1] in foreign]


def test_every_server_tells_its_health_and_mongo_publishes_no_port() -> None:
    services = compose()["services"]
    assert all(services[name]["healthcheck"]["test"] for name in SERVERS)
    assert "ports" not in services["mongo"]
    assert services["mongo"]["networks"] == ["servers"]
    assert compose()["networks"]["servers"] == {"internal": True}


def test_administrators_secrets_reach_nobody_but_the_servers_and_the_preparation() -> None:
    services = compose()["services"]
    administrators = {"mongo-keyfile", "mongo-root-password", "mongo-root-url", "rabbitmq-url", "rabbitmq-admin"}
    holders = {name for name, one in services.items() if names(one.get("secrets", [])) & administrators}
    assert holders == {*SERVERS, "prepare"}


def test_no_environment_value_holds_a_secret() -> None:
    for name, service in compose()["services"].items():
        for key, value in service.get("environment", {}).items():
            if not key.endswith("_FILE") and not str(value).startswith("/run/secrets/"):
                assert not LOGIN.search(str(value)), f"{name}: {key} holds a secret"


def test_every_secret_is_a_file_that_the_script_makes() -> None:
    script = (DEPLOY / "secrets.sh").read_text(encoding="utf-8")
    for name, secret in compose()["secrets"].items():
        file = secret["file"].rpartition("/")[2]
        service, _, kind = name.partition("-")
        assert file in script or (service in SERVICES and f'"$service-{kind}"' in script), f"nobody makes {file}"


def test_everything_starts_after_what_it_needs() -> None:
    services = compose()["services"]
    assert set(services["prepare"]["depends_on"]) == SERVERS
    for name in SERVICES:
        assert services[f"declare-{name}"]["depends_on"] == {"prepare": {"condition": "service_completed_successfully"}}
        needs = services[name]["depends_on"]
        assert set(needs) == {f"declare-{other}" for other in SERVICES}, "all queues are there before anybody tells"
        assert {one["condition"] for one in needs.values()} == {"service_completed_successfully"}


def test_the_images_leave_out_exactly_the_tools_that_no_service_loads() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    library = text.partition(" AS library\n")[2].partition("\nFROM")[0]
    assert re.findall(r"^COPY infra/(\w+) infra/\1$", library, re.MULTILINE) == LIBRARY
    assert {name.split(".")[1] for name in loaded()} == set(LIBRARY)


def test_the_image_runs_as_nobody_is_asked_for_its_health_and_passes_signals_on() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    last = text[text.index("AS runtime") :]
    for line in ("USER 10001:10001", "STOPSIGNAL SIGTERM", "HEALTHCHECK ", 'ENTRYPOINT ["/bin/sh", "-c", "exec python'):
        assert line in last
    assert "COPY --from=service /srv /srv" in last
    assert not re.search(r"^COPY (?!--from)", last, re.MULTILINE)
