"""A procedure that ends in a public notice after the committee's resolution, and reviews that came to it."""

from services.review.reviews.model.commands import Command
from services.review.reviews.model.procedure.procedure import Procedure
from services.review.reviews.model.steps.check import Agree
from services.review.reviews.model.steps.public_notice import (
    ApproveNotice,
    DecideObjection,
    ExamineNotice,
    Noticing,
    PublishNotice,
    RaiseObjection,
)
from services.review.reviews.model.steps.resolution import Ballot, Resolve
from services.review.shared.public_notice.notice import QUESTIONS
from services.review.shared.role_holders import RoleHolders
from tests.unit.review.calendars import PUBLISHED
from tests.unit.review.scene import (
    COMMITTEE,
    DRAFTER,
    OFFICER,
    PROCEDURE,
    SEATS,
    SECRETARY,
    Journey,
    convened,
    submission,
)

CHIEF = COMMITTEE[0]
"""The committee's secretary, who approves."""

NOTICED = Procedure.model_validate(
    {
        "id": "noticed",
        "number": 1,
        "title": "先审定后公示",
        "title_en": "Resolved, then shown",
        "steps": [
            PROCEDURE.steps[0].model_dump(),
            PROCEDURE.steps[1].model_dump() | {"days": None, "working_days": 3},
            PROCEDURE.steps[4].model_dump() | {"on_not_carried": "secretary_check"},
            {
                "key": "notice",
                "kind": "public_notice",
                "title": "公示",
                "title_en": "Public notice",
                "assignees": ["work_department"],
                "approvers": ["committee_secretary"],
                "working_days": 10,
                "escalation": [
                    {"working_days": 1, "roles": ["committee_secretary"]},
                    {"working_days": 3, "roles": ["committee_member", "secretary"]},
                ],
                "on_not_carried": "secretary_check",
            },
        ],
    }
)


def submitted(procedure: Procedure = NOTICED, holders: RoleHolders = SEATS) -> Journey:
    """Submitted on Monday, 2 March 2026, with the published calendar."""
    journey = Journey(holders, procedure)
    journey.do(DRAFTER, submission().model_copy(update={"calendar": PUBLISHED}))
    return journey


def at_notice() -> Journey:
    """Resolved; the notice is proposed."""
    journey = submitted()
    journey.do(SECRETARY, Agree())
    journey.do(OFFICER, convened())
    for person in COMMITTEE[:4]:
        journey.do(person, Ballot(meeting=1, choice="for"))
    journey.do(OFFICER, Resolve(meeting=1, number="1号"))
    return journey


def reviewed() -> Journey:
    """All three questions are answered; the chief is to approve."""
    journey = at_notice()
    for question in QUESTIONS:
        journey.do(OFFICER, ExamineNotice(question=question, passed=True))
    return journey


def published() -> Journey:
    """Put up on Monday, 2 March: it runs until the end of Monday the 9th."""
    journey = reviewed()
    journey.do(CHIEF, ApproveNotice(comment="同意公示"))
    journey.do(OFFICER, PublishNotice(where="公司公告栏"))
    return journey


def objected() -> Journey:
    """Somebody objected anonymously."""
    journey = published()
    journey.do(OFFICER, RaiseObjection(text="事迹不实"))
    return journey


def steps_of_a_notice(run: Noticing, *, upheld: bool) -> list[Command]:
    """The commands by which people do what a notice asks now."""
    notice = run.notice
    match notice.state:
        case "proposed":
            return [ExamineNotice(question=notice.unanswered[0], passed=True)]
        case "reviewed":
            return [ApproveNotice()]
        case "approved":
            return [PublishNotice(where="公告栏")]
        case "implemented":
            return [
                DecideObjection(objection=one.n, upheld=upheld, reason="已核实", reply="已答复") for one in notice.open
            ]
