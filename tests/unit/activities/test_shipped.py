"""What comes with the product: kinds, as data that people may change."""

import pytest

from infra.kernel.errors import Refused
from services.activities.app import shipped
from services.activities.plans.model.kind import Hints, Kind, define, require_active

NEEDED = {
    "members_meeting",
    "branch_committee_meeting",
    "group_meeting",
    "party_lecture",
    "theme_party_day",
    "open_day",
    "exchange_visit",
    "culture_sports_contest",
    "study_seminar",
    "improvement_suggestion",
    "talk",
    "emergency_task",
    "rear_service",
}


def test_every_kind_of_the_programme_is_shipped_once_with_both_titles() -> None:
    kinds = shipped("kinds_of_activities", list[Kind])
    assert {kind.id for kind in kinds} == NEEDED
    assert len(kinds) == len(NEEDED)


def test_a_kind_is_added_and_changed_under_its_own_name() -> None:
    added, _ = define("quiz", Hints(title="知识竞赛", title_en="Quiz"), None)
    changed, _ = define("quiz", Hints(title="知识竞赛", title_en="Quiz", minutes=45, active=False), added)
    assert (changed.id, changed.minutes) == ("quiz", 45)
    with pytest.raises(Refused, match=r"kind\.retired"):
        require_active(changed)
    assert require_active(added) is added
