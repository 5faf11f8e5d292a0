"""Days that a test leads a service through, all of them past, since the database's clock stays ours.

``NOTICED`` is a procedure of a check and a public notice that a test publishes in place of the shipped one.
"""

from datetime import UTC, date, datetime, timedelta

from tests.support.harness.clock import MORNING

TODAY = datetime.now(UTC).date()
MONDAY = TODAY - timedelta(weeks=8, days=TODAY.weekday())
"""Some weeks ago."""

NOTICED = {
    "title": "审核后公示",
    "title_en": "Checked, then shown",
    "steps": [
        {"key": "draft", "kind": "draft", "title": "制定初稿", "title_en": "First draft", "assignees": ["drafter"]},
        {
            "key": "secretary_check",
            "kind": "check",
            "title": "支部书记审核",
            "title_en": "Secretary's check",
            "assignees": ["secretary"],
            "working_days": 3,
            "escalation": [
                {"working_days": 1, "roles": ["work_department"]},
                {"working_days": 3, "roles": ["work_department", "committee_member"]},
            ],
        },
        {
            "key": "notice",
            "kind": "public_notice",
            "title": "公示",
            "title_en": "Public notice",
            "assignees": ["work_department"],
            "approvers": ["committee_member"],
            "on_not_carried": "secretary_check",
        },
    ],
}


def day(working: int) -> date:
    """So many working days after the Monday, where only weekends are off."""
    return MONDAY + timedelta(weeks=working // 5, days=working % 5)


def morning(on: date) -> datetime:
    """Nine o'clock of a day in China."""
    return datetime.combine(on, MORNING)
