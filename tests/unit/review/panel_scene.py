"""Reviews with an online vote and a panel that scores: a procedure of the test's own, and reviews that wait in it."""

from decimal import Decimal
from typing import Any

from services.review.reviews.model.procedure.procedure import Procedure
from services.review.reviews.model.steps.poll import ClosePoll, PollVote
from services.review.reviews.model.steps.scoring import CloseScoring, Reveal, Score
from services.review.shared.role_holders import RoleHolders
from services.review.shared.scoring.panel import Marks
from services.review.shared.scoring.rubric import Rubric
from tests.unit.review.scene import DRAFTER, OFFICER, PROCEDURE, SEATS, Journey, submission

RUBRIC = Rubric.model_validate(
    {
        "id": "own",
        "title": "本单位评分标准",
        "title_en": "Our own rubric",
        "dimensions": [
            {"key": "meaning", "title": "内涵", "title_en": "Meaning", "greatest": 60},
            {"key": "outcomes", "title": "成效", "title_en": "Outcomes", "greatest": 40},
        ],
        "bonus": 5,
        "vetoes": [{"key": "fabrication", "title": "弄虚作假", "title_en": "Fabrication"}],
        "gates": [{"key": "branch_standard_met", "title": "支部达标", "title_en": "Branch standard met"}],
        "pass_mark": 60,
    }
)
CREW = ("p1", "p2", "p3", "p4")
SCORED = Procedure.model_validate(
    {
        "id": "scored",
        "number": 1,
        "title": "评分程序",
        "title_en": "Scored",
        "steps": [
            PROCEDURE.steps[0].model_dump(),
            {
                "key": "poll",
                "kind": "poll",
                "title": "网络投票",
                "title_en": "Online vote",
                "assignees": ["work_department"],
                "voters": [{"members": ["full_member"], "at": "committee"}],
                "quorum": {"of": "voters", "at_least": "1/2"},
                "majority": {"of": "present", "more_than": "1/2"},
                "days": 5,
            },
            {
                "key": "panel",
                "kind": "scoring",
                "title": "专家评审",
                "title_en": "Panel",
                "assignees": [{"posts": ["discipline_committee_member"], "at": "superior"}, "work_department"],
                "judges": ["committee_member"],
                "experts": ["expert", "secretary"],
                "rubric": RUBRIC.model_dump(),
                "quorum": {"of": "judges", "at_least": "1/2"},
                "on_not_carried": "reject",
            },
            {**PROCEDURE.steps[4].model_dump(), "on_not_carried": "panel"},
        ],
    }
)
"""The panel: the six of the committee, an expert, and the branch's secretary, who is recused by rule."""
WATCHER = "watcher"
BODIES = (("discipline_committee_member@superior", (WATCHER,)), ("full_member@committee", CREW))
CREWED: RoleHolders = SEATS.model_copy(update={"scoped": BODIES})


def marks(total: int = 80, **more: Any) -> Marks:  # noqa: ANN401 - any field
    """Marks that come to this total."""
    points = {"meaning": min(Decimal(total), Decimal(60)), "outcomes": max(Decimal(0), Decimal(total - 60))}
    return Marks.model_validate({"points": points, "gates": {"branch_standard_met": True}, **more})


def sheet(total: int = 80, reason: str | None = None, **more: Any) -> Score:  # noqa: ANN401 - any field
    """A sheet that comes to this total."""
    return Score(marks=marks(total, **more), reason=reason)


def at_poll(procedure: Procedure = SCORED) -> Journey:
    """Submitted; the four full members of the whole area may vote."""
    journey = Journey(CREWED, procedure)
    journey.do(DRAFTER, submission())
    return journey


def at_panel() -> Journey:
    """Carried online; seven judges are to score, and one was recused."""
    journey = at_poll()
    for voter in CREW:
        journey.do(voter, PollVote(choice="for"))
    journey.do(OFFICER, ClosePoll())
    return journey


def revealed(*totals: int) -> Journey:
    """All seven have scored, and the sheets are open."""
    journey = at_panel()
    judges = ("c1", "c2", "c3", "c4", "c5", "c6", "expert")
    for judge, total in zip(judges, totals or (80,) * 7, strict=True):
        journey.do(judge, sheet(total))
    journey.do(WATCHER, Reveal())
    return journey


def after_panel() -> Journey:
    """Scored; the committee is to meet."""
    journey = revealed()
    journey.do(WATCHER, CloseScoring())
    return journey
