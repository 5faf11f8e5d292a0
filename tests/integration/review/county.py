"""A county's own procedure, as its people would draw it up: who votes, who scores, and by which rubrics."""

from typing import Any

from tests.integration.review.cast import COMMITTEE, OFFICER
from tests.support.harness.service import Json, ServiceHarness

AREA = ("1001", "1002", "1003", "1004", "1005", "2001", OFFICER, *COMMITTEE)
PANEL = ("2001", "9001", "9002")
FIRST = "one-branch-one-brand"
ADMIN = ("administrator@*",)
ONSITE: Json = {
    "id": "onsite",
    "title": "现场评审标准",
    "title_en": "On site",
    "dimensions": [
        {"key": "show", "title": "现场展示", "title_en": "Show", "greatest": 70},
        {"key": "answers", "title": "答辩", "title_en": "Answers", "greatest": 30},
    ],
    "pass_mark": "75",
}


async def county(reviews: ServiceHarness) -> Json:
    """The procedure as its people would draw it up; the panel's rubric is a copy from the library."""
    rubric = (await reviews.ask("GET", "/rubrics/brand")).json()["items"][-1]
    half: Json = {"of": "judges", "at_least": "1/2"}
    return {
        "title": "县域品牌评选程序",
        "title_en": "The county's own",
        "steps": [
            {"key": "draft", "kind": "draft", "title": "申报", "title_en": "Application", "assignees": ["drafter"]},
            {
                "key": "online_vote",
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
                "key": "expert_panel",
                "kind": "scoring",
                "title": "专家评审",
                "title_en": "Expert panel",
                "assignees": [{"posts": ["deputy_secretary"], "at": "other"}, "work_department"],
                "judges": [{"posts": ["branch_secretary"], "at": "committee", "below": True}],
                "experts": ["9001", "9002"],
                "rubric": {**rubric, "pass_mark": "60"},
                "quorum": half,
            },
            {
                "key": "onsite_review",
                "kind": "scoring",
                "title": "现场评审",
                "title_en": "On-site scoring",
                "assignees": ["work_department"],
                "judges": ["committee_member"],
                "rubric": ONSITE,
                "quorum": half,
                "on_not_carried": "reject",
            },
            {
                "key": "notice",
                "kind": "public_notice",
                "title": "公示",
                "title_en": "Public notice",
                "assignees": ["work_department"],
                "approvers": [{"posts": ["party_committee_member"], "at": "committee"}],
                "notice_days": 5,
            },
            {
                "key": "resolution",
                "kind": "resolution",
                "title": "党委会审定",
                "title_en": "Resolution",
                "assignees": ["work_department"],
                "quorum": {"of": "expected", "at_least": "2/3"},
                "majority": {"of": "expected", "more_than": "1/2"},
            },
        ],
    }


def sheet(rubric: Json, part: float, **more: Any) -> Json:  # noqa: ANN401 - any field
    """This part of the greatest points, dimension by dimension."""
    points = {one["key"]: str(round(float(one["greatest"]) * part, 2)) for one in rubric["dimensions"]}
    return {"points": points, "gates": {gate["key"]: True for gate in rubric.get("gates", [])}, **more}
