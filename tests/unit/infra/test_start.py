"""What a start does not do: import what few need, and build the validators of facts that may never come (0032)."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
RARE = {
    "registry": ("scim2_models", "scim2_server", "yaml"),
    "review": ("docx", "yaml"),
    "activities": ("yaml",),
    "notify": ("docx",),
}
LOOK = """
import gc, sys
from infra.kernel.events import Fact
from infra.runtime.service import Service
from infra.runtime.start import start

def look(service):
    assert gc.isenabled() and gc.get_freeze_count() > 100_000, gc.get_freeze_count()
    print(*(name for name in sys.argv[2:] if name in sys.modules))
    consumed = [fact for fact in Fact.__subclasses__() if ".events.consumed" in fact.__module__]
    print(len(consumed) > 3, *(fact.__name__ for fact in consumed if fact.__pydantic_complete__))
    print(*{name.split(".")[1] for name in sys.modules if name.startswith("services.")})

Service.main = look
start(f"services.{sys.argv[1]}.app")
"""


@pytest.mark.parametrize("service", RARE)
def test_what_few_need_and_every_other_service_is_not_there_when_a_service_begins(service: str) -> None:
    said = subprocess.run(
        [sys.executable, "-c", LOOK, service, *RARE[service]], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout.splitlines() == ["", "True", service]
