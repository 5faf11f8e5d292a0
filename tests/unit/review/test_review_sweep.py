"""The daily sweep: at midnight in China, set once, and moved on however many were missed."""

from datetime import UTC, datetime

import pytest

from services.review.reviews.model.sweep import begin, midnight_after, move_on


@pytest.mark.parametrize(
    ("at", "midnight"),
    [
        (datetime(2026, 3, 1, 15, 59, tzinfo=UTC), datetime(2026, 3, 1, 16, 0, tzinfo=UTC)),
        (datetime(2026, 3, 1, 16, 0, tzinfo=UTC), datetime(2026, 3, 2, 16, 0, tzinfo=UTC)),
    ],
)
def test_the_next_midnight_is_that_of_china(at: datetime, midnight: datetime) -> None:
    assert midnight_after(at) == midnight


def test_it_is_set_once_and_moves_past_now() -> None:
    first, _ = begin(None, datetime(2026, 3, 1, tzinfo=UTC))
    assert begin(first, datetime(2026, 3, 9, tzinfo=UTC)) == (first, [])
    after, facts = move_on(first, datetime(2026, 3, 9, 1, tzinfo=UTC))
    assert (after.due_at, facts) == (datetime(2026, 3, 9, 16, tzinfo=UTC), [])
