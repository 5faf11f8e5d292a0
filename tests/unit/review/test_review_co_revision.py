"""The co-revision: suggestions on places of the document, answered one by one, never past a conflict."""

from typing import Any

import pytest

from infra.kernel.errors import Invalid, Refused
from services.review.events.published.reviews import DocumentRevised
from services.review.reviews.model.commands import SendBack
from services.review.reviews.model.steps.co_revision import MOST_SUGGESTIONS, Answer, CloseCoRevision, Suggest
from tests.unit.review import scene
from tests.unit.review.one_of_each import ONE_OF_EACH
from tests.unit.review.scene import DRAFTER, OFFICER, SEATS, SECRETARY, SLOGAN


def suggest(path: str, proposal: Any) -> Suggest:  # noqa: ANN401 - any JSON
    return Suggest(path=path, proposal=proposal, reason="更准确")


def test_an_accepted_suggestion_changes_the_text_and_tells_the_change() -> None:
    journey = scene.suggested()
    revised, _ = journey.do(DRAFTER, Answer(suggestion=1, accepted=True))
    assert isinstance(revised, DocumentRevised)
    (change,) = revised.changes
    assert (change.path, change.before, change.after) == ("/slogan", {"state": "unknown"}, SLOGAN)
    assert (revised.revision, revised.suggested_by, revised.accepted_by) == (2, OFFICER, DRAFTER)
    assert journey.review.document["slogan"] == SLOGAN
    assert revised.document == journey.review.document
    assert scene.DOCUMENT["slogan"] == {"state": "unknown"}


def test_declining_needs_a_reason_and_changes_no_text() -> None:
    journey = scene.suggested()
    assert journey.problem(SECRETARY, Answer(suggestion=1, accepted=False)).field == "/reason"
    journey.do(SECRETARY, Answer(suggestion=1, accepted=False, reason="口号由支部大会定"))
    assert journey.review.revision == 1
    assert journey.problem(SECRETARY, Answer(suggestion=1, accepted=True)).code == "suggestion.answered"


def test_only_the_work_department_suggests_and_only_the_branch_answers() -> None:
    journey = scene.suggested()
    assert journey.problem(SECRETARY, suggest("/slogan", SLOGAN)).code == "step.not_assignee"
    assert journey.problem(OFFICER, Answer(suggestion=1, accepted=True)).code == "suggestion.not_branch"
    assert journey.problem("m1", Answer(suggestion=1, accepted=True)).code == "suggestion.not_branch"


def test_a_role_of_the_token_stands_for_the_post() -> None:
    journey = scene.at_co_revision()
    journey.holders = SEATS.model_copy(update={"role_holders": ("assistant",)})
    journey.do("assistant", suggest("/slogan", SLOGAN))
    assert "assistant" not in journey.open_tasks()


def test_nobody_accepts_their_own_suggestion() -> None:
    journey = scene.at_co_revision()
    journey.holders = SEATS.model_copy(update={"work_department": (OFFICER, SECRETARY)})
    journey.do(SECRETARY, suggest("/slogan", SLOGAN))
    assert journey.problem(SECRETARY, Answer(suggestion=1, accepted=True)).code == "suggestion.own"
    journey.do(DRAFTER, Answer(suggestion=1, accepted=True))


def test_a_suggestion_on_a_place_that_changed_meanwhile_is_refused_with_both_texts() -> None:
    journey = scene.suggested()
    journey.do(OFFICER, suggest("/slogan", {"state": "known", "value": "另一句"}))
    journey.do(SECRETARY, Answer(suggestion=1, accepted=True))
    problem = journey.problem(SECRETARY, Answer(suggestion=2, accepted=True))
    assert isinstance(problem, Refused)
    assert problem.code == "suggestion.conflict"
    assert '{"state": "unknown"}' in problem.zh
    assert "尽心、细心、暖心" in problem.en
    journey.do(SECRETARY, Answer(suggestion=2, accepted=False, reason="已采纳前一条"))


def test_a_suggestion_on_a_place_that_is_gone_is_a_conflict() -> None:
    journey = scene.at_co_revision()
    journey.do(OFFICER, suggest("/blocks/words/data/items/2", "热心"))
    journey.do(OFFICER, suggest("/blocks/words/data/items", ["尽心"]))
    journey.do(SECRETARY, Answer(suggestion=2, accepted=True))
    assert journey.problem(SECRETARY, Answer(suggestion=1, accepted=True)).code == "suggestion.conflict"


def test_rounds_count_the_exchanges() -> None:
    journey = scene.suggested()
    journey.do(OFFICER, suggest("/background", {"state": "known", "value": "后勤"}))
    for n in (1, 2):
        journey.do(SECRETARY, Answer(suggestion=n, accepted=True))
    journey.do(OFFICER, suggest("/highlight", {"state": "known", "value": "暖心"}))
    assert [suggestion.round for suggestion in journey.review.suggestions] == [1, 1, 2]


def test_tasks_change_sides_with_the_exchange() -> None:
    journey = scene.at_co_revision()
    assert journey.open_tasks() == {OFFICER}
    journey.do(OFFICER, suggest("/slogan", SLOGAN))
    assert journey.open_tasks() == {SECRETARY, DRAFTER}
    journey.do(SECRETARY, Answer(suggestion=1, accepted=True))
    assert journey.open_tasks() == {OFFICER}
    states = {task.person: task.state for task in journey.review.tasks if task.step == "committee_co_revision"}
    assert states == {OFFICER: "open", SECRETARY: "done", DRAFTER: "withdrawn"}


def test_it_closes_only_when_everything_is_answered() -> None:
    journey = scene.suggested()
    assert journey.problem(OFFICER, CloseCoRevision()).code == "co_revision.suggestions_open"
    journey.do(SECRETARY, Answer(suggestion=1, accepted=True))
    journey.do(OFFICER, CloseCoRevision())
    assert journey.step == "committee_resolution"


def test_a_suggestion_of_an_earlier_visit_is_history() -> None:
    journey = scene.suggested()
    journey.do(OFFICER, SendBack(to="branch_discussion", reason="再议"))
    for person in ("secretary", "m1", "m2"):
        journey.do(person, ONE_OF_EACH["vote"])
    journey.do(SECRETARY, ONE_OF_EACH["close_discussion"])
    assert journey.problem(SECRETARY, Answer(suggestion=1, accepted=True)).code == "suggestion.unknown"
    journey.do(OFFICER, suggest("/slogan", SLOGAN))
    assert [suggestion.n for suggestion in journey.review.suggestions] == [1, 2]


@pytest.mark.parametrize(
    ("path", "proposal", "code"),
    [
        ("/motto", "x", "path.unknown"),
        ("slogan", SLOGAN, "path.unknown"),
        ("/blocks/words/data/items/03", "x", "path.unknown"),
        ("/blocks/words/data/items/9", "x", "path.unknown"),
        ("/blocks/words/data/items/-", "x", "path.unknown"),
        ("/slogan/value", "x", "path.unknown"),
        ("", {}, "suggestion.unfit"),
        ("/slogan", {"state": "known", "value": ""}, "suggestion.unfit"),
        ("/slogan", "just text", "suggestion.unfit"),
        ("/slogan", {"state": "masked", "shown": "**"}, "suggestion.unfit"),
        ("/slogan", None, "suggestion.unfit"),
        ("/core_idea", SLOGAN, "suggestion.unfit"),
        ("/core_idea/shown", "***", "suggestion.unfit"),
        ("/name/state", "unknown", "suggestion.unfit"),
        ("/name/value", 1010, "suggestion.unfit"),
        ("/aliases", ["a", 1], "suggestion.unfit"),
        ("/blocks", {}, "suggestion.unfit"),
        ("/blocks/words", {"type": "keywords"}, "suggestion.unfit"),
        ("/blocks/words/type", "unknown-type", "suggestion.unfit"),
        ("/blocks/words/data", {"items": []}, "suggestion.unfit"),
        ("/blocks/words/data/items/0", 7, "suggestion.unfit"),
        ("/blocks/words/data/items/0", float("nan"), "suggestion.unfit"),
        ("/blocks/words/data/items/0", "\ud800", "suggestion.unfit"),
        ("/blocks/words/data", {"items": ["a"], "$where": 1}, "suggestion.unfit"),
        ("/blocks/words/title", 2**70, "suggestion.unfit"),
        ("/slogan", {"state": "known", "value": "长" * 70_000}, "suggestion.unfit"),
        ("/slogan", {"state": "known", "value": "长" * 7_000}, "suggestion.too_large"),
        ("/slogan", {"state": "unknown"}, "suggestion.no_change"),
        ("/focus", {"state": "known", "value": "made_up"}, "suggestion.unfit"),
        ("/aliases", [str(n) for n in range(21)], "suggestion.unfit"),
        ("/blocks/words/title", -(2**63), "suggestion.unfit"),
    ],
)
def test_what_would_not_fit_is_refused_when_it_is_suggested(path: str, proposal: Any, code: str) -> None:  # noqa: ANN401
    problem = scene.at_co_revision().problem(OFFICER, suggest(path, proposal))
    assert isinstance(problem, Invalid)
    assert problem.code == code


def test_suggestions_of_one_visit_are_bounded() -> None:
    journey = scene.at_co_revision()
    for n in range(MOST_SUGGESTIONS):
        journey.do(OFFICER, suggest("/slogan", {"state": "known", "value": str(n)}))
    assert journey.problem(OFFICER, suggest("/slogan", SLOGAN)).code == "suggestion.too_many"


@pytest.mark.parametrize(
    ("path", "proposal"),
    [
        ("/name/value", "三心二意"),
        ("/aliases", ["三颗心"]),
        ("/blocks/words/title", "关键词"),
        ("/blocks/words/data/items/1", "精心"),
        ("/blocks/words", {"type": "keywords", "title": None, "data": {"items": ["尽心"]}}),
        ("/focus", {"state": "known", "value": "service_quality"}),
        ("/name", {"state": "unknown"}),
    ],
)
def test_what_fits_can_be_accepted(path: str, proposal: Any) -> None:  # noqa: ANN401
    journey = scene.at_co_revision()
    journey.do(OFFICER, suggest(path, proposal))
    revised, _ = journey.do(SECRETARY, Answer(suggestion=1, accepted=True))
    assert isinstance(revised, DocumentRevised)
    assert revised.changes[0].after == proposal
