"""Campaigns stage by stage: what each may do, in which order, and what is refused with which field."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from infra.kernel.errors import Forbidden, Invalid, NotFound, Problem, Refused
from services.review.campaigns.model import enrolling, judging, levels, naming
from services.review.campaigns.model.campaign import Campaign
from services.review.campaigns.model.commands import (
    Chosen,
    Nominated,
    Objected,
    Rated,
    Reasoned,
    Resolved,
    Revealed,
    SheetHandedIn,
    TieDecided,
)
from services.review.events.published.campaigns import CampaignCalled, CampaignNamed, CampaignRecorded
from services.review.shared.actor import Actor
from services.review.shared.public_notice.notice import Judgement
from tests.unit.review import campaign_scene as scene
from tests.unit.review.calendars import PUBLISHED, WEEKENDS
from tests.unit.review.campaign_scene import BEGUN, BENCH, JUDGES, OFFICER, SUPERVISOR, brand, later, marks, plan

MEETING = Resolved(
    number="党委决议〔2026〕9号", meeting="第6次党委会", held_on=date(2026, 3, 20), expected=9, present=8,
    in_favour=7, against=0, abstained=1,
)  # fmt: skip
AFTER = later(18)  # 20 March, the notice's last day being the 18th


def refused(code: str, kind: type[Problem] = Refused) -> Any:  # noqa: ANN401 - a context manager of pytest
    return pytest.raises(kind, match=code)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"closes_on": date(2026, 3, 1)}, "closes_on"),
        ({"kinds": ["party_group"]}, "kinds"),
        ({"cut": {"seats": 5}}, "差额"),
        ({"levels": [{"level": "a1", "title": "甲", "title_en": "A", "number": 1, "portion": "0.1"}]}, "exactly one"),
        ({"levels": [{"level": "a1", "title": "甲", "title_en": "A", "number": 1, "least": "150"}]}, "reach"),
        (
            {
                "levels": [
                    {"level": "a1", "title": "甲", "title_en": "A", "number": 1, "least": "70"},
                    {"level": "b1", "title": "乙", "title_en": "B", "number": 1, "least": "80"},
                ]
            },
            "highest to the lowest",
        ),
        ({"quorum": {"of": "voters", "more_than": "1/2"}}, "quorum"),
    ],
)
def test_a_plan_that_could_not_be_carried_out_is_not_taken(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        plan(**changes)


def test_who_is_eligible_is_fixed_on_the_day_it_opens_and_they_are_called_once() -> None:
    campaign = scene.drawn_up(only=["branch-2"])
    with refused("campaign.not_eligible", Invalid):
        enrolling.open_enrolment(campaign, ["branch-1"], Actor(by=OFFICER, at=BEGUN))
    after, facts = enrolling.open_enrolment(campaign, ["branch-1", "branch-2"], Actor(by=OFFICER, at=BEGUN))
    assert after.eligible == ("branch-2",)
    assert [type(fact) for fact in facts] == [CampaignRecorded, CampaignCalled]
    with refused("campaign.stage"):
        enrolling.open_enrolment(after, ["branch-2"], Actor(by=OFFICER, at=BEGUN))
    with refused("campaign.stage"):
        enrolling.change(after, plan(), Actor(by=OFFICER, at=BEGUN))


def test_a_brand_enrols_once_within_the_dates_if_it_was_approved_and_its_organisation_may() -> None:
    campaign = scene.drawn_up()
    campaign, _ = enrolling.open_enrolment(campaign, ["branch-1", "branch-2"], Actor(by=OFFICER, at=BEGUN))
    with refused("campaign.dates"):
        enrolling.enrol(campaign, brand(1), Actor(by="s1", at=later(19)))
    with refused("campaign.not_approved"):
        enrolling.enrol(campaign, brand(1, state="in_review"), Actor(by="s1", at=BEGUN))
    with refused("campaign.not_eligible"):
        enrolling.enrol(campaign, brand(3), Actor(by="s3", at=BEGUN))
    campaign, _ = enrolling.enrol(campaign, brand(1), Actor(by="s1", at=BEGUN))
    with refused("campaign.enrolled"):
        enrolling.enrol(campaign, brand(1), Actor(by="s1", at=BEGUN))
    with refused("campaign.full"):
        enrolling.enrol(campaign, brand(9, owner="branch-1"), Actor(by="s1", at=BEGUN))
    with refused("campaign.still_open"):
        enrolling.close_enrolment(campaign, Actor(by=OFFICER, at=later(18)))
    campaign, _ = enrolling.withdraw(campaign, "b1", Reasoned(reason="另有安排"), Actor(by="s1", at=BEGUN))
    with refused("campaign.no_entrants"):
        enrolling.close_enrolment(campaign, Actor(by=OFFICER, at=later(19)))
    campaign, _ = enrolling.enrol(campaign, brand(1), Actor(by="s1", at=BEGUN))
    assert [one.brand for one in campaign.running] == ["b1"]
    campaign, _ = enrolling.enrol(campaign, brand(2), Actor(by="s2", at=BEGUN))
    closed, _ = enrolling.close_enrolment(campaign, Actor(by=OFFICER, at=later(1)))  # nobody else could come
    assert closed.progress()["entrants"] == 2


def test_the_line_is_drawn_by_points_and_a_tie_at_it_is_decided_by_a_person_with_a_reason() -> None:
    campaign = scene.enrolled(5, cut={"number": 3})
    with refused("campaign.unrated"):
        levels.draw(campaign, Actor(by=OFFICER, at=later(3)))
    points = {"b0": 95, "b1": 90, "b2": 88, "b3": 88, "b4": 99}
    for key, value in points.items():
        rated = Rated(points=Decimal(value), gate=key != "b4")
        campaign, _ = levels.rate(campaign, key, rated, Actor(by=OFFICER, at=later(3)))
    campaign, _ = levels.draw(campaign, Actor(by=OFFICER, at=later(4)))
    assert campaign.shortlist is not None
    assert (campaign.shortlist.chosen, campaign.shortlist.tied) == (("b0", "b1"), ("b2", "b3")), (
        "the gate is shut to b4"
    )
    with refused("campaign.drawn"):
        levels.rate(campaign, "b0", Rated(points=Decimal(1), gate=True), Actor(by=OFFICER, at=later(4)))
    with refused("campaign.not_drawn"):
        judging.seat(campaign, BENCH, {}, Actor(by=OFFICER, at=later(5)))
    campaign, _ = levels.decide_cut(campaign, tied("b3"), Actor(by=OFFICER, at=later(4)))
    assert [one.brand for one in campaign.finalists] == ["b0", "b1", "b3"]


def test_judges_of_an_entrant_s_own_organisation_stand_back_and_points_stay_sealed_until_all_are_revealed() -> None:
    own = {"branch-0": frozenset({JUDGES[0], JUDGES[1]})}
    campaign = scene.shortlisted(7)
    for bad, field in (
        ({"supervisors": (JUDGES[0],)}, "/judges"),
        ({"supervisors": ()}, "/supervisors"),
        ({"quorum": 8}, "/quorum"),
    ):
        with pytest.raises(Invalid) as problem:
            judging.seat(campaign, BENCH.model_copy(update=bad), own, Actor(by=OFFICER, at=later(5)))
        assert problem.value.field == field
    with refused("campaign.panel_too_small"):
        judging.seat(campaign, BENCH.model_copy(update={"quorum": 6}), own, Actor(by=OFFICER, at=later(5)))
    campaign = scene.seated(7, own)
    _, card = campaign.card("b0")
    assert card.seated(campaign.require_panel()) == JUDGES[2:]
    with refused("score.not_judge", Forbidden):
        judging.hand_in(campaign, "b0", SheetHandedIn(marks=marks(0.9)), Actor(by=JUDGES[0], at=later(6)))
    with refused("campaign.no_card", NotFound):
        judging.hand_in(campaign, "b6", SheetHandedIn(marks=marks(0.9)), Actor(by=JUDGES[0], at=later(6)))
    campaign, _ = judging.hand_in(campaign, "b0", SheetHandedIn(marks=marks(0.9)), Actor(by=JUDGES[2], at=later(6)))
    assert campaign.card("b0")[1].seen_by(JUDGES[3]).sheets == ()
    with refused("score.no_quorum"):
        judging.reveal(campaign, Revealed(shortfall="等不及"), Actor(by=SUPERVISOR, at=later(7)))
    with refused("campaign.results_open"):
        levels.grade(campaign, Actor(by=OFFICER, at=later(7)))
    with refused("score.not_supervisor", Forbidden):
        judging.reveal(campaign, Revealed(), Actor(by=OFFICER, at=later(7)))


def test_levels_are_filled_by_rank_within_quota_and_least_points() -> None:
    campaign, _ = levels.grade(scene.scored(10, cut={"number": 10}), Actor(by=OFFICER, at=later(8)))
    graded = {level: drawn.entrants for level, drawn in campaign.graded.items()}
    assert graded == {
        "exemplary": ("b0", "b1"),
        "excellent": ("b2", "b3", "b4", "b5"),
        "established": ("b6", "b7", "b8", "b9"),
    }
    low = scene.scored(10, {f"b{n}": 0.7 for n in range(1, 10)} | {"b0": 0.9}, cut={"number": 10})
    campaign, _ = levels.grade(low, Actor(by=OFFICER, at=later(8)))
    assert campaign.graded["exemplary"].entrants == ("b0",), "80 points at least"
    assert (len(campaign.graded["excellent"].tied), campaign.graded["excellent"].left) == (9, 4)
    assert levels.unsettled(campaign) == ("excellent", "established"), "a tie waits for a person"
    with refused("campaign.ties_open"):
        naming.propose(campaign, Actor(by=OFFICER, at=later(9)))
    by = Actor(by=OFFICER, at=later(9))
    campaign, _ = levels.decide_tie(campaign, "excellent", tied("b1", "b2", "b3", "b4"), by)
    campaign, _ = levels.decide_tie(campaign, "established", tied("b5", "b6", "b7", "b8"), by)
    assert levels.unsettled(campaign) == ()
    assert levels.level_of(campaign, "b9") is None


def test_awards_keep_their_number_and_the_exemplar_is_a_finalist() -> None:
    campaign, _ = levels.grade(scene.scored(7), Actor(by=OFFICER, at=later(8)))
    campaign, _ = levels.nominate(
        campaign, Nominated(award="innovation", brand="b2", reason="方法新"), Actor(by=OFFICER, at=later(8))
    )
    with refused("campaign.award_full"):
        levels.nominate(
            campaign, Nominated(award="innovation", brand="b3", reason="也新"), Actor(by=OFFICER, at=later(8))
        )
    with refused("campaign.award", Invalid):
        levels.nominate(campaign, Nominated(award="beauty", brand="b3", reason="美"), Actor(by=OFFICER, at=later(8)))
    with refused("campaign.not_shortlisted", Invalid):
        levels.choose_exemplar(campaign, Chosen(brand="b6", reason="好"), Actor(by=OFFICER, at=later(8)))
    campaign, _ = levels.choose_exemplar(campaign, Chosen(brand="b0", reason="可复制"), Actor(by=OFFICER, at=later(8)))
    campaign, _ = enrolling.withdraw(campaign, "b0", Reasoned(reason="不再参评"), Actor(by="s0", at=later(8)))
    assert campaign.exemplar is None
    with refused("campaign.ties_open"):
        naming.propose(campaign, Actor(by=OFFICER, at=later(9)))


def tied(*picked: str) -> TieDecided:
    return TieDecided(picked=picked, reason="覆盖面更广")


def objected(campaign: Campaign, n: int, at: int, *, upheld: bool) -> Campaign:
    found = Judgement(upheld=upheld, reason="核实", reply="已核实并答复")
    return naming.decide(campaign, n, found, Actor(by=OFFICER, at=later(at)))[0]


def test_an_upheld_objection_strikes_the_entrant_it_is_about_and_nobody_else() -> None:
    campaign = scene.noticed(7)
    assert campaign.notice is not None
    assert campaign.notice.last_day == date(2026, 3, 18)
    actor = Actor(by=OFFICER, at=later(12))
    campaign, _ = naming.receive(campaign, Objected(brand="b0", text="数据不实", raised_by="7001"), actor)
    campaign, _ = naming.receive(campaign, Objected(brand="b1", text="名称雷同"), actor)
    with refused("campaign.no_entrant", Invalid):
        naming.receive(campaign, Objected(brand="b77", text="x"), actor)
    with refused("campaign.notice_running"):
        naming.name(campaign, MEETING, Actor(by=OFFICER, at=AFTER))
    campaign = objected(campaign, 1, 13, upheld=True)
    campaign = objected(campaign, 2, 13, upheld=False)
    assert [one.brand for one in campaign.running][:1] == ["b1"]
    campaign, facts = naming.name(campaign, MEETING, Actor(by=OFFICER, at=AFTER))
    named = next(fact for fact in facts if isinstance(fact, CampaignNamed))
    assert [(one.brand, one.level, one.rank) for one in named.grants[:2]] == [
        ("b1", "excellent", 1),
        ("b2", "excellent", 2),
    ], "the place at the top stays free"
    assert "b0" not in {one.brand for one in named.grants}
    assert campaign.stage == "named"
    with refused("campaign.stage"):
        enrolling.cancel(campaign, Reasoned(reason="x"), Actor(by=OFFICER, at=AFTER))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"held_on": date(2026, 3, 18)}, "/held_on"),
        ({"held_on": date(2026, 3, 21)}, "/held_on"),
        ({"present": 10}, "/present"),
        ({"present": 5, "in_favour": 5, "abstained": 0}, "/present"),
        ({"in_favour": 4}, "/in_favour"),
        ({"against": 5}, "/in_favour"),
    ],
)
def test_a_naming_that_no_meeting_carried_is_refused(changes: dict[str, Any], field: str) -> None:
    meeting = Resolved(**{**dict(MEETING), **changes})
    with pytest.raises(Invalid) as problem:
        naming.name(scene.noticed(7), meeting, Actor(by=OFFICER, at=AFTER))
    assert problem.value.field == field


def test_a_calendar_that_comes_later_moves_the_provisional_last_day_of_a_running_notice_once() -> None:
    approved = scene.noticed(7)
    assert approved.notice is not None
    stages = approved.becomes(notice=approved.notice.becomes(state="approved", published=None, last_day=None))
    first, _ = naming.publish(stages, scene.PUT_UP, WEEKENDS, Actor(by=OFFICER, at=later(9)))
    assert first.notice is not None
    assert (first.notice.last_day, first.notice.provisional) == (date(2026, 3, 18), True)
    holiday = PUBLISHED.model_copy(update={"off": (*PUBLISHED.off, date(2026, 3, 17))})
    after, facts = naming.recount(first, holiday, later(10))
    assert after.notice is not None
    assert (after.notice.last_day, after.notice.provisional) == (date(2026, 3, 19), False)
    assert facts
    again, facts = naming.recount(after, holiday, later(10))
    assert (again, list(facts)) == (after, [])
