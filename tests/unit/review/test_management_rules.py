"""The rules of dynamic management: shipped ones are sound, each fault has its place, a version never changes."""

from typing import Any

import pytest

from infra.kernel.errors import Invalid, NotFound
from services.review.standings.model.rules import Drawn, Rules, faults, publish
from tests.unit.review.standing_scene import SHIPPED, rules

LEVELS = SHIPPED["levels"]


def drawn(**changes: Any) -> Drawn:  # noqa: ANN401 - any field
    return Drawn.model_validate({**SHIPPED, **changes})


def test_the_shipped_rules_are_sound_and_say_what_the_programme_says() -> None:
    assert list(faults(drawn())) == []
    assert [one.id for one in rules().levels] == ["cultivating", "established", "excellent", "exemplary"]
    assert (rules().rectification_days, rules().reapply_months) == (90, 12)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"levels": [*LEVELS, LEVELS[0]]}, "rules.twice", "/levels/4/id"),
        ({"begins_with": "golden"}, "rules.level", "/begins_with"),
        ({"levels": LEVELS[1:]}, "rules.in_use", "/levels"),
        ({"outcomes": ["revoke"]}, "rules.pass", "/outcomes"),
        ({"outcomes": ["pass", "pass"]}, "rules.twice", "/outcomes"),
        ({"by_resolution": ["revoke", "revoke"]}, "rules.twice", "/by_resolution"),
        ({"recheck_first_month": 4}, "rules.months", "/recheck_last_month"),
        (
            {"thresholds": [{"id": "few", "title": "少", "title_en": "few", "measure": "kinds"}]},
            "rules.bound",
            "/thresholds/0",
        ),
    ],
)
def test_each_fault_has_its_place(changes: dict[str, Any], code: str, field: str) -> None:
    found = list(faults(drawn(**changes), in_use=["cultivating"]))
    assert [(one.code, one.field) for one in found] == [(code, field)]
    assert found[0].zh != found[0].en
    with pytest.raises(Invalid):
        publish(None, drawn(**changes), in_use=["cultivating"])


def test_versions_are_added_and_none_is_changed() -> None:
    first, _ = publish(None, drawn())
    second, _ = publish(first, drawn(reapply_months=24))
    assert [one.reapply_months for one in second.versions] == [12, 24]
    assert second.numbered(1) == first.newest
    with pytest.raises(NotFound):
        second.numbered(3)


@pytest.mark.parametrize(
    ("titles", "kind"),
    [
        (("较大及以上安全事故", "Major safety accident"), "major_accident"),
        (("纪律审查立案", "A discipline case was filed"), "discipline_case"),
        (("台账数据造假", "FABRICATED figures"), "fabricated_records"),
        (("审计发现问题", "Audit finding"), None),
    ],
)
def test_a_hint_suggests_suspension_by_the_words_of_its_title(titles: tuple[str, str], kind: str | None) -> None:
    found: Rules = rules()
    assert found.suspects(*titles) == kind
