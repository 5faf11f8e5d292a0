"""How long a refused fact rests: the relay goes on for ever, so the figure must hold for ever."""

from infra.messaging.outbox import LONGEST_REST, rest


def test_a_refused_fact_rests_twice_as_long_each_time_up_to_a_limit() -> None:
    assert [rest(tries).total_seconds() for tries in (1, 2, 3, 4)] == [0.4, 0.8, 1.6, 3.2]
    assert rest(8).total_seconds() == LONGEST_REST


def test_a_fact_refused_for_weeks_does_not_end_the_relay() -> None:
    assert rest(100_000).total_seconds() == LONGEST_REST
