"""What the departments of the example enterprise send, and what must become of each: written by hand, not computed."""

from typing import Any, NamedTuple

Json = dict[str, Any]
MINE = {"organisation": "operations"}


class Sent(NamedTuple):
    """An event, and its effects as (effect, what names it); none = it stays visible without effect."""

    event: Json
    effects: tuple[tuple[str, str], ...] = ()


def event(key: str, kind: str, data: Any, **more: Any) -> Json:  # noqa: ANN401 - any JSON
    """An event as its department writes it."""
    source = f"/departments/{kind.partition('.')[0]}"
    own = {"specversion": "1.0", "id": key, "source": source, "type": kind, "subject": f"about-{key}"}
    return {**own, "time": "2026-06-20T15:40:00+08:00", "datacontenttype": "application/json", "data": data, **more}


RESCUE = event(
    "r7",
    "safety.rescue.completed",
    MINE
    | {
        "title": "台风夜堆场抢险",
        "started_at": "2026-06-20T22:10:00+08:00",
        "ended_at": "2026-06-21T05:20:00+08:00",
        "place": "三号堆场",
        "summary": "党员先锋队加固堆场设施，未发生次生险情。🚢",
    },
    time="2026-06-21T06:00:00+08:00",
)
CONTEST = event(
    "篮球-05",
    "union.contest.held",
    MINE | {"title": "职工篮球赛", "held_at": "2026-05-04T14:00:00+08:00"},
    subject="篮球赛",
)
PEAK = event(
    "p20",
    "logistics.service.peak",
    MINE | {"title": "三餐加夜宵", "from": "2026-06-20T06:00:00+08:00", "place": "职工食堂", "meals": 4},
)
MILESTONE = event(
    "m6",
    "production.milestone.reached",
    MINE
    | {
        "indicator": "berth_efficiency",
        "value": 31.5,
        "unit": "自然箱/小时",
        "reached_at": "2026-06-30T23:59:00+08:00",
    },
)
ADOPTED = event(
    "s118", "innovation.suggestion.adopted", MINE | {"title": "闸口", "adopted_at": "2026-06-18T10:00:00+08:00"}
)
PERSON = {"source_id": "100238", "employee_no": "100238", "name": "王建国", "status": "retired", "seq": 1}
MERGED = {"source_id": "D-OPS-2", "name": "营运二部", "merged_into": "D-OPS", "enabled": False, "seq": 1}

CATALOGUE: list[Sent] = [
    Sent(
        event("i31", "safety.incident.recorded", MINE | {"level": "minor", "count": 1, "summary": "擦碰"}),
        (("point", "safety_incidents=1"),),
    ),
    Sent(
        event(
            "i32", "safety.incident.recorded", MINE | {"level": "major", "count": 2, "summary": "较大事故，调查中。"}
        ),
        (("point", "safety_incidents=2"), ("veto_hint", "较大及以上安全事故")),
    ),
    Sent(RESCUE, (("draft_activity", "台风夜堆场抢险"),)),
    Sent(MILESTONE, (("point", "berth_efficiency=31.5"),)),
    Sent(
        event(
            "o12",
            "equipment.overhaul.completed",
            MINE | {"title": "12号岸桥大修攻坚", "started_at": "2026-06-08T08:00:00+08:00", "place": "12号岸桥"},
        ),
        (("draft_activity", "12号岸桥大修攻坚"),),
    ),
    Sent(PEAK, (("draft_activity", "三餐加夜宵"),)),
    Sent(CONTEST, (("draft_activity", "职工篮球赛"),)),
    Sent(
        event(
            "l11",
            "league.event.held",
            MINE | {"title": "青年大学习", "held_at": "2026-05-05T09:00:00+08:00", "place": "团员活动室"},
        ),
        (("draft_activity", "青年大学习"),),
    ),
    Sent(ADOPTED, (("point", "adopted_suggestions=1"),)),
    Sent(
        event(
            "t21",
            "training.session.completed",
            MINE
            | {"topic": "party", "title": "党务骨干培训", "started_at": "2026-04-10T14:00:00+08:00", "place": "二楼"},
        ),
        (("draft_activity", "党务骨干培训"),),
    ),
    Sent(event("t22", "training.session.completed", MINE | {"topic": "crane", "title": "岸桥司机培训"})),
    Sent(
        event(
            "a612",
            "publicity.article.published",
            MINE | {"title": "品牌故事", "published_at": "2026-06-12T08:00:00+08:00"},
        ),
        (("point", "published_articles=1"),),
    ),
    Sent(
        event("c4f", "discipline.case.filed", MINE | {"summary": "立案审查（编号略）。"}),
        (("veto_hint", "纪律审查立案"),),
    ),
    Sent(
        event("c4c", "discipline.case.closed", MINE | {"outcome": "已结案，未作处分。"}),
        (("veto_hint", "纪律审查结案"),),
    ),
    Sent(
        event("h238", "hr.employee.retired", PERSON | {"main_dept_id": "D-OPS", "effective_from": "2026-07-01"}),
        (("reminder", "光荣退休"),),
    ),
    Sent(
        event("d2", "hr.department.merged", MERGED | {"effective_from": "2026-07-01"}),
        (("reminder", "部门合并"),),
    ),
    Sent(
        event("h3", "honour.granted", MINE | {"title": "先进基层党组织", "granted_at": "2026-07-01T10:00:00+08:00"}),
        (("point", "honours=1"),),
    ),
    Sent(
        event(
            "f9", "audit.finding.raised", MINE | {"severity": "ordinary", "title": "台账不完整", "due": "2026-05-15"}
        ),
        (("reminder", "审计发现问题"),),
    ),
    Sent(
        event(
            "f10", "audit.finding.raised", MINE | {"severity": "major", "title": "重大违规问题", "due": "2026-05-15"}
        ),
        (("veto_hint", "审计重大问题"),),
    ),
]
"""The inbound catalogue, once: 6 drafts, 6 points, 3 reminders, 4 hints, and one that no rule takes."""
