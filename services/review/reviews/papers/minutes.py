"""The extract of a meeting's minutes (会议纪要摘录), on this review's item alone; other items are titles only.

It says what was recorded and nothing else; what it says of votes is counted from the votes that were cast.
"""

from infra.kernel.errors import NotFound
from services.review.reviews.model.context import Tally
from services.review.reviews.model.decision import as_of
from services.review.reviews.model.explain.page import UNRECORDED, day, measured
from services.review.reviews.model.procedure.bodies import Base
from services.review.reviews.model.procedure.procedure import Step
from services.review.reviews.model.review import Review
from services.review.reviews.model.steps.resolution.meeting import Meeting
from services.review.reviews.papers.sheet import (
    NOBODY,
    SIGNED,
    TO_BE_DATED,
    Heading,
    Names,
    Paragraph,
    Sheet,
    Table,
    about,
    recorded,
)

BODIES: dict[Base, str] = {
    "expected": "应到人数",
    "members": "应到人数",
    "present": "实到人数",
    "voters": "实到且未回避人数",
}
RESULTS = {
    "open": "正在表决，尚未形成决议",
    "no_quorum": "未达到法定人数，会议不作决定",
    "carried": "通过",
    "not_carried": "未通过",
}


def extract(review: Review, n: int, names: Names) -> Sheet:
    """The extract of the n-th meeting of a review; raises ``NotFound``."""
    meetings = [(run, one) for run in review.runs for one in getattr(run, "meetings", ())]
    found = next(((run, meeting) for run, meeting in meetings if meeting.n == n), None)
    if found is None:
        raise NotFound("meeting.not_found", zh=f"该审核没有第 {n} 次会议。", en=f"This review has no meeting {n}.")
    run, meeting = found
    step = review.procedure.step(run.step)
    repeated = next((other for _, other in meetings if other.n == meeting.repeats), None)
    last = review.history[-1]
    return Sheet(
        title="会议纪要摘录",
        as_of=last.at,
        parts=(
            Paragraph(f"{names.organisation(review.committee)}　{meeting.number}"),
            Table(_frame(meeting, repeated, names)),
            Heading("议程"),
            *(Paragraph(f"{place}. {title}") for place, title in enumerate(meeting.agenda, 1)),
            Heading("审议事项"),
            Table(_matter(_as_it_was(review, n), meeting, names)),
            Heading("表决与决议"),
            Table(_decision(step, meeting, names)),
            Heading("签署"),
            Paragraph(f"主持人：{SIGNED}　记录人：{SIGNED}"),
            Paragraph("（党委盖章）", right=True),
            Paragraph(TO_BE_DATED, right=True),
            Paragraph(f"本摘录按审核 {review.id} 截至第 {last.n} 步的登记内容生成，未登记的内容标为“{UNRECORDED}”。"),
            Paragraph(f"记录封印：{recorded(review.seal)}"),
        ),
    )


def _frame(meeting: Meeting, repeated: Meeting | None, names: Names) -> tuple[tuple[str, str], ...]:
    rows = [
        ("会议编号", meeting.number),
        ("会议日期", day(meeting.held_on)),
        ("地点", recorded(meeting.place)),
        ("主持人", _one(meeting.chair, names)),
        ("记录人", _one(meeting.recorder, names)),
        ("应到", names.persons(meeting.expected)),
        ("实到", names.persons(meeting.present)),
        ("请假", _leave(meeting, names)),
        ("缺席", names.persons(meeting.absent)),
        ("列席", names.persons(meeting.non_voting_attendees)),
    ]
    if repeated is not None:
        rows.append(("重新召开", f"本次会议重新召开 {day(repeated.held_on)}未达法定人数的会议“{repeated.number}”"))
    return tuple(rows)


def _matter(review: Review, meeting: Meeting, names: Names) -> tuple[tuple[str, str], ...]:
    return (("议题", f"第 {meeting.item or 1} 项：{meeting.matter}"), *about(review, names))


def _as_it_was(review: Review, n: int) -> Review:
    """The review on the day of its n-th meeting: what was decided on is the text of then."""
    held = next(entry.n for entry in review.history if entry.command.makes == "meeting" and entry.made == n)
    changed = any(entry.command.changes_text for entry in review.history[held:])
    return as_of(review, held) if changed else review


def _decision(step: Step, meeting: Meeting, names: Names) -> tuple[tuple[str, str], ...]:
    tally, resolution = Tally.of(meeting.votes), meeting.resolution
    quorum = ("法定人数", measured(step.quorum, len(meeting.present), meeting.figures, (BODIES, "到会")))
    result = ("会议结果", RESULTS[meeting.state])
    if meeting.state == "no_quorum":  # nobody could vote, so there are no votes to tell
        return quorum, result
    return (
        quorum,
        ("赞成", f"{tally.in_favour} 票"),
        ("反对", f"{tally.against} 票"),
        ("弃权", f"{tally.abstained} 票"),
        ("回避", names.persons(vote.by for vote in meeting.votes if vote.choice == "recuse")),
        ("未表决", f"{len(meeting.silent)} 人" if meeting.silent else NOBODY),
        ("通过规则", measured(step.majority, tally.in_favour, meeting.figures, (BODIES, "赞成"))),
        result,
        ("决议文号", resolution.number if resolution else NOBODY),
    )


def _one(person: str | None, names: Names) -> str:
    return UNRECORDED if person is None else names.person(person)


def _leave(meeting: Meeting, names: Names) -> str:
    if meeting.on_leave is None:
        return UNRECORDED
    said = [f"{names.person(one.person)}（{one.reason or f'事由{UNRECORDED}'}）" for one in meeting.on_leave]
    return f"{len(said)} 人：{'、'.join(said)}" if said else NOBODY
