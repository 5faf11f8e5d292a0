"""Departments as data: whose types these are, from which sources, and what they may say about their data."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from infra.kernel.cloudevents import structured
from infra.kernel.errors import Invalid, Unreadable
from services.activities.inbound.model.arrival import is_credible, require_past, why_doubted
from services.activities.inbound.model.department import Department, Registration, begins, owner, register
from services.activities.plans.model.roster import Actor

BY = Actor("9001", datetime(2026, 6, 1, tzinfo=UTC))
SAFETY: dict[str, Any] = {
    "title": "安全管理部",
    "title_en": "Safety",
    "types": ["safety.", "rescue.completed"],
    "sources": ["/safety", "/safety/"],
}


def department(key: str = "safety", **changes: Any) -> Department:  # noqa: ANN401
    return Department.model_validate({"id": key, **SAFETY, **changes})


def registration(**changes: Any) -> Registration:  # noqa: ANN401
    return Registration.model_validate({**SAFETY, **changes})


@pytest.mark.parametrize(
    ("beginning", "kind", "fits"),
    [
        ("safety.", "safety.incident.recorded", True),
        ("safety.", "safetynet.torn", False),
        ("safety.", "safety", False),
        ("rescue.completed", "rescue.completed", True),
        ("rescue.completed", "rescue.completed.v2", False),
    ],
)
def test_a_type_begins_at_a_dot_or_is_meant_exactly(beginning: str, kind: str, *, fits: bool) -> None:
    assert begins(beginning, kind) is fits


@pytest.mark.parametrize(
    ("source", "own"), [("/safety", True), ("/safety/site-2", True), ("/safety-fake", False), ("/other/safety", False)]
)
def test_a_source_is_meant_exactly_or_lies_below(source: str, *, own: bool) -> None:
    assert department().speaks_as(source) is own


def test_a_type_has_one_owner_and_none_when_the_department_is_no_longer_active() -> None:
    assert owner([department()], "safety.incident.recorded") == department()
    assert owner([department(active=False)], "safety.incident.recorded") is None
    assert owner([department()], "union.contest.held") is None


@pytest.mark.parametrize("types", [["safety."], ["safety.incident."], ["rescue."]])
def test_types_of_another_department_are_refused(types: list[str]) -> None:
    with pytest.raises(Invalid, match=r"department\.type_taken") as caught:
        register("other", registration(types=types), None, [department()], BY)
    assert caught.value.field == "/types/0"


@pytest.mark.parametrize("source", ["/safety", "/safety/", "/safety/site-2"])
def test_a_source_of_another_department_is_refused(source: str) -> None:
    """Else it could take the (source, id) of the other's events, and keep the true ones out."""
    with pytest.raises(Invalid, match=r"department\.source_taken") as caught:
        register("other", registration(types=["other."], sources=["/other", source]), None, [department()], BY)
    assert caught.value.field == "/sources/1"


@pytest.mark.parametrize(("hours", "past"), [(-1, True), (0, True), (23, True), (25, False)])
def test_what_is_still_to_come_is_not_believed(hours: int, *, past: bool) -> None:
    now = datetime(2026, 6, 1, tzinfo=UTC)
    time = (now + timedelta(hours=hours)).isoformat()
    event = structured({"specversion": "1.0", "id": "1", "source": "/safety", "type": "safety.x", "time": time})
    if past:
        require_past(event, now)
    else:
        with pytest.raises(Invalid, match=r"event\.time_ahead"):
            require_past(event, now)


@pytest.mark.parametrize(
    ("schemas", "code"),
    [
        ({"union.x": {"body_schema": {}}}, "schema.foreign_type"),
        ({"safety.": {"body_schema": {}}}, "schema.not_one_type"),
        ({"safety.x": {"body_schema": {"description": "x" * 70_000}}}, "schema.too_large"),
        ({f"safety.{n}": {"body_schema": {"description": "x" * 50_000}} for n in range(3)}, "schema.too_large"),
        ({"safety.x": {"body_schema": {"a\0b": 1}}}, "schema.unstorable"),
        ({"safety.x": {"body_schema": {"maximum": 2**70}}}, "schema.unstorable"),
        ({"safety.x": {"body_schema": {"items": [{"$ref": "https://example.org/x"}]}}}, "schema.remote"),
        ({"safety.x": {"body_schema": {"not": {"$dynamicRef": "other#x"}}}}, "schema.remote"),
    ],
)
def test_a_schema_is_about_an_own_type_small_and_closed_in_itself(schemas: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid, match=code) as caught:
        register("safety", registration(schemas=schemas), None, [], BY)
    assert (caught.value.field or "").startswith("/schemas")


def test_a_change_keeps_what_was_said_before_and_by_whom_it_was_changed() -> None:
    first, _ = register("safety", registration(), None, [], BY)
    same, _ = register("safety", registration(), first, [first], BY)
    assert same is first
    changed, _ = register("safety", registration(contact="8001"), first, [first], BY)
    assert (changed.revision, changed.contact) == (2, "8001")
    assert (changed.earlier[0].registration.contact, changed.earlier[0].changed_by) == (None, "9001")


@pytest.mark.parametrize(
    "wrong", [{"types": []}, {"types": ["Safety."]}, {"types": ["#"]}, {"sources": ["a b"]}, {"restrictd": True}]
)
def test_a_registration_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        registration(**wrong)


def test_an_event_is_believed_only_when_key_type_and_source_belong_together() -> None:
    def event(**changes: str) -> Any:  # noqa: ANN401
        whole = {"specversion": "1.0", "id": "1", "source": "/safety", "type": "safety.x.y", **changes}
        return structured(dict(whole))

    assert is_credible(event(), department(), "safety.x.y")
    for doubtful, of, key, code in (
        (event(type="union.x.y"), department(), "safety.x.y", "event.type_forged"),
        (event(source="/union"), department(), "safety.x.y", "event.source_foreign"),
        (event(type="union.x.y"), None, "union.x.y", "event.type_unknown"),
    ):
        assert not is_credible(doubtful, of, key)
        assert why_doubted(doubtful, of, key)[0] == code
    assert why_doubted(Unreadable("no JSON"), None, "x")[0] == "event.unreadable"
