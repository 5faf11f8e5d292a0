"""What a decision works on: changed copies are validated, and every refusal says itself in both languages."""

from collections.abc import Callable
from http import HTTPStatus

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError

from infra.kernel import errors
from infra.kernel.errors import Problem, Refused
from infra.kernel.events import Aggregate


class Brand(Aggregate):
    """A small aggregate with rules of its own."""

    state: str = Field(default="draft", pattern="^(draft|in_review)$")
    revision: int = Field(default=0, ge=0)


def test_becomes_changes_a_copy_and_leaves_the_original() -> None:
    before = Brand(id="a", version=4)
    after = before.becomes(state="in_review", revision=1)
    assert (before.state, after.state, after.revision, after.version, after.id) == ("draft", "in_review", 1, 4, "a")


@pytest.mark.parametrize("changes", [{"state": "lost"}, {"revision": -1}, {"revision": "many"}, {"revision": None}])
def test_becomes_refuses_what_the_model_does_not_allow(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Brand(id="a").becomes(**changes)


@given(st.integers(-3, 3), st.text(max_size=3) | st.sampled_from(["draft", "in_review"]))
def test_becomes_is_as_strict_as_the_constructor(revision: int, state: str) -> None:
    def allowed(make: Callable[[], Brand]) -> bool:
        try:
            make()
        except ValidationError:
            return False
        return True

    assert allowed(lambda: Brand(id="a").becomes(revision=revision, state=state)) == allowed(
        lambda: Brand(id="a", revision=revision, state=state)
    )


def test_an_aggregate_cannot_be_changed_in_place() -> None:
    with pytest.raises(ValidationError):
        Brand(id="a").state = "in_review"  # type: ignore[misc]


def test_an_answer_names_the_state_where_there_is_one() -> None:
    assert Brand(id="a").answer() == {"state": "draft"}
    assert Aggregate(id="a").answer() == {}


STATUS = {
    "Refused": 409,
    "Stale": 412,
    "Invalid": 422,
    "NotFound": 404,
    "Forbidden": 403,
    "Unauthorised": 401,
    "NotYet": 503,
    "Unavailable": 503,
}


@pytest.mark.parametrize("kind", Problem.__subclasses__())
def test_every_refusal_has_its_http_status_and_a_title_in_both_languages(kind: type[Problem]) -> None:
    assert HTTPStatus(kind.status) == STATUS[kind.__name__]
    chinese, english = kind.title
    assert english.isascii()
    assert not chinese.isascii()


def test_the_table_of_refusals_is_complete() -> None:
    assert {kind.__name__ for kind in Problem.__subclasses__() if kind.__module__ == errors.__name__} == set(STATUS)


def test_a_refusal_logs_as_code_and_sentence() -> None:
    assert str(Refused("vote.twice", zh="不能重复投票。", en="You have voted already.")) == (
        "vote.twice: You have voted already."
    )
