"""One service alone, by the command of docs/containers.md, against servers that are there already."""

import re
import subprocess
from pathlib import Path

import pytest

from infra.kernel.settings import DEMO_ISSUER
from infra.local.processes import ports
from tests.support.harness.containers import HOME, Installation, engine
from tests.support.harness.system import ROOT


def command() -> str:
    """The command as the document shows it."""
    document = (ROOT / "docs" / "containers.md").read_text(encoding="utf-8")
    section = document.partition("\n## One service alone\n")[2].partition("\n## ")[0]
    return "\n".join(re.findall(r"```bash\n(.*?)```", section, re.DOTALL))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a person keeps the two secrets and the sign-in service's keys."""
    for name in ("review-mongo", "review-amqp"):
        (tmp_path / name).write_bytes((HOME / "secrets" / name).read_bytes())
    (tmp_path / "issuer").mkdir()
    (tmp_path / "issuer" / "jwks.json").write_bytes((HOME / "issuer" / "jwks.json").read_bytes())
    return tmp_path


def test_the_command_of_the_document_runs_one_service_against_existing_servers(
    installation: Installation, folder: Path
) -> None:
    installation.stop("review")
    name = f"{installation.env['COMPOSE_PROJECT_NAME']}-alone"
    env = {"ENGINE": "podman", "IMAGE": installation.image("review"), "NAME": name}
    env |= {"PORT": str(ports(folder, "alone")["alone"]), "AUTH_ISSUER": DEMO_ISSUER, "AUTH_DEMO": "true"}
    env["NETWORK"] = f"{installation.env['COMPOSE_PROJECT_NAME']}_servers"
    if "CONTAINERS_CONF" in installation.env:
        env["CONTAINERS_CONF"] = installation.env["CONTAINERS_CONF"]
    log = folder / "log"
    try:
        with log.open("wb") as out:
            done = subprocess.run(
                [
                    "/bin/bash",
                    "-euc",
                    f"export {' '.join(f'{k}={v}' for k, v in env.items())} PATH=$PATH:/usr/sbin\n{command()}",
                ],
                cwd=folder,
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                check=False,
                timeout=120,
            )
        assert done.returncode == 0, log.read_text(encoding="utf-8")
        assert '"ready":true' in engine("exec", name, "python", "-c", READY)
        engine("stop", "-t", "30", name)
        assert engine("inspect", "--format", "{{.State.ExitCode}}", name).strip() == "0"
    finally:
        engine("rm", "-f", "--ignore", name)
        installation.start("review")


READY = """
import time, urllib.request
for _ in range(120):
    try:
        print(urllib.request.urlopen("http://127.0.0.1:8700/readyz", timeout=4).read().decode())
        break
    except OSError:
        time.sleep(0.5)
"""
