"""What holds after any sequence of commands by anybody, in four procedures, however posts change.

The moves are all that there are, from submitting to deciding on an objection; posts change hands, people are absent,
deadlines come and so do newer calendars. Then:

* exactly one run is live until the review is finished, and none after; finished is final; told as concluded once;
* nobody checks or signs a text that they submitted, for themselves or for others; nobody votes or signs twice, or
  without being entitled; a proxy never votes; who has signed is never removed; a removed signer never signed;
* a countersign passed only with its share of the signers, a sign-any with one signature;
* approved only after a passed run of each step, and with quorum and majority in the last meeting if there is one;
* a scoring passed only when revealed, with the quorum, no veto and the pass mark reached; a poll only with its own;
  nobody scored who is no judge, nor a text that they submitted;
* notices and deadlines keep the laws of ``laws``;
* open to-dos are exactly those who must act, and each of them can; nobody is urged twice within the step's hours;
* stored it reads back as it was, and the history replayed gives the same review.

``BRANDMATRIX_SEQUENCES`` says how many sequences are tried.
"""

import os
from datetime import timedelta
from itertools import pairwise

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from infra.kernel.errors import Problem
from infra.kernel.working_days import Calendar
from services.review.events.published.reviews import ReviewConcluded, StepUrged, TasksChanged
from services.review.reviews.model.commands import Command, Overdue, Recalendar, Reseat
from services.review.reviews.model.context import CommandContext
from services.review.reviews.model.decision import first, recalendared, replay, waiting
from services.review.reviews.model.review import Review
from services.review.reviews.model.steps.discussion import Discussing
from services.review.reviews.model.steps.public_notice import Noticing
from services.review.reviews.model.steps.resolution.meeting import Resolving
from services.review.reviews.model.steps.signing import Signing
from tests.unit.review import carried, laws
from tests.unit.review.calendars import OFFERED
from tests.unit.review.scene import (
    DRAFTER,
    OFFICER,
    SEATS,
    Journey,
)
from tests.unit.review.starts import EVERYBODY, STARTS
from tests.unit.review.wild_moves import ANY_MOVE, CHOICES, PEOPLE, duty

SEQUENCES = int(os.environ.get("BRANDMATRIX_SEQUENCES", "30"))


class AnybodyTriesAnything(RuleBasedStateMachine):
    """One review; sensible commands by those who are waited for, wild commands by anybody, posts that change hands."""

    def __init__(self) -> None:
        super().__init__()
        self.journey = Journey()

    @rule(person=st.sampled_from(PEOPLE), command=ANY_MOVE)
    def wild(self, person: str, command: Command) -> None:
        """Anybody tries anything; what is not allowed changes nothing."""
        before = self.journey.review
        try:
            self.journey.do(person, command)
        except Problem:
            assert self.journey.review is before
        else:
            assert not before.finished

    @initialize(data=st.data(), procedure=st.sampled_from(sorted(STARTS)))
    def begin(self, data: st.DataObject, procedure: str) -> None:
        """Somewhere on the way of one of the procedures."""
        self.journey = data.draw(st.sampled_from(STARTS[procedure]))()
        self.holders = self.journey.holders = EVERYBODY

    @precondition(lambda self: self.journey.open_tasks())
    @rule(data=st.data(), choice=CHOICES)
    def sensible(self, data: st.DataObject, choice: str) -> None:
        """Somebody with an open to-do does it: one of the commands for it must go through."""
        person = data.draw(st.sampled_from(sorted(self.journey.open_tasks())))
        tried = []
        for command in duty(self.journey, person, choice):
            try:
                self.journey.do(person, command)
            except Problem as problem:
                tried.append(problem.code)
            else:
                return
        raise AssertionError(f"{person} has a to-do but can do nothing: {tried}")

    @precondition(lambda self: self.journey.review.state == "running")
    @rule(
        secretary=st.sampled_from([(), ("secretary",), ("m1",), (DRAFTER,)]),
        deputies=st.sampled_from([("deputy",), ("m2",)]),
        officers=st.sampled_from([(OFFICER,), ("officer2",)]),
        committee=st.sampled_from([SEATS.committee_members, ("c2", "c3", "c4", "c5", "c6", "c7")]),
        proxies=st.sampled_from(
            [(), (("secretary", "m2"),), (("officer", "m1"), ("c2", "c3")), (("deputy", "expert"), ("c3", DRAFTER))]
        ),
    )
    def posts_change_hands(self, **bodies: tuple[str, ...]) -> None:
        """Another secretary, deputy, officer, committee; somebody is absent and has a proxy; the to-dos follow."""
        names = {"secretary": "secretaries", "officers": "work_department", "committee": "committee_members"}
        changes = {names.get(name, name): body for name, body in bodies.items()}
        self.journey.holders = EVERYBODY.model_copy(update=changes)
        self.journey.do("system", Reseat())

    @precondition(lambda self: self.journey.review.due_at is not None)
    @rule()
    def a_moment_comes(self) -> None:
        """The next deadline, level or end of a notice."""
        self.journey.at = max(self.journey.at, self.journey.review.due_at or self.journey.at)
        self.journey.do("system", Overdue())
        assert (self.journey.review.due_at or self.journey.at) > self.journey.review.history[-1].at

    @precondition(lambda self: self.journey.review.state in ("running", "returned"))
    @rule(calendar=st.sampled_from(OFFERED))
    def a_calendar_comes(self, calendar: Calendar) -> None:
        """Whatever it says; an older one is not taken."""
        after, facts = recalendared(self.journey.review, calendar, self.journey.at)
        assert all(isinstance(fact, TasksChanged) for fact in facts)
        if after is not self.journey.review:
            self.journey.do("system", Recalendar(calendar=after.calendar))

    @invariant()
    def a_notice_passes_by_time_and_nothing_is_told_late_twice(self) -> None:
        laws.notices_hold(self.journey.review)
        laws.late_once(self.journey.facts)

    @invariant()
    def one_live_visit(self) -> None:
        review = self.journey.review
        live = sum(run.closed_at is None for run in review.runs)
        assert live == (1 if review.state in ("running", "returned") else 0)
        assert live or review.due_at is None

    @invariant()
    def told_as_concluded_exactlyonce(self) -> None:
        concluded = [fact for fact in self.journey.facts if isinstance(fact, ReviewConcluded)]
        assert len(concluded) == (1 if self.journey.review.finished else 0)

    @invariant()
    def nobody_approves_their_own_text(self) -> None:
        submitted: set[str] = set()
        for entry in self.journey.review.history:
            if entry.command.kind == "submit":
                submitted.add(entry.by)
            assert (
                entry.command.kind not in ("agree", "sign", "score", "reveal", "close_scoring", "close_poll")
                or not {entry.by, entry.behalf} & submitted
            )
            assert entry.behalf is None or entry.command.kind not in (
                "vote",
                "ballot",
                "opine",
                "score",
                "justify",
                "poll_vote",
            )
        assert all(
            not (one.state == "accepted" and one.by == one.answered_by) for one in self.journey.review.suggestions
        )

    @invariant()
    def one_vote_each_by_those_entitled(self) -> None:
        for run in self.journey.review.runs:
            if isinstance(run, Discussing):
                laws.once(run.votes, run.voters)
            elif isinstance(run, Resolving):
                for meeting in run.meetings:
                    laws.once(meeting.votes, meeting.present)
                    assert set(meeting.present) <= set(meeting.expected)
                    away = [leave.person for leave in meeting.on_leave or ()]
                    missing = set(meeting.expected) - set(meeting.present)
                    assert meeting.absent is None or sorted((*away, *meeting.absent)) == sorted(missing)

    @invariant()
    def panels_and_polls_hold(self) -> None:
        carried.panels_hold(self.journey.review)

    @invariant()
    def signatures_are_of_signers_once_each_and_carry_by_their_share(self) -> None:
        for run in self.journey.review.runs:
            if isinstance(run, Signing):
                signed = [one.signer for one in run.signatures]
                assert len(signed) == len(set(signed))
                assert set(signed) <= {one.person for one in run.active}
                assert run.active
                if run.outcome == "passed":
                    laws.carried(run, self.journey.review.procedure)

    @invariant()
    def approved_only_after_every_step_and_with_a_carried_meeting(self) -> None:
        review = self.journey.review
        if review.state == "approved":
            steps = {step.key for step in review.procedure.steps}
            assert {run.step for run in review.runs if run.outcome == "passed"} == steps
            last = review.runs[-1]
            assert isinstance(last, Resolving | Signing | Noticing)
            if isinstance(last, Resolving):
                meeting = last.meetings[-1]
                favour = sum(vote.choice == "for" for vote in meeting.votes)
                assert 3 * len(meeting.present) >= 2 * len(meeting.expected)
                assert 2 * favour > len(meeting.expected)
                assert review.resolution == meeting.resolution
            assert review.resolution is not None or not isinstance(last, Noticing)

    @invariant()
    def nobody_is_urged_too_often(self) -> None:
        facts = [fact for fact in self.journey.facts if isinstance(fact, StepUrged)]
        moments = [entry.at for entry in self.journey.review.history if entry.command.kind == "urge"]
        for (one, at), (other, later) in pairwise(zip(facts, moments, strict=True)):
            same = (one.step, one.round) == (other.step, other.round)
            hours = self.journey.review.procedure.step(one.step).urge_hours
            assert not same or later - at >= timedelta(hours=hours)

    @invariant()
    def open_tasks_are_exactly_those_who_must_act(self) -> None:
        journey = self.journey
        if journey.review.runs:
            context = CommandContext(journey.review, "", journey.at, journey.holders)
            assert journey.open_tasks() == set(waiting(context))
            keys = [task.task for task in journey.review.tasks]
            assert len(keys) == len(set(keys))

    def teardown(self) -> None:
        """Stored it reads back as it was, and replayed, the history gives the same review."""
        review = self.journey.review
        assert Review.model_validate(review.model_dump()) == review
        again = replay(first(review), review.history, review.holders)
        assert again.model_copy(update={"version": review.version}) == review


TestAnybodyTriesAnything = AnybodyTriesAnything.TestCase
TestAnybodyTriesAnything.settings = settings(max_examples=SEQUENCES, stateful_step_count=40, deadline=None)
