"""A made-up campaign: a committee with some branches, a plan, and shortcuts through its stages."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from services.review.campaigns.model import enrolling, judging, levels, naming
from services.review.campaigns.model.campaign import Campaign
from services.review.campaigns.model.commands import Rated, Revealed, Seated, SheetHandedIn
from services.review.campaigns.model.enrolling import Brand
from services.review.campaigns.model.plan import Plan, Planned
from services.review.shared.actor import Actor
from services.review.shared.public_notice.notice import QUESTIONS, Approval, Examination, Publication
from services.review.shared.scoring.panel import Marks
from services.review.shared.scoring.rubric import Rubric
from tests.unit.review.calendars import PUBLISHED

RUBRICS = Path(__file__).parents[3] / "services/review/data/rubrics"
BEGUN = datetime(2026, 3, 2, 1, tzinfo=UTC)
OFFICER, REVIEWER, SECRETARY, SUPERVISOR = "9001", "9002", "9003", "9009"
JUDGES = tuple(f"80{n:02}" for n in range(1, 8))
BEST = {"identity": 10, "meaning": 15, "mechanism": 15, "carriers": 20, "outcomes": 25, "promotion": 15}


PUT_UP = Publication(where="党务公开栏", published_on=date(2026, 3, 11))
BENCH = Seated(judges=JUDGES, supervisors=(SUPERVISOR,), quorum=5)


def rubric(**changes: Any) -> Rubric:  # noqa: ANN401 - fields of any type
    """The shipped rubric, changed."""
    (file,) = RUBRICS.glob("*.json")
    return Rubric.model_validate({**json.loads(file.read_text(encoding="utf-8")), **changes})


def plan(**changes: Any) -> Plan:  # noqa: ANN401 - fields of any type
    """The plan of a first batch, changed."""
    drawn: dict[str, Any] = {
        "title": "第一批党建品牌",
        "title_en": "First batch",
        "committee": "committee",
        "topic": "党建与业务融合",
        "emphasis": ["service_quality"],
        "opens_on": date(2026, 3, 2),
        "closes_on": date(2026, 3, 20),
        "cut": {"seats": 5, "ratio": "1.2"},
        "rubric": rubric(),
        "levels": [
            {"level": "exemplary", "title": "示范", "title_en": "Exemplary", "portion": "0.2", "least": "80"},
            {"level": "excellent", "title": "优秀", "title_en": "Excellent", "portion": "0.4"},
            {"level": "established", "title": "达标", "title_en": "Established", "portion": "0.4"},
        ],
        "awards": [{"award": "innovation", "title": "创新奖", "title_en": "Innovation", "number": 1}],
    }
    return Plan.model_validate({**drawn, **changes})


def brand(n: int, **changes: Any) -> Brand:  # noqa: ANN401 - fields of any type
    """The brand of branch ``n``."""
    return Brand(**{"id": f"b{n}", "owner": f"branch-{n}", "name": f"品牌{n}", "state": "approved", **changes})


def later(days: int) -> datetime:
    """So many days after the beginning, at nine o'clock in China."""
    return BEGUN + timedelta(days=days)


def marks(share: float, **changes: Any) -> Marks:  # noqa: ANN401 - fields of any type
    """A sheet that gives this share of the greatest points everywhere."""
    points = {key: Decimal(str(round(most * share, 2))) for key, most in BEST.items()}
    return Marks(**{"points": points, "gates": {one.key: True for one in rubric().gates}, **changes})


def drawn_up(**changes: Any) -> Campaign:  # noqa: ANN401 - fields of the plan
    """Planned, and nothing more."""
    command = Planned(id="batch-1", **dict(plan(**changes)))
    return enrolling.draw_up(command, Actor(by=OFFICER, at=BEGUN))[0]


def enrolled(count: int, **changes: Any) -> Campaign:  # noqa: ANN401 - fields of the plan
    """With so many entrants, the enrolment closed."""
    campaign = drawn_up(**changes)
    campaign, _ = enrolling.open_enrolment(campaign, [f"branch-{n}" for n in range(count)], Actor(by=OFFICER, at=BEGUN))
    for n in range(count):
        campaign, _ = enrolling.enrol(campaign, brand(n), Actor(by=f"s{n}", at=later(1)))
    return enrolling.close_enrolment(campaign, Actor(by=OFFICER, at=later(2)))[0]


def shortlisted(count: int, **changes: Any) -> Campaign:  # noqa: ANN401 - fields of the plan
    """With a settled shortlist: the smaller its number, the better the entrant."""
    campaign = enrolled(count, **changes)
    for n in range(count):
        rated = Rated(points=Decimal(100 - n), gate=True)
        campaign, _ = levels.rate(campaign, f"b{n}", rated, Actor(by=OFFICER, at=later(3)))
    return levels.draw(campaign, Actor(by=OFFICER, at=later(4)))[0]


def seated(count: int, own: dict[str, frozenset[str]] | None = None, **changes: Any) -> Campaign:  # noqa: ANN401
    """With a panel of seven."""
    return judging.seat(shortlisted(count, **changes), BENCH, own or {}, Actor(by=OFFICER, at=later(5)))[0]


def scored(count: int, shares: dict[str, float] | None = None, **changes: Any) -> Campaign:  # noqa: ANN401
    """With every sheet handed in and revealed; by default each brand gets two in a hundred less than the last."""
    campaign = seated(count, **changes)
    for place, one in enumerate(campaign.finalists):
        share = (shares or {}).get(one.brand, 0.98 - place / 50)
        for judge in JUDGES:
            sheet = SheetHandedIn(marks=marks(share))
            campaign, _ = judging.hand_in(campaign, one.brand, sheet, Actor(by=judge, at=later(6)))
    return judging.reveal(campaign, Revealed(), Actor(by=SUPERVISOR, at=later(7)))[0]


def noticed(count: int, shares: dict[str, float] | None = None, **changes: Any) -> Campaign:  # noqa: ANN401
    """With the public notice put up."""
    campaign, _ = levels.grade(scored(count, shares, **changes), Actor(by=OFFICER, at=later(8)))
    campaign, _ = naming.propose(campaign, Actor(by=OFFICER, at=later(9)))
    for question in QUESTIONS:
        answer = Examination(question=question, passed=True)
        campaign, _ = naming.examine(campaign, answer, Actor(by=REVIEWER, at=later(9)))
    campaign, _ = naming.approve(campaign, Approval(), Actor(by=SECRETARY, at=later(9)))
    return naming.publish(campaign, PUT_UP, PUBLISHED, Actor(by=OFFICER, at=later(9)))[0]
