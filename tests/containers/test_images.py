"""What is in an image, and what is not."""

import json

import pytest

from infra.local.management import SERVICES
from tests.support.harness.containers import HOME, Installation, engine
from tests.support.harness.system import ROOT
from tests.unit.test_docs import loaded

LARGEST_MB = 350
HOSTS = ("find-links", "index-url", "trusted-host", str(ROOT))


def inside(image: str, script: str) -> str:
    """What a shell prints in a container of this image: no network, nothing writable but /tmp."""
    return engine(
        "run", "--rm", "--network=none", "--read-only", "--cap-drop=all", "--entrypoint=/bin/sh", image, "-c", script
    )


@pytest.mark.parametrize("name", SERVICES)
def test_an_image_holds_what_its_service_loads_and_no_other_service(built: Installation, name: str) -> None:
    files = set(inside(built.image(name), "cd /srv && find . -name '*.py'").split())
    assert {file for file in files if file.startswith("./infra/")} == {
        f"./infra/{module}.py" for module in {*loaded(), "__init__"}
    }
    assert {file.split("/")[2] for file in files if file.startswith("./services/")} == {"__init__.py", name}


@pytest.mark.parametrize("name", SERVICES)
def test_an_image_has_no_installer_no_compiler_and_no_rights(built: Installation, name: str) -> None:
    seen = inside(
        built.image(name),
        "id -u; for p in pip pip3 gcc cc make; do command -v $p; done; touch /srv/x /opt/x 2>/dev/null && echo written;"
        "for p in python /usr/bin/python3 /usr/local/bin/python3; do $p -c 'import pip' 2>/dev/null && echo pip; done;"
        "find / -xdev -name '*.whl' 2>/dev/null; true",
    )
    assert seen.split() == ["10001"]


@pytest.mark.parametrize("name", SERVICES)
def test_an_image_says_nothing_of_where_it_was_built(built: Installation, name: str) -> None:
    known = json.loads(engine("inspect", built.image(name)))[0]
    published = json.dumps([known["Config"], known["History"]])
    secrets = [file.read_text(encoding="utf-8").strip() for file in (HOME / "secrets").glob("*-amqp")]
    assert [word for word in (*HOSTS, *secrets) if word in published] == []
    found = inside(
        built.image(name), f"grep -rlF '{ROOT}' /srv /opt/venv /etc 2>/dev/null; ls /etc/pip.conf 2>/dev/null; true"
    )
    assert found == ""


@pytest.mark.parametrize("name", SERVICES)
def test_an_image_is_complete_small_and_knows_its_health(built: Installation, name: str) -> None:
    known = json.loads(engine("inspect", built.image(name)))[0]
    print(f"{name}: {known['Size'] / 1e6:.0f} MB")  # noqa: T201 - shows progress
    assert known["Size"] / 1e6 < LARGEST_MB
    assert known["Config"]["StopSignal"] in {"SIGTERM", "15"}
    health = known.get("Healthcheck") or known["Config"]["Healthcheck"]  # Podman, Docker
    assert "/readyz" in health["Test"][-1]
    assert (
        inside(built.image(name), f"python -c 'import services.{name}.app as a; print(a.build().settings.service)'")
        == f"{name}\n"
    )
