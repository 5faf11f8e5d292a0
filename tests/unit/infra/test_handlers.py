"""Which function works off which fact, and what makes a message unreadable: the reason is written for a person."""

from collections.abc import Sequence
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.kernel.errors import Unreadable
from infra.kernel.events import Event, Fact, read
from infra.messaging.subscriptions import Handlers
from tests.support.harness import envelopes as wire
from tests.support.harness.tally import Counted


class Narrow(Fact):
    """A reader's own copy, with the one field that it needs."""

    type: ClassVar[str] = Counted.type
    about: ClassVar[str] = "counter"
    counter: str


subscriptions = Handlers()


@subscriptions.on(Narrow)
async def decide(_: Event[Narrow]) -> None:
    """Decide nothing."""


@subscriptions.project(Counted)
async def mirror(_: Sequence[Event[Counted]]) -> None:
    """Mirror nothing."""


def body(**changed: object) -> bytes:
    """An event as it arrives, with some of it changed."""
    return wire.body(wire.envelopes(Counted(counter="a", total=3))[0] | changed)


def test_a_reader_gets_its_own_narrow_copy_and_ignores_the_rest() -> None:
    event = read(body(unheard="of"), subscriptions.decisions)
    assert (type(event.data), event.data.model_dump(), event.subject) == (Narrow, {"counter": "a"}, "a")


def test_the_same_fact_may_be_decided_on_and_mirrored_each_with_its_own_copy() -> None:
    assert type(read(body(), subscriptions.mirrors).data) is Counted
    assert subscriptions.consumed == [Narrow, Counted]


def test_a_registered_function_stays_what_it_was() -> None:
    assert subscriptions.decisions[Counted.type][1] is decide
    assert subscriptions.mirrors[Counted.type][1] is mirror


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (b"", "not a CloudEvents 1.0 envelope"),
        (b"not json", "not a CloudEvents 1.0 envelope"),
        (b"\xff\xfe", "not a CloudEvents 1.0 envelope"),
        (b"[]", "not a CloudEvents 1.0 envelope"),
        (b"{}", "not a CloudEvents 1.0 envelope: id: Field required"),
        (body(id=""), "envelope: id: "),
        (body(time="2026-03-02T01:00:00"), "envelope: time: .*timezone"),
        (body(data=5), "envelope: data: "),
        (body(type="tally.counter.burst.v1"), "no handler for type 'tally.counter.burst.v1'; consumed here: "),
        (body(data={"total": 1}), r"tally\.counter\.counted\.v1 does not fit .*: data\.counter: Field required"),
        (b"[" * 100_000, "not a CloudEvents 1.0 envelope"),
    ],
    ids=range(11),
)
def test_what_cannot_be_read_says_why(message: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(message, subscriptions.decisions)


@settings(max_examples=50)
@given(st.binary(max_size=50) | st.dictionaries(st.text(max_size=5), st.integers()).map(lambda d: body(**d)))
def test_any_bytes_are_either_read_or_unreadable(message: bytes) -> None:
    try:
        read(message, subscriptions.decisions)
    except Unreadable as reason:
        assert str(reason)  # noqa: PT017 - any other exception fails the test by itself


@pytest.mark.parametrize("register", [subscriptions.on, subscriptions.project])
def test_a_second_handler_for_the_same_fact_is_refused(register: Any) -> None:  # noqa: ANN401 - on or project
    with pytest.raises(ValueError, match="has a handler already"):
        register(Counted)(decide)
