"""The State Council's calendar of 2025 and 2026 as review carries it: what differs from Monday to Friday."""

from datetime import date, timedelta

from infra.kernel.working_days import Calendar

FREE = (
    *(
        (date(2025, 1, 1), date(2025, 1, 1)),
        (date(2025, 1, 28), date(2025, 2, 4)),
        (date(2025, 4, 4), date(2025, 4, 6)),
    ),
    *(
        (date(2025, 5, 1), date(2025, 5, 5)),
        (date(2025, 5, 31), date(2025, 6, 2)),
        (date(2025, 10, 1), date(2025, 10, 8)),
    ),
    *(
        (date(2026, 1, 1), date(2026, 1, 3)),
        (date(2026, 2, 15), date(2026, 2, 23)),
        (date(2026, 4, 4), date(2026, 4, 6)),
    ),
    *((date(2026, 5, 1), date(2026, 5, 5)), (date(2026, 6, 19), date(2026, 6, 21))),
    *((date(2026, 9, 25), date(2026, 9, 27)), (date(2026, 10, 1), date(2026, 10, 7))),
)
WORKED = "2025-01-26 2025-02-08 2025-04-27 2025-09-28 2025-10-11 2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20"
PUBLISHED = Calendar(
    off=tuple(
        day
        for first, last in FREE
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
        if day.weekday() < 5
    ),
    worked=tuple(map(date.fromisoformat, (*WORKED.split(), "2026-10-10"))),
    confirmed=(2025, 2026),
)
WEEKENDS = Calendar()
"""Before any calendar has come."""
OFFERED = [PUBLISHED, WEEKENDS, PUBLISHED.model_copy(update={"off": (*PUBLISHED.off, date(2026, 3, 9))})]
"""What may come while a review runs: the published one, none, and one with a day of the company's own."""
