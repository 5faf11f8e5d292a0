"""The routes that commands name: each with an example that is a body of it, none at the place of another."""

import re
from datetime import UTC, datetime

import pytest

from infra.kernel.events import Cause
from infra.web.auth import Principal
from infra.web.http import NO_VERSION, Asking
from services.review.reviews.api.commands import Said
from services.review.reviews.model.commands import COMMON, Command, Form
from services.review.reviews.model.steps import KINDS

SENT: list[type[Command | Form]] = [
    *(one for one in COMMON if one.route),
    *(form for kind in KINDS for form in kind.forms),
    *(one for kind in KINDS for one in kind.commands if one.route),
]
IN_PATH = {"n": 1, "judge": "E1024", "person": "E1024"}


@pytest.mark.parametrize("sent", SENT, ids=lambda sent: sent.__name__)
def test_its_example_is_what_people_may_send(sent: type[Command | Form]) -> None:
    route = sent.route
    assert route is not None
    there = {name: IN_PATH[name] for name in re.findall(r"{(\w+)}", route.path)}
    if route.number is not None:
        there[route.number] = there.pop("n")
    assert not there.keys() & route.example.keys()
    found = sent.model_validate({**route.example, **there})
    command = found.command("E1024") if isinstance(found, Form) else found
    assert isinstance(command, Command)


def test_each_has_a_place_and_a_title_of_its_own() -> None:
    routes = [one.route for one in SENT if one.route is not None]
    assert len({route.path for route in routes}) == len({route.summary for route in routes}) == len(routes) == 37
    assert all(kind.tag for kind in KINDS if kind.commands)


@pytest.mark.parametrize(
    ("matched", "said", "expected"),
    [(None, None, None), (None, 3, 3), (3, None, 3), (3, 3, 3), (3, 2, NO_VERSION)],
)
def test_the_version_in_the_body_is_that_of_if_match(
    matched: int | None, said: int | None, expected: int | None
) -> None:
    cause = Cause("http#1", datetime(2026, 3, 2, tzinfo=UTC), "c", expected_version=matched)
    asked = Asking(Principal(id="E1024"), cause, "k")
    assert Said(version=said).cause(asked).expected_version == expected
