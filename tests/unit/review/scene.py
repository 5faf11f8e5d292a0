"""Named people around one branch, and a review that they walk through; time passes by a minute with each command."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from infra.kernel.errors import Problem
from infra.kernel.events import Fact
from services.review.events.value_objects import Document
from services.review.reviews.model.commands import Command, Recall, Reject, SendBack, Submit
from services.review.reviews.model.decision import apply
from services.review.reviews.model.procedure.procedure import Procedure
from services.review.reviews.model.review import Review
from services.review.reviews.model.steps.check import Agree
from services.review.reviews.model.steps.co_revision import CloseCoRevision, Suggest
from services.review.reviews.model.steps.discussion import CloseDiscussion, Vote
from services.review.reviews.model.steps.resolution import Ballot, Resolve
from services.review.reviews.model.steps.resolution.meeting import Convene
from services.review.shared.role_holders import RoleHolders

SHIPPED = Path(__file__).parents[3] / "services" / "review" / "data" / "procedures" / "one-branch-one-brand.json"
PROCEDURE = Procedure.model_validate_json(SHIPPED.read_text(encoding="utf-8"))
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)

SECRETARY, DEPUTY, DRAFTER = "secretary", "deputy", "drafter"
OFFICER, COMMITTEE = "officer", ("c1", "c2", "c3", "c4", "c5", "c6")
VOTERS = ("deputy", "drafter", "m1", "m2", "secretary")
SEATS = RoleHolders(
    secretaries=(SECRETARY,),
    deputies=(DEPUTY,),
    superior_secretaries=("superior",),
    members=tuple(sorted((*VOTERS, "probationer"))),
    voters=VOTERS,
    committee_members=COMMITTEE,
    committee_secretaries=("c1",),
    work_department=(OFFICER,),
)
DOCUMENT: Document = {
    "name": {"state": "known", "value": "三心"},
    "aliases": [],
    "slogan": {"state": "unknown"},
    "focus": {"state": "unknown"},
    "core_idea": {"state": "masked", "shown": "**", "visible_to": ["secretary"]},
    "background": {"state": "unknown"},
    "highlight": {"state": "unknown"},
    "blocks": {"words": {"type": "keywords", "title": None, "data": {"items": ["尽心", "细心", "暖心"]}}},
}
SCHEMAS = {
    "keywords": '{"type":"object","required":["items"],"additionalProperties":false,'
    '"properties":{"items":{"type":"array","minItems":1,"maxItems":5,"items":{"type":"string","minLength":1}}}}'
}
SLOGAN = {"state": "known", "value": "尽心、细心、暖心"}


def submission(n: int = 1, revision: int = 1) -> Submit:
    """The text handed over for the n-th time."""
    return Submit(submission=n, document=DOCUMENT, revision=revision, schemas=SCHEMAS)


class Journey:
    """A review and everything it told; each step is one command."""

    def __init__(self, holders: RoleHolders = SEATS, procedure: Procedure = PROCEDURE) -> None:
        self.review = Review(id="b.r1", brand="b", owner="branch", committee="committee", procedure=procedure)
        self.holders, self.at, self.facts = holders, START, list[Fact]()

    def do(self, by: str, command: Command) -> list[Fact]:
        """Make a command and return the facts it told; a problem leaves everything as it was."""
        after, facts = apply(self.review, command, by, self.at, self.holders)
        self.at += timedelta(minutes=1)
        self.review = after.becomes(version=after.version + 1)
        self.facts += facts
        return list(facts)

    def problem(self, by: str, command: Command) -> Problem:
        """The problem that a command meets; fails when it meets none."""
        before = self.review
        try:
            self.do(by, command)
        except Problem as problem:
            assert self.review is before
            return problem
        raise AssertionError(f"{command.kind} by {by} went through")

    def open_tasks(self) -> set[str]:
        """Who has an open to-do."""
        return {task.person for task in self.review.tasks if task.state == "open"}

    @property
    def step(self) -> str | None:
        """The key of the running step."""
        return self.review.step.key if self.review.step else None


def at_check() -> Journey:
    """Submitted by the drafter; the secretary is to check."""
    journey = Journey()
    journey.do(DRAFTER, submission())
    return journey


def at_discussion() -> Journey:
    """Checked; the branch discusses."""
    journey = at_check()
    journey.do(SECRETARY, Agree())
    return journey


def at_co_revision() -> Journey:
    """Carried by three of five; the work department may suggest."""
    journey = at_discussion()
    for person in ("secretary", "m1", "m2"):
        journey.do(person, Vote(choice="for"))
    journey.do(SECRETARY, CloseDiscussion())
    return journey


def at_resolution() -> Journey:
    """Co-revision closed; the committee is to meet."""
    journey = at_co_revision()
    journey.do(OFFICER, CloseCoRevision())
    return journey


def in_meeting() -> Journey:
    """Four of six have met; they vote."""
    journey = at_resolution()
    journey.do(OFFICER, convened())
    return journey


def convened(*present: str) -> Convene:
    """A meeting of today; without names, of four of the six."""
    return Convene(number="第1次", held_on=TODAY, agenda=("审定品牌",), present=present or COMMITTEE[:4])


def approved() -> Journey:
    """Resolved with four of six in favour."""
    journey = in_meeting()
    for person in COMMITTEE[:4]:
        journey.do(person, Ballot(meeting=1, choice="for"))
    journey.do(OFFICER, Resolve(meeting=1, number="1号"))
    return journey


def returned() -> Journey:
    """Sent back to the drafter by the secretary."""
    journey = at_check()
    journey.do(SECRETARY, SendBack(reason="补充"))
    return journey


def suggested() -> Journey:
    """One suggestion waits for the branch."""
    journey = at_co_revision()
    journey.do(OFFICER, Suggest(path="/slogan", proposal=SLOGAN, reason="补上口号"))
    return journey


def rejected() -> Journey:
    """Rejected by the secretary."""
    journey = at_check()
    journey.do(SECRETARY, Reject(reason="不符合要求"))
    return journey


def recalled() -> Journey:
    """Taken back by the drafter."""
    journey = at_check()
    journey.do(DRAFTER, Recall())
    return journey
