"""The product's one clock led from outside, for services that run in the test's own process (see ``elsewhen``)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from infra.kernel import clock
from tests.support.elsewhen import MORNING


class LedClock:
    """From the day that it is led to, time goes on as it does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._real, self._ahead = clock.now, timedelta()
        monkeypatch.setattr(clock, "now", self._now)

    def _now(self) -> datetime:
        return self._real() + self._ahead

    def lead(self, day: date) -> None:
        """From now on it is nine o'clock in China of this day."""
        self._ahead = datetime.combine(day, MORNING) - datetime.now(UTC)
        self._ahead -= timedelta(microseconds=self._ahead.microseconds)
