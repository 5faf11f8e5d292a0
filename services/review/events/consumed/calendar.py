"""What review consumes of the calendar."""

from typing import ClassVar

from infra.kernel.events import Fact
from infra.kernel.working_days import Year


class CalendarRecorded(Fact, Year):
    """Heard from registry: the calendar of a year as it is now."""

    type: ClassVar[str] = "registry.calendar.recorded.v1"
    about: ClassVar[str] = "calendar"

    calendar: str
