"""The exchanges and queues: every argument is stated, every working message has a place to go, names never collide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.messaging.topology import EVENTS, UNROUTED, Queue, Topology, of, retry

CONSUMED = ["registry.brand.submitted.v1", "registry.person.recorded.v1"]
REVIEW = of("review", CONSUMED[:1], CONSUMED[1:], (1, 10, 0.5))
BY_NAME = {queue.name: queue for queue in REVIEW.queues}
WORKING = [REVIEW.decisions, REVIEW.mirrors]
WAITING = [BY_NAME[f"review.retry.{delay}s"] for delay in ("1", "10", "0.5")]


def targets(topology: Topology) -> set[str]:
    return {exchange.name for exchange in topology.exchanges}


def test_the_names_are_what_the_documentation_and_the_permissions_say() -> None:
    assert set(BY_NAME) == {
        "review.decisions",
        "review.mirrors",
        "review.parked",
        "review.retry.1s",
        "review.retry.10s",
        "review.retry.0.5s",
        "brand.unrouted",
    }
    assert targets(REVIEW) == {
        "brand.events",
        "brand.unrouted",
        "review.return",
        "review.parked",
        "review.retry.1s",
        "review.retry.10s",
        "review.retry.0.5s",
    }
    assert [queue.name for queue in (REVIEW.decisions, REVIEW.mirrors, REVIEW.parked)] == [
        "review.decisions",
        "review.mirrors",
        "review.parked",
    ]


@pytest.mark.parametrize("queue", REVIEW.queues, ids=lambda queue: queue.name)
def test_every_queue_is_replicated_and_bound(queue: Queue) -> None:
    assert queue.arguments["x-queue-type"] == "quorum"
    assert queue.bindings
    assert {exchange for exchange, _ in queue.bindings} <= targets(REVIEW)


@pytest.mark.parametrize("queue", [*WORKING, REVIEW.parked], ids=lambda queue: queue.name)
def test_every_consumed_queue_states_how_often_it_delivers(queue: Queue) -> None:
    """RabbitMQ 4 delivers 20 times where nothing is said, and then drops what has no dead-letter exchange."""
    limit = queue.arguments["x-delivery-limit"]
    assert limit >= 20 if "x-dead-letter-exchange" in queue.arguments else limit > 1_000_000


@pytest.mark.parametrize("queue", [*WORKING, *WAITING], ids=lambda queue: queue.name)
def test_what_is_dead_lettered_is_dead_lettered_safely(queue: Queue) -> None:
    assert queue.arguments["x-dead-letter-exchange"] in targets(REVIEW)
    assert queue.arguments["x-dead-letter-strategy"] == "at-least-once"
    assert queue.arguments["x-overflow"] == "reject-publish"


def test_a_failed_message_waits_and_goes_back_to_the_queue_it_came_from() -> None:
    assert [queue.arguments["x-message-ttl"] for queue in WAITING] == [1000, 10_000, 500]
    assert {queue.arguments["x-dead-letter-exchange"] for queue in WAITING} == {"review.return"}
    for queue in WORKING:
        assert ("review.return", queue.name) in queue.bindings


def test_what_the_broker_gives_up_is_parked() -> None:
    assert {queue.arguments["x-dead-letter-exchange"] for queue in WORKING} == {"review.parked"}
    assert REVIEW.parked.bindings == (("review.parked", ""),)


def test_only_one_replica_at_a_time_decides_and_all_mirror() -> None:
    assert REVIEW.decisions.arguments["x-single-active-consumer"] is True
    assert "x-single-active-consumer" not in REVIEW.mirrors.arguments


def test_each_queue_is_bound_to_the_facts_it_hears_and_to_no_other() -> None:
    assert [key for exchange, key in REVIEW.decisions.bindings if exchange == EVENTS] == CONSUMED[:1]
    assert [key for exchange, key in REVIEW.mirrors.bindings if exchange == EVENTS] == CONSUMED[1:]


def test_a_fact_that_nobody_hears_is_kept_up_to_a_stated_number() -> None:
    events = next(exchange for exchange in REVIEW.exchanges if exchange.name == EVENTS)
    assert (events.kind, events.arguments) == ("topic", {"alternate-exchange": UNROUTED})
    assert BY_NAME[UNROUTED].arguments["x-max-length"] > 0
    assert BY_NAME[UNROUTED].arguments["x-overflow"] == "drop-head"


@given(
    st.lists(st.floats(0.001, 1e6), min_size=1, max_size=5, unique=True).filter(
        lambda delays: len({f"{delay:g}" for delay in delays}) == len(delays)
    )
)
def test_each_delay_has_a_queue_of_its_own_with_a_positive_wait(delays: list[float]) -> None:
    queues = {queue.name: queue for queue in of("x", [], [], delays).queues}
    for delay in delays:
        assert queues[retry("x", delay)].arguments["x-message-ttl"] >= 1


def test_two_services_share_only_the_common_exchange_and_its_overflow() -> None:
    other = of("notify", CONSUMED, [], (1,))
    assert targets(REVIEW) & targets(other) == {EVENTS, UNROUTED}
    assert set(BY_NAME) & {queue.name for queue in other.queues} == {UNROUTED}
    shared = next(queue for queue in other.queues if queue.name == UNROUTED)
    assert shared == BY_NAME[UNROUTED], "the same declaration from each, else the broker refuses the second"
