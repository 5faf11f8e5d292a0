"""A clock that a test leads, for what waits for days to pass."""

from datetime import date, timedelta

import pytest

from infra import clock
from tests.support.days import MONDAY, morning


class Led:
    """The service's one clock, led from outside; a day may only lie in the past."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._ahead, self._real = timedelta(), clock.now
        monkeypatch.setattr(clock, "now", lambda: clock.kept(self._real() + self._ahead))
        self.to(MONDAY)

    def to(self, on: date) -> None:
        """From now on it is nine o'clock of this day in China."""
        self._ahead = morning(on) - self._real()
