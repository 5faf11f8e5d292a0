"""A service on a day that a test chooses: ``python -m tests.support.harness.clock NAME FILE``.

FILE holds the seconds by which its days differ from ours. The product holds no such switch: this runner leads its one
clock from outside. The database's clock stays ours; what is due by it is decided on by the service's, so days may only
be led into the past.
"""

import importlib
import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from infra.kernel import clock

if TYPE_CHECKING:
    import pytest

MORNING = time(1, tzinfo=UTC)
"""Nine o'clock in China."""


def lead(file: Path, day: date) -> None:
    """From now on it is nine o'clock of this day for whoever looks into the file."""
    seconds = (datetime.combine(day, MORNING) - datetime.now(UTC)).total_seconds()
    fresh = file.with_suffix(".new")
    fresh.write_text(str(seconds), encoding="utf-8")
    fresh.replace(file)


class LedClock:
    """From the day that it is led to, time goes on as it does."""

    def __init__(self, monkeypatch: "pytest.MonkeyPatch") -> None:
        self._real, self._ahead = clock.now, timedelta()
        monkeypatch.setattr(clock, "now", self._now)

    def _now(self) -> datetime:
        return self._real() + self._ahead

    def lead(self, day: date) -> None:
        """From now on it is nine o'clock in China of this day."""
        self._ahead = datetime.combine(day, MORNING) - datetime.now(UTC)
        self._ahead -= timedelta(microseconds=self._ahead.microseconds)


def main() -> None:
    """Lead the clock, then serve."""
    name, file = sys.argv[1], Path(sys.argv[2])
    real = clock.now

    def led() -> datetime:
        return real() + timedelta(milliseconds=int(float(file.read_text(encoding="utf-8")) * 1000))

    clock.now = led
    sys.argv = sys.argv[:1]
    importlib.import_module(f"services.{name}.app").build().main()


if __name__ == "__main__":
    main()
