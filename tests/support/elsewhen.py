"""A service on a day that a test chooses: ``python -m tests.support.elsewhen NAME FILE``.

FILE holds the seconds by which its days differ from ours. The product holds no such switch: this runner leads its one
clock from outside. The database's clock stays ours; what is due by it is decided on by the service's, so days may only
be led into the past.
"""

import importlib
import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from infra.kernel import clock

MORNING = time(1, tzinfo=UTC)
"""Nine o'clock in China."""


def lead(file: Path, day: date) -> None:
    """From now on it is nine o'clock of this day for whoever looks into the file."""
    seconds = (datetime.combine(day, MORNING) - datetime.now(UTC)).total_seconds()
    fresh = file.with_suffix(".new")
    fresh.write_text(str(seconds), encoding="utf-8")
    fresh.replace(file)


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
