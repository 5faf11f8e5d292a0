"""Countersign and sign-any: who signs, when it is decided, adding and removing signers, posts that change hands."""

import pytest

from infra.kernel.errors import Forbidden, NotYet
from services.review.events.published.reviews import ReviewConcluded, ReviewReturned
from services.review.reviews.model.commands import Reseat, SendBack
from services.review.reviews.model.steps.check import Agree
from services.review.reviews.model.steps.signing import MOST_SIGNERS, AddSigner, RemoveSigner, Sign, Signing
from tests.unit.review.scene import DRAFTER, OFFICER, SEATS, SECRETARY, Journey, submission
from tests.unit.review.signing_scene import AGREE, DISAGREE, SIGNED, at_any, at_countersign, changed


def signing(journey: Journey) -> Signing:
    """The newest run in which people sign."""
    return next(run for run in reversed(journey.review.runs) if isinstance(run, Signing))


def test_all_signers_must_agree_and_the_last_one_decides() -> None:
    journey = at_countersign()
    assert journey.open_tasks() == {"deputy", "c1", "expert"}
    journey.do("c1", AGREE)
    journey.do("expert", Sign(choice="agree", comment="同意"))
    assert (journey.step, journey.open_tasks()) == ("countersign", {"deputy"})
    journey.do("deputy", AGREE)
    assert journey.step == "any"
    assert [one.signer for one in signing(journey).signatures] == []
    assert journey.open_tasks() == set(SEATS.committee_members)


def test_one_disagreement_is_enough_and_leads_where_the_step_says() -> None:
    journey = at_countersign()
    journey.do("c1", AGREE)
    facts, _ = journey.do("expert", DISAGREE)
    assert isinstance(facts, ReviewReturned)
    assert (journey.step, facts.to_step, "依据不足" in facts.reason) == ("secretary_check", "secretary_check", True)
    run = signing(journey)
    assert (run.outcome, len(run.signatures), run.silent[0].person) == ("not_carried", 2, "deputy")
    journey.do(SECRETARY, Agree())
    assert (signing(journey).round, signing(journey).signatures) == (2, ())


@pytest.mark.parametrize(
    ("signed", "step"),
    [
        ((AGREE, AGREE), "any"),
        ((AGREE, DISAGREE), "countersign"),
        ((AGREE, DISAGREE, AGREE), "any"),
        ((DISAGREE, DISAGREE), "secretary_check"),
        ((DISAGREE, AGREE, DISAGREE), "secretary_check"),
    ],
)
def test_a_share_decides_as_soon_as_nothing_can_change_it(signed: tuple[Sign, ...], step: str) -> None:
    journey = at_countersign(changed(2, majority={"of": "signers", "at_least": "2/3"}))
    for person, command in zip(("deputy", "c1", "expert"), signed, strict=False):
        journey.do(person, command)
    assert journey.step == step


def test_the_first_signature_decides_a_sign_any_step() -> None:
    journey = at_any()
    concluded, tasks = journey.do("c4", AGREE)
    assert isinstance(concluded, ReviewConcluded)
    assert (concluded.outcome, concluded.resolution) == ("approved", None)
    states = {task.person: task.state for task in tasks.tasks}  # type: ignore[attr-defined]
    assert states == {person: "done" if person == "c4" else "withdrawn" for person in SEATS.committee_members}
    journey = at_any()
    journey.do("c4", DISAGREE)
    assert journey.review.state == "rejected"


def test_nobody_signs_twice_nor_without_being_asked_nor_their_own_text() -> None:
    journey = at_countersign()
    journey.do("c1", AGREE)
    assert journey.problem("c1", DISAGREE).code == "sign.twice"
    assert journey.problem(OFFICER, AGREE).code == "sign.not_signer"
    own = Journey(SEATS, SIGNED)
    own.do("deputy", submission())
    own.do(SECRETARY, Agree())
    assert own.open_tasks() == {"c1", "expert"}
    assert own.problem(OFFICER, AddSigner(person="deputy", reason="补签")).code == "signer.drafter"


def test_an_added_signer_who_disagrees_ends_the_step() -> None:
    journey = at_countersign()
    journey.do("c1", AddSigner(person="m2", reason="请安全员会签"))
    assert "m2" in journey.open_tasks()
    added = signing(journey).active[-1]
    assert (added.person, added.by, added.reason) == ("m2", "c1", "请安全员会签")
    journey.do("m2", DISAGREE)
    assert journey.step == "secretary_check"


def test_a_removed_signer_stays_visible_and_may_complete_the_rest() -> None:
    journey = at_countersign()
    journey.do(OFFICER, AddSigner(person="m2", reason="会签"))
    for person in ("deputy", "c1", "expert"):
        journey.do(person, AGREE)
    assert journey.problem(OFFICER, RemoveSigner(person="c1", reason="不需")).code == "signer.signed"
    journey.do(OFFICER, RemoveSigner(person="m2", reason="出差"))
    assert journey.step == "any"
    run = journey.review.runs[-2]
    assert isinstance(run, Signing)
    removed = run.signers[-1]
    assert (removed.person, removed.removed_by, removed.removed_why, run.outcome) == ("m2", OFFICER, "出差", "passed")


def test_who_may_add_and_remove_and_what_is_no_signer() -> None:
    journey = at_countersign()
    for command in (AddSigner(person="m2", reason="?"), RemoveSigner(person="c1", reason="?")):
        assert isinstance(journey.problem("m1", command), Forbidden)
    journey.do("c1", AddSigner(person="m2", reason="会签"))
    assert journey.problem("expert", RemoveSigner(person="m2", reason="?")).code == "step.not_assignee"
    journey.do("c1", RemoveSigner(person="m2", reason="我请的"))
    assert journey.problem(OFFICER, RemoveSigner(person="m2", reason="?")).code == "signer.unknown"
    assert journey.problem(OFFICER, AddSigner(person="c1", reason="?")).code == "signer.already"
    journey.do(OFFICER, AddSigner(person="m2", reason="再请"))
    for person in ("deputy", "c1", "m2"):
        journey.do(OFFICER, RemoveSigner(person=person, reason="不需"))
    assert journey.problem(OFFICER, RemoveSigner(person="expert", reason="?")).code == "signer.last"
    for n in range(MOST_SIGNERS - len(signing(journey).signers)):
        journey.do(OFFICER, AddSigner(person=f"p{n}", reason="会签"))
    assert journey.problem(OFFICER, AddSigner(person="one-more", reason="?")).code == "signer.too_many"


def test_a_signer_by_post_is_succeeded_by_whoever_takes_the_post_over() -> None:
    journey = at_countersign()
    journey.holders = SEATS.model_copy(update={"deputies": ("successor",)})
    journey.do("system", Reseat())
    assert journey.open_tasks() == {"successor", "c1", "expert"}
    assert journey.problem("deputy", AGREE).code == "sign.not_signer"
    first, *_, last = signing(journey).signers
    assert (first.person, first.removed_by, last.person, last.role) == ("deputy", "system", "successor", "deputy")
    journey.do("successor", AGREE)


def test_the_successor_signs_even_before_anybody_said_reseat() -> None:
    journey = at_countersign()
    journey.holders = SEATS.model_copy(update={"deputies": ("successor",)})
    journey.do("successor", AGREE)


def test_a_vacancy_carries_nothing_and_is_handed_to_who_leads_the_step() -> None:
    journey = at_countersign()
    journey.do("c1", AGREE)
    journey.do("expert", AGREE)
    journey.holders = SEATS.model_copy(update={"deputies": ()})
    journey.do("system", Reseat())
    assert (journey.step, journey.open_tasks()) == ("countersign", {OFFICER})
    assert journey.problem("deputy", AGREE).code == "sign.post_lost"
    journey.do(OFFICER, RemoveSigner(person="deputy", reason="职务空缺"))
    assert journey.step == "any"


def test_a_signature_that_was_given_stays_when_its_signer_leaves_the_post() -> None:
    journey = at_countersign()
    journey.do("deputy", AGREE)
    journey.holders = SEATS.model_copy(update={"deputies": ("successor",)})
    journey.do("system", Reseat())
    assert journey.open_tasks() == {"c1", "expert"}
    assert journey.problem("successor", AGREE).code == "sign.not_signer"


def test_a_signing_step_that_nobody_could_sign_is_not_entered() -> None:
    journey = Journey(SEATS.model_copy(update={"deputies": ()}), changed(2, signers=["deputy"], experts=[]))
    journey.do(DRAFTER, submission())
    assert isinstance(journey.problem(SECRETARY, Agree()), NotYet)


def test_who_leads_a_countersign_may_return_it_and_the_signatures_stay_in_the_history() -> None:
    journey = at_countersign()
    journey.do("c1", AGREE)
    assert journey.problem("c1", SendBack(reason="?")).code == "step.not_assignee"
    journey.do(OFFICER, SendBack(to="previous", reason="请书记再核"))
    assert (journey.step, signing(journey).outcome) == ("secretary_check", "returned")
    assert [one.signer for one in signing(journey).signatures] == ["c1"]
    assert sum(run.closed_at is None for run in journey.review.runs) == 1
