"""Which fact leads to which message, in both languages, to whom, and never twice."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import JsonValue

from infra.kernel.events import Cause
from services.notify.app import TEMPLATES
from services.notify.events import consumed as events
from services.notify.inbox.model import notice as messages
from services.notify.inbox.model.notice import Message
from services.notify.inbox.model.wording import PLACEHOLDERS, Wording
from tests.unit.notify.campaign_facts import campaigning
from tests.unit.notify.standing_facts import ABOVE, OWNER, decided, rectifying

AT = datetime(2026, 6, 26, 1, tzinfo=UTC)
DATA: dict[str, Any] = json.loads(TEMPLATES.read_text(encoding="utf-8"))
WORDING = Wording.model_validate(DATA)
REVIEW = {"review": "gps.r1", "brand": "charm-gps", "owner": "general", "name": "魅力GPS"}


def concluded(outcome: str, **more: object) -> Message:
    fact = events.ReviewConcluded.model_validate({**REVIEW, "outcome": outcome, "drafter": "1001", **more})
    return messages.concluded(fact).addressed(OWNER, ABOVE)


def returned(to_drafter: bool, name: dict[str, str]) -> Message:
    fact = events.ReviewReturned.model_validate(
        {**REVIEW, "document": {"name": name}, "to_drafter": to_drafter, "reason": "补充案例", "drafter": "1001"}
    )
    return messages.returned(fact).addressed(OWNER, ABOVE)


def awarded(name: str | None) -> Message:
    fact = events.PlaqueAwarded.model_validate(
        {
            **REVIEW,
            "name": name,
            "plaque": "p1",
            "number": "2026-01",
            "awarded_on": "2026-06-26",
            "occasion": "七一表彰",
        }
    )
    return messages.awarded(fact).addressed(OWNER, ABOVE)


def escalated() -> Message:
    said = {"due": AT, "working_days": 3, "people": ["1009"], "waiting": 2}
    fact = events.StepEscalated.model_validate({**REVIEW, **said})
    return messages.escalated(fact).addressed(OWNER, ABOVE)


def overdue() -> Message:
    fact = events.StepOverdue.model_validate({**REVIEW, "due": AT, "people": ["1001", "1002", "1001"]})
    return messages.overdue(fact).addressed(OWNER, ABOVE)


def urged(note: str | None) -> Message:
    fact = events.StepUrged.model_validate({**REVIEW, "people": ["1001", "1002"], "note": note})
    return messages.urged(fact).addressed(OWNER, ABOVE)


def copied() -> Message:
    fact = events.ReviewCopied.model_validate({**REVIEW, "people": ["1003"], "note": None})
    return messages.copied(fact).addressed(OWNER, ABOVE)


def filed(revision: int, kind_title_en: str | None = None) -> Message:
    fact = events.ActivityFiled.model_validate(
        {
            "activity": "a1",
            "organisation": "branch",
            "kind_title": "开放日",
            "kind_title_en": kind_title_en,
            "title": "魅力GPS开放日",
            "starts_at": AT,
            "place": "党员之家",
            "revision": revision,
        }
    )
    return messages.filed(fact).addressed("第一党支部", ABOVE)


def cancelled() -> Message:
    fact = events.ActivityCancelled.model_validate(
        {
            "activity": "a1",
            "organisation": "branch",
            "kind_title": "开放日",
            "kind_title_en": "Open day",
            "title": "魅力GPS开放日",
            "starts_at": AT,
            "reason": "暴雨",
        }
    )
    return messages.cancelled(fact).addressed("第一党支部", ABOVE)


ABOUT: dict[str, str] = {"organisation": "general", "department_title": "安全管理部"}


def drafted() -> Message:
    draft = {"draft": "d1", "kind_title": "急难险重任务", "title": "抢险", "occurred_at": AT}
    return messages.drafted(events.DraftMade.model_validate(ABOUT | draft)).addressed(OWNER, ABOVE)


def reminded(to: str) -> Message:
    text = {"title": "审计问题", "title_en": "Audit finding", "text": "请整改", "text_en": "Mend it"}
    fact = events.ReminderRaised.model_validate({**ABOUT, **text, "reminder": "m1", "to": to})
    return messages.reminded(fact).addressed(OWNER, ABOVE)


def hinted(restricted: bool) -> Message:
    hint = {"hint": "h1", "title": "事故", "title_en": "Accident", "reason": "调查中。", "restricted": restricted}
    return messages.hinted(events.HintRaised.model_validate(ABOUT | hint)).addressed(OWNER, ABOVE)


WORK = ("work_department:general", "work_department:committee", "work_department:*")
KNOWN = {"state": "known", "value": "三心"}
EVERY = [
    concluded("approved", resolution={"number": "〔2026〕3号"}),
    concluded("rejected", reason="材料不实"),
    concluded("recalled"),
    returned(False, KNOWN),
    returned(True, KNOWN),
    overdue(),
    escalated(),
    urged("请尽快"),
    copied(),
    awarded("魅力GPS"),
    filed(1),
    filed(2),
    cancelled(),
    drafted(),
    reminded("secretary"),
    hinted(False),
    rectifying("ordered"),
    rectifying("overdue"),
    rectifying("closed"),
    campaigning("enrolling"),
    campaigning("scoring"),
    campaigning("named"),
    decided("suspended"),
]


def test_every_template_has_its_message_and_gets_exactly_what_it_may_ask_for() -> None:
    assert {message.kind: frozenset(message.values) for message in EVERY} == {
        kind: fields for kind, fields in PLACEHOLDERS.items() if kind != "todo"
    }


@pytest.mark.parametrize("message", EVERY, ids=lambda message: message.kind)
def test_every_message_is_complete_in_both_languages(message: Message) -> None:
    for text in WORDING.render(message.kind, message.values):
        for shown in (text.zh, text.en):
            assert shown
            assert not {"{", "}"} & set(shown)
            assert "None" not in shown


@pytest.mark.parametrize(
    ("message", "to", "link"),
    [
        (concluded("approved"), ("person:1001", "secretary:general"), "/reviews/gps.r1"),
        (returned(True, KNOWN), ("person:1001", "secretary:general"), "/reviews/gps.r1"),
        (urged(None), ("person:1001", "person:1002"), "/reviews/gps.r1"),
        (escalated(), ("person:1009",), "/reviews/gps.r1"),
        (copied(), ("person:1003",), "/reviews/gps.r1"),
        (awarded("魅力GPS"), ("member:general",), "/brands/charm-gps"),
        (filed(1), ("member:branch",), "/activities/a1"),
        (cancelled(), ("member:branch",), "/activities/a1"),
        (drafted(), ("secretary:general",), "/drafts/d1"),
        (rectifying("ordered"), ("secretary:general",), "/standings/charm-gps"),
        (rectifying("overdue"), ("secretary:general", *WORK), "/standings/charm-gps"),
        (rectifying("closed"), ("secretary:general",), "/standings/charm-gps"),
        (decided("suspended"), ("secretary:general",), "/standings/charm-gps"),
        (reminded("secretary"), ("secretary:general",), "/reminders/m1"),
        (reminded("members"), ("member:general",), "/reminders/m1"),
        (reminded("work_department"), WORK, "/reminders/m1"),
        (hinted(False), (*WORK, "secretary:general"), "/hints/h1"),
        (hinted(True), WORK, "/hints/h1"),
        (
            overdue(),
            ("person:1001", "person:1002", *WORK),
            "/reviews/gps.r1",
        ),
    ],
)
def test_a_message_goes_to_those_it_concerns_and_leads_to_its_matter(
    message: Message, to: tuple[str, ...], link: str
) -> None:
    assert (message.to, message.link) == (to, link)


@pytest.mark.parametrize("message", [filed(1, "Open day"), filed(2, "Open day"), cancelled()])
def test_english_names_the_kind_in_english(message: Message) -> None:
    _, body = WORDING.render(message.kind, message.values, message.english)
    assert "（开放日）" in body.zh
    assert "(Open day)" in body.en


def test_a_plan_filed_before_kinds_were_told_in_english_shows_the_one_title() -> None:
    message = filed(1)
    assert "(开放日)" in WORDING.render(message.kind, message.values, message.english)[1].en


def test_an_unknown_name_is_said_to_be_unknown_in_both_languages() -> None:
    title, body = WORDING.render("plaque.awarded", awarded(None).values)
    assert "（名称未知）" in title.zh
    assert "(name unknown)" in body.en


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (KNOWN, "三心"),
        ({"state": "unknown"}, None),
        ({"state": "masked", "shown": "**品牌", "visible_to": []}, "**品牌"),
        ({"state": "masked", "shown": "**品牌", "value": "三心"}, "**品牌"),
        (None, None),
    ],
)
def test_a_masked_name_stays_masked_and_an_unknown_one_unknown(value: JsonValue, shown: str | None) -> None:
    assert messages.shown(value) == shown


def test_times_are_those_of_china() -> None:
    assert overdue().values["due"] == "2026-06-26 09:00"


def test_the_same_event_leads_to_the_same_notice_and_another_to_another() -> None:
    def sent(event: str) -> messages.Notice:
        return messages.notice(Cause(id=event, at=AT, correlation="c"), filed(1), WORDING)

    first = sent("brandmatrix/activities#1")
    assert first == sent("brandmatrix/activities#1")
    assert first.id != sent("brandmatrix/activities#2").id
    assert (first.day.isoformat(), first.wording, first.kind) == ("2026-06-26", 1, "activity.filed")


def test_a_decision_about_a_brand_is_one_notice_however_often_its_state_is_published() -> None:
    """Another fact of the same decision leads to the same notice; what concerns nobody's inbox to none."""
    notices = [
        messages.notice(Cause(id=event, at=AT, correlation="c"), decided("suspended"), WORDING) for event in "12"
    ]
    assert notices[0] == notices[1]
    begun = {"brand": "b", "owner": "general", "state": "active", "deed": "begun", "decision": 1}
    assert messages.decided(events.StandingRecorded.model_validate(begun)) is None
