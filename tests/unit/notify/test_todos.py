"""A to-do ends in the state that review told last, in whatever order and however often it was told."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.notify.events.consumed import TasksChanged
from services.notify.inbox.handlers import newest
from services.notify.inbox.model.todo import todos
from services.notify.inbox.store import OwnTodo, TodoRow

SINCE = datetime(2026, 6, 22, 1, tzinfo=UTC)
TASKS = ("r1:check:1:1001", "r1:discussion:1:1001", "r1:discussion:1:1002")
STATES = ("open", "done", "withdrawn")


def published(sequence: int, states: dict[str, str]) -> list[TodoRow]:
    """What one fact of a review says, as rows of the mirror."""
    fact = TasksChanged.model_validate(
        {
            "review": "r1",
            "brand": "1010",
            "owner": "branch",
            "name": None,
            "tasks": [
                {
                    "task": task,
                    "person": task.rpartition(":")[2],
                    "step": task.split(":")[1],
                    "round": 1,
                    "title": "支部书记审核",
                    "title_en": "Secretary check",
                    "state": state,
                    "since": SINCE,
                    "due": None,
                }
                for task, state in states.items()
            ],
        }
    )
    return [TodoRow(version=sequence, **dict(todo)) for todo in todos(fact)]


changes = st.dictionaries(st.sampled_from(TASKS), st.sampled_from(STATES), min_size=1)


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[dict[str, str]], list[list[int]]]:
    """A journey of facts, and how they arrive: each at least once, shuffled, repeated, cut into batches."""
    journey = draw(st.lists(changes, min_size=1, max_size=8))
    numbers = list(range(len(journey)))
    repeated = draw(st.lists(st.sampled_from(numbers), max_size=8))
    arrivals: list[int] = draw(st.permutations(numbers + repeated))
    batches: list[list[int]] = [[]]
    for number in arrivals:
        cut = draw(st.booleans())
        if batches[-1] and cut:
            batches.append([])
        batches[-1].append(number)
    return journey, batches


@given(deliveries())
def test_any_order_and_any_repetition_end_in_the_state_of_the_right_order(
    delivery: tuple[list[dict[str, str]], list[list[int]]],
) -> None:
    journey, batches = delivery
    right: dict[str, str] = {}
    for states in journey:
        right.update(states)
    kept: list[TodoRow] = []
    for batch in batches:
        kept = newest([*kept, *(row for number in batch for row in published(number + 1, journey[number]))])
    assert {row.id: row.state for row in kept} == right


def test_a_to_do_carries_all_that_its_reader_needs() -> None:
    row = published(4, {TASKS[0]: "open"})[0]
    expected: dict[str, Any] = {
        "id": "r1:check:1:1001",
        "version": 4,
        "person": "1001",
        "state": "open",
        "review": "r1",
        "brand": "1010",
        "owner": "branch",
        "name": None,
        "step": "check",
        "round": 1,
        "title": "支部书记审核",
        "title_en": "Secretary check",
        "since": SINCE,
        "due": None,
    }
    assert row.model_dump() == expected
    assert row.link == "/reviews/r1"


def test_a_to_do_that_opens_again_after_it_was_read_is_not_read_yet() -> None:
    read = OwnTodo(**dict(published(4, {TASKS[0]: "open"})[0]), read_at=SINCE)
    assert read.seen_at == SINCE
    assert read.model_copy(update={"since": SINCE + timedelta(minutes=1)}).seen_at is None


def test_what_notify_keeps_beside_a_to_do_is_not_overwritten_by_its_mirror() -> None:
    assert "read_at" not in TodoRow.model_fields
