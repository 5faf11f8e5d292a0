"""The facts of one brand's journey as the other services tell them, and what stands in each inbox afterwards."""

from datetime import UTC, datetime, timedelta

from tests.support.harness.service import Json

START = datetime(2026, 6, 22, 1, tzinfo=UTC)
TERM = {"since": "2021-07-01", "until": None}
Published = tuple[str, str, int, Json, str, str]
"""Type, subject, sequence, data, id and time of a fact."""


def fact(kind: str, subject: str, sequence: int, data: Json, minute: int = 0) -> Published:
    moment = (START + timedelta(minutes=minute)).isoformat()
    return kind, subject, sequence, data, f"{kind}#{subject}#{sequence}", moment


def organisation(key: str, name: str, parent: str | None) -> Published:
    data = {"organisation": key, "name": name, "kind": "party_branch", "parent": parent}
    return fact("registry.organisation.recorded.v1", key, 1, {**data, "valid_from": "2020-01-01", "valid_to": None})


def person(number: str, organisation: str, post: str | None = None) -> Published:
    data = {
        "person": number,
        "name": f"党员{number}",
        "memberships": [{"organisation": organisation, "status": "full_member", **TERM}],
        "posts": [{"organisation": organisation, "post": post, **TERM}] if post else [],
    }
    return fact("registry.person.recorded.v1", number, 1, data)


def tasks(sequence: int, **states: str) -> Published:
    """One decision of the review; ``check_1001="open"`` is the to-do of 1001 in step check."""
    changed = []
    for name, state in states.items():
        step, _, number = name.rpartition("_")
        task = {"task": f"gps.r1:{step}:1:{number}", "person": number, "step": step, "round": 1, "state": state}
        task |= {"title": "支部书记审核", "title_en": "Secretary check", "since": START.isoformat(), "due": None}
        changed.append(task)
    return fact("review.tasks.changed.v1", "gps.r1", sequence, {**REVIEW, "tasks": changed}, sequence)


REVIEW = {"review": "gps.r1", "brand": "charm-gps", "owner": "branch", "name": "魅力GPS"}
REGISTRY = [
    organisation("committee", "公司党委", None),
    organisation("branch", "第一党支部", "committee"),
    person("1001", "branch", "branch_secretary"),
    person("1002", "branch"),
    person("1003", "branch"),
    person("9001", "committee"),
]
JOURNEY = [
    tasks(1, check_1001="open"),
    tasks(2, check_1001="done", discussion_1001="open", discussion_1002="open", discussion_1003="open"),
    tasks(3, discussion_1002="done"),
    fact(
        "review.review.returned.v1",
        "gps.r1",
        4,
        {
            **REVIEW,
            "document": {"name": {"state": "known", "value": "魅力GPS"}},
            "revision": 1,
            "from_step": "discussion",
            "to_step": "draft",
            "to_drafter": True,
            "reason": "补充案例",
            "returned_by": "1001",
            "drafter": "1002",
        },
        4,
    ),
    tasks(4, discussion_1001="withdrawn", discussion_1003="withdrawn"),
    fact(
        "review.step.overdue.v1",
        "gps.r1",
        5,
        {**REVIEW, "step": "committee", "round": 1, "due": START.isoformat(), "people": ["1003"]},
        5,
    ),
    fact("review.step.urged.v1", "gps.r1", 6, {**REVIEW, "people": ["1001"], "note": "请尽快"}, 6),
    fact("review.review.copied.v1", "gps.r1", 6, {**REVIEW, "people": ["9001"], "note": None}, 6),
    tasks(6, committee_1003="open"),
    fact(
        "review.review.concluded.v1",
        "gps.r1",
        7,
        {
            **REVIEW,
            "outcome": "approved",
            "document": {},
            "revision": 2,
            "resolution": {"number": "〔2026〕3号", "meeting": "m1"},
            "reason": None,
            "concluded_by": "9001",
            "drafter": "1002",
        },
        7,
    ),
    fact(
        "registry.plaque.awarded.v1",
        "p1",
        1,
        {
            "plaque": "p1",
            "brand": "charm-gps",
            "owner": "branch",
            "name": None,
            "number": "2026-01",
            "awarded_on": "2026-07-01",
            "occasion": "七一表彰",
            "flag": True,
        },
        8,
    ),
    fact(
        "activities.activity.filed.v1",
        "a1",
        1,
        {
            "activity": "a1",
            "organisation": "committee",
            "brand": None,
            "kind": "open_day",
            "kind_title": "开放日",
            "title": "开放日",
            "starts_at": START.isoformat(),
            "place": "党员之家",
            "filed_at": START.isoformat(),
            "filed_by": "9001",
            "late": False,
            "revision": 1,
        },
        9,
    ),
]
INBOXES = {
    "1001": ["activity.filed", "plaque.awarded", "review.approved", "review.urged", "review.returned_to_drafter"],
    "1002": ["activity.filed", "plaque.awarded", "review.approved", "review.returned_to_drafter"],
    "1003": ["activity.filed", "plaque.awarded", "todo", "review.overdue"],
    "9001": ["activity.filed", "review.copied"],
    "9002": ["review.overdue"],
}
"""Newest first; 9002 is known by a token only: the work department."""
TODOS = {
    "gps.r1:check:1:1001": "done",
    "gps.r1:discussion:1:1001": "withdrawn",
    "gps.r1:discussion:1:1002": "done",
    "gps.r1:discussion:1:1003": "withdrawn",
    "gps.r1:committee:1:1003": "open",
}
