"""Services whose clock a test leads: the same day for all of them, one that lies in the past."""

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from tests.conftest import Ground
from tests.support.elsewhen import lead
from tests.support.system import ROOT, System


class Led(System):
    """A system that lives on the days that a test chooses."""

    def __init__(self, ground: Ground, home: Path, services: Sequence[str], day: date) -> None:
        super().__init__(ground, home, services)
        self._clock = home / "clock"
        self.day = day
        self.lead(day)

    def lead(self, day: date) -> None:
        """It is nine o'clock of this day, for every service."""
        self.day = day
        lead(self._clock, day)

    def start(self, name: str) -> None:
        """Start one service's process under the led clock."""
        command = [sys.executable, "-m", "tests.support.elsewhen", name, str(self._clock)]
        self.processes[name].start(command, self.environ(name), ROOT)
