"""What holds after any sequence of moves by anybody, whoever tries what and however posts change hands.

Exactly one visit is live until the review is finished, and none after; finished is final; nobody agrees to a text
they submitted; nobody votes twice, or without being entitled; approved only with quorum and majority in the last
meeting and after a passed visit of each step; told as concluded exactly once; open to-dos are exactly those who must
act, and each of them can; what is stored reads back as it was; and the history replayed gives the same review.
"""

from collections.abc import Callable

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from infra.aggregate import Problem
from services.review.events import ReviewConcluded
from services.review.model.moves import (
    Agree,
    Answer,
    Ballot,
    CloseCoRevision,
    CloseDiscussion,
    Move,
    Opine,
    Recall,
    Reject,
    Reseat,
    Resolve,
    Rule,
    SendBack,
    Suggest,
    Vote,
)
from services.review.model.replay import first, replay
from services.review.model.review import Review
from services.review.model.tasks import waiting
from services.review.model.turn import Turn
from services.review.model.visits import Cast, Checking, CoRevising, Discussing, Resolving
from tests.unit.review.scene import (
    COMMITTEE,
    DRAFTER,
    OFFICER,
    PROCEDURE,
    SEATS,
    VOTERS,
    Journey,
    at_check,
    at_discussion,
    at_resolution,
    convened,
    in_meeting,
    submission,
    suggested,
)

PEOPLE = (*VOTERS, "probationer", "superior", OFFICER, "officer2", "stranger", *COMMITTEE)
STEPS = [step.key for step in PROCEDURE.steps]
NUMBERS = st.integers(1, 4)
CHOICES = st.sampled_from(["for", "for", "for", "against", "abstain"])
ANY_MOVE: st.SearchStrategy[Move] = st.one_of(
    st.builds(Agree),
    st.builds(SendBack, to=st.sampled_from([None, *STEPS]), reason=st.just("再改")),
    st.builds(Reject, reason=st.just("不符")),
    st.builds(Recall),
    st.builds(Opine, text=st.just("好"), path=st.sampled_from([None, "/name", "/nowhere"])),
    st.builds(Rule, opinion=NUMBERS, adopted=st.booleans(), reason=st.just("有理")),
    st.builds(Vote, choice=CHOICES),
    st.builds(CloseDiscussion, close=st.booleans()),
    st.builds(
        Suggest,
        path=st.sampled_from(["/slogan", "/highlight"]),
        proposal=st.sampled_from(["一", "二"]).map(lambda text: {"state": "known", "value": text}),
        reason=st.just("更好"),
    ),
    st.builds(Answer, suggestion=NUMBERS, accepted=st.booleans(), reason=st.just("同意")),
    st.builds(CloseCoRevision),
    st.integers(1, 6).map(lambda present: convened(*COMMITTEE[:present])),
    st.builds(Ballot, meeting=NUMBERS, choice=st.one_of(CHOICES, st.just("recuse"))),
    st.builds(Resolve, meeting=NUMBERS, number=st.just("1号"), close=st.booleans()),
    st.builds(Reseat),
)


def duty(journey: Journey, choice: str) -> list[Move]:
    """The moves by which people do what the running step asks; one of them must go through."""
    moves: list[Move]
    match journey.review.live:
        case Checking():
            moves = [Agree()]
        case Discussing() as visit:
            rulings = [Rule(opinion=one.n, adopted=True, reason="有理") for one in visit.opinions if not one.ruling]
            vote = Vote.model_validate({"choice": choice})
            moves = [vote, *rulings[:1], CloseDiscussion(), SendBack(reason="再改")]
        case CoRevising() as visit if visit.open:
            n = visit.open[0].n
            moves = [Answer(suggestion=n, accepted=True), Answer(suggestion=n, accepted=False, reason="不采纳")]
        case CoRevising():
            moves = [CloseCoRevision()]
        case Resolving() as visit if visit.open:
            n = visit.open.n
            ballot = Ballot.model_validate({"meeting": n, "choice": choice})
            resolutions = [Resolve(meeting=n, number="1号", close=close) for close in (False, True)]
            moves = [ballot, *resolutions]
        case Resolving():
            moves = [convened()]
        case _:
            moves = [submission(journey.review.submission + 1, journey.review.revision + 1)]
    return moves


def own_text() -> Journey:
    """The secretary submitted; the deputy is to check."""
    journey = Journey()
    journey.do("secretary", submission())
    return journey


class AnybodyTriesAnything(RuleBasedStateMachine):
    """One review; sensible moves by those who are waited for, wild moves by anybody, posts that change hands."""

    def __init__(self) -> None:
        super().__init__()
        self.journey = Journey()

    @rule(person=st.sampled_from(PEOPLE), move=ANY_MOVE)
    def wild(self, person: str, move: Move) -> None:
        """Anybody tries anything; what is not allowed changes nothing."""
        before = self.journey.review
        try:
            self.journey.do(person, move)
        except Problem:
            assert self.journey.review is before
        else:
            assert not before.finished

    @initialize(start=st.sampled_from([at_check, at_discussion, suggested, at_resolution, in_meeting, own_text]))
    def begin(self, start: Callable[[], Journey]) -> None:
        """Somewhere on the way."""
        self.journey = start()

    @precondition(lambda self: self.journey.open_tasks())
    @rule(data=st.data(), choice=CHOICES)
    def sensible(self, data: st.DataObject, choice: str) -> None:
        """Somebody with an open to-do does it: one of the moves for it must go through."""
        person = data.draw(st.sampled_from(sorted(self.journey.open_tasks())))
        tried = []
        for move in duty(self.journey, choice):
            try:
                self.journey.do(person, move)
            except Problem as problem:
                tried.append(problem.code)
            else:
                return
        raise AssertionError(f"{person} has a to-do but can do nothing: {tried}")

    @precondition(lambda self: self.journey.review.state == "running")
    @rule(
        secretary=st.sampled_from(["secretary", "m1", DRAFTER]), officers=st.sampled_from([(OFFICER,), ("officer2",)])
    )
    def posts_change_hands(self, secretary: str, officers: tuple[str, ...]) -> None:
        """Another secretary, another officer; the to-dos follow."""
        self.journey.seats = SEATS.model_copy(update={"secretaries": (secretary,), "work_department": officers})
        self.journey.do("system", Reseat())

    @invariant()
    def one_live_visit(self) -> None:
        review = self.journey.review
        live = sum(visit.closed_at is None for visit in review.visits)
        assert live == (1 if review.state in ("running", "returned") else 0)
        assert live or review.due_at is None

    @invariant()
    def told_as_concluded_exactly_once(self) -> None:
        concluded = [fact for fact in self.journey.told if isinstance(fact, ReviewConcluded)]
        assert len(concluded) == (1 if self.journey.review.finished else 0)

    @invariant()
    def nobody_approves_their_own_text(self) -> None:
        submitted: set[str] = set()
        for entry in self.journey.review.history:
            if entry.move.kind == "submit":
                submitted.add(entry.by)
            assert entry.move.kind != "agree" or entry.by not in submitted
        assert all(
            not (one.state == "accepted" and one.by == one.answered_by) for one in self.journey.review.suggestions
        )

    @invariant()
    def one_vote_each_by_those_entitled(self) -> None:
        for visit in self.journey.review.visits:
            if isinstance(visit, Discussing):
                _once(visit.votes, visit.voters)
            elif isinstance(visit, Resolving):
                for meeting in visit.meetings:
                    _once(meeting.votes, meeting.present)
                    assert set(meeting.present) <= set(meeting.expected)

    @invariant()
    def approved_only_with_quorum_after_every_step(self) -> None:
        review = self.journey.review
        if review.state == "approved":
            assert {visit.step for visit in review.visits if visit.outcome == "passed"} == set(STEPS)
            last = review.visits[-1]
            assert isinstance(last, Resolving)
            meeting = last.meetings[-1]
            favour = sum(vote.choice == "for" for vote in meeting.votes)
            assert 3 * len(meeting.present) >= 2 * len(meeting.expected)
            assert 2 * favour > len(meeting.expected)
            assert review.resolution == meeting.resolution

    @invariant()
    def open_tasks_are_exactly_those_who_must_act(self) -> None:
        journey = self.journey
        if journey.review.visits:
            turn = Turn(journey.review, "", journey.at, journey.seats)
            assert journey.open_tasks() == set(waiting(turn))
            keys = [task.task for task in journey.review.tasks]
            assert len(keys) == len(set(keys))

    @invariant()
    def stored_it_reads_back_the_same(self) -> None:
        review = self.journey.review
        assert Review.model_validate(review.model_dump()) == review

    def teardown(self) -> None:
        """Replayed, the history gives the same review."""
        review = self.journey.review
        again = replay(first(review), review.history, review.seats)
        assert again.model_copy(update={"version": review.version}) == review


def _once(votes: tuple[Cast, ...], entitled: tuple[str, ...]) -> None:
    voted = [vote.by for vote in votes]
    assert len(voted) == len(set(voted))
    assert set(voted) <= set(entitled)


TestAnybodyTriesAnything = AnybodyTriesAnything.TestCase
TestAnybodyTriesAnything.settings = settings(max_examples=30, stateful_step_count=40, deadline=None)
