"""The Party tree, the people and the plans of the examples; the registry is played by its facts."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.harness.service import Json, ServiceHarness
from tests.support.harness.waiting import eventually

DEPARTMENT = ("party_work_department@committee",)
SINCE = "2021-07-01"
NOW = datetime.now(UTC).replace(microsecond=0)
ORGANISATIONS = [
    ("committee", "公司党委", "party_committee", None),
    ("general", "营运操作部党总支", "general_branch", "committee"),
    ("branch", "第一党支部", "party_branch", "general"),
    ("group", "第一党小组", "party_group", "branch"),
    ("other", "机关第二党支部", "party_branch", "committee"),
]
PEOPLE = [
    ("1001", "branch", "full_member", "branch_secretary"),
    ("1002", "branch", "full_member", None),
    ("1003", "group", "full_member", None),
    ("1004", "branch", "probationary_member", None),
    ("1005", "branch", "activist", None),
    ("2001", "other", "full_member", "branch_secretary"),
]


def person(number: str, organisation: str, status: str, post: str | None) -> Json:
    term = {"organisation": organisation, "since": SINCE, "until": None}
    return {
        "person": number,
        "name": f"党员{number}",
        "memberships": [{**term, "status": status}],
        "posts": [{**term, "post": post}] if post else [],
    }


async def tell_registry(standing: ServiceHarness) -> None:
    """The Party tree, its people, and one brand of the general branch, as the registry tells them."""
    for key, name, kind, parent in ORGANISATIONS:
        data = {"organisation": key, "name": name, "kind": kind, "parent": parent}
        data |= {"valid_from": "2020-01-01", "valid_to": None}
        await standing.tell("registry.organisation.recorded.v1", key, 1, data)
    for row in PEOPLE:
        await standing.tell("registry.person.recorded.v1", row[0], 1, person(*row))
    brand = {"brand": "charm-gps", "owner": "general", "name": "魅力GPS", "state": "plaqued", "focus": None}
    await standing.tell("registry.brand.recorded.v1", "charm-gps", 1, brand | {"level": None, "revision": 1})
    mongo = standing.service.mongo
    wanted = {"organisations": len(ORGANISATIONS), "people": len(PEOPLE), "brands": 1}

    async def arrived() -> bool:
        counts = [await mongo.collection(name).count_documents({}) for name in wanted]
        return counts == list(wanted.values())

    await eventually(arrived)


def plan(**changes: Any) -> Json:  # noqa: ANN401
    starts = NOW + timedelta(days=1)
    whole = {"organisation": "branch", "kind": "open_day", "title": "开放日", "starts_at": starts.isoformat()}
    return {**whole, "place": "党员之家", "brand": "charm-gps", **changes}


def sheet(**changes: Any) -> Json:  # noqa: ANN401
    return {
        "started_at": (NOW - timedelta(hours=2)).isoformat(),
        "ended_at": (NOW - timedelta(hours=1)).isoformat(),
        "chair": "1001",
        "recorder": "1002",
        "present": ["1001", "1003"],
        "on_leave": [{"person": "1002", "reason": "出差"}],
        "content": "参观党员先锋岗。",
        **changes,
    }


async def filed(activities: ServiceHarness, **changes: Any) -> str:  # noqa: ANN401
    answer = await activities.ask("POST", "/activities", json=plan(**changes))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])
