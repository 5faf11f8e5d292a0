"""The daily sweep: at midnight in China, and moved on however many were missed."""

from datetime import UTC, datetime

import pytest

from services.review.reviews.model.deadlines import begin_sweep, sweep_again


@pytest.mark.parametrize(
    ("at", "midnight"),
    [
        (datetime(2026, 3, 1, 15, 59, tzinfo=UTC), datetime(2026, 3, 1, 16, 0, tzinfo=UTC)),
        (datetime(2026, 3, 1, 16, 0, tzinfo=UTC), datetime(2026, 3, 2, 16, 0, tzinfo=UTC)),
    ],
)
def test_the_next_midnight_is_that_of_china(at: datetime, midnight: datetime) -> None:
    assert begin_sweep(at)[0].due_at == midnight


def test_it_moves_past_now() -> None:
    first, _ = begin_sweep(datetime(2026, 3, 1, tzinfo=UTC))
    after, facts = sweep_again(first, datetime(2026, 3, 9, 1, tzinfo=UTC))
    assert (after.due_at, facts) == (datetime(2026, 3, 9, 16, tzinfo=UTC), [])
