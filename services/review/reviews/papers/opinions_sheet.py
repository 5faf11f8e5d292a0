"""What each level said, for the application form (支部意见 / 总支意见 / 党委工作部意见 / 党委意见).

Rendered from what happened at each step, so that nothing is typed twice: every stay of the review at a step is told, in
order, and the last one stands. A level is that of the post in which somebody acted, so any procedure can be rendered.
"""

from collections.abc import Iterator

from services.review.reviews.model.commands import Agree
from services.review.reviews.model.context import holders
from services.review.reviews.model.panels import Judging, Polling
from services.review.reviews.model.procedure import Base, Role, Who
from services.review.reviews.model.review import Entry, Review
from services.review.reviews.model.step_run import Tally
from services.review.reviews.model.step_runs import (
    AnyStepRun,
    CoRevising,
    Discussing,
    Drafting,
    Noticing,
    Resolving,
    Signing,
)
from services.review.reviews.papers.names import Names
from services.review.reviews.papers.sheet import (
    SIGNED,
    TO_BE_DATED,
    UNRECORDED,
    Heading,
    Paragraph,
    Part,
    Sheet,
    Table,
    day,
    measured,
    recorded,
    votes,
)
from services.review.shared.scope import Scope

LEVELS = ("支部意见", "总支意见", "党委工作部意见", "党委意见")
BRANCH, GENERAL_BRANCH, WORK_DEPARTMENT, COMMITTEE = LEVELS
LEVEL_OF: dict[Role, str] = {
    "drafter": BRANCH,
    "secretary": BRANCH,
    "deputy": BRANCH,
    "branch_committee": BRANCH,
    "superior_secretary": GENERAL_BRANCH,
    "work_department": WORK_DEPARTMENT,
    "committee_secretary": COMMITTEE,
    "committee_member": COMMITTEE,
}
BODIES: dict[Base, str] = {
    "expected": "应到党员人数",
    "members": "应到党员人数",
    "voters": "有表决权党员人数",
    "present": "参加表决人数",
    "signers": "应签署人数",
    "judges": "评委人数",
}
OUTCOMES = {
    "passed": "同意",
    "returned": "退回",
    "not_carried": "未通过",
    "rejected": "不同意",
    "recalled": "提交人撤回",
    "terminated": "终止",
}
MEETINGS = {"open": "正在表决", "no_quorum": "未达到法定人数", "carried": "通过", "not_carried": "未通过"}


def opinions_of_each_level(review: Review, names: Names) -> Sheet:
    """The sheet of a review as it is now."""
    said: dict[str, list[str]] = {level: [] for level in LEVELS}
    for visit in review.visits:
        for level, text in _said(review, visit, names):
            said[level].append(text)
    parts: list[Part] = [
        Table(
            (
                ("品牌名称", recorded(review.name)),
                ("申报党组织", names.organisation(review.owner)),
                ("审核编号", review.id),
            )
        )
    ]
    for level, texts in said.items():
        parts += [Heading(level), *map(Paragraph, texts or [UNRECORDED])]
        parts += [Paragraph(f"负责人：{SIGNED}（盖章）{TO_BE_DATED}", right=True)]
    return Sheet(title="党建品牌审核各级意见", parts=tuple(parts), as_of=review.history[-1].at)


def _said(review: Review, visit: AnyStepRun, names: Names) -> Iterator[tuple[str, str]]:
    """What was said in one stay at a step, and at which level."""
    if isinstance(visit, Drafting):
        return
    step = review.procedure.step(visit.step)
    entry = _closing(review, visit)
    level = _level(review, visit, entry)
    if isinstance(visit, Signing):
        yield from _signatures(visit, level, step.title, names)
    comment = entry.move.comment if entry is not None and isinstance(entry.move, Agree) else None
    ending = "。".join(filter(None, (OUTCOMES.get(visit.outcome or "", "办理中"), comment or visit.reason)))
    head = f"{step.title}（第 {visit.round} 轮）"
    figures = "".join(f"{text}。" for text in _figures(review, visit))
    signed = f"（{_who(visit, names)}，{day(visit.closed_at)}）" if visit.closed_by is not None else ""
    yield level, f"{head}：{figures}{ending}{signed}"


def _figures(review: Review, visit: AnyStepRun) -> Iterator[str]:
    """What a kind of step counts."""
    step = review.procedure.step(visit.step)
    match visit:
        case Discussing():
            tally, cast = Tally.of(visit.votes), len(visit.votes)
            expected, voters = len(visit.members), len(visit.voters)
            yield f"应到党员 {expected} 人，有表决权 {voters} 人，参加表决 {cast} 人，{votes(tally)}"
            yield f"法定人数为{measured(step.quorum, cast, visit.figures, (BODIES, '表决'))}"
            yield f"通过规则为{measured(step.majority, tally.in_favour, visit.figures, (BODIES, '赞成'))}"
            rulings = [one.ruling.adopted for one in visit.opinions if one.ruling is not None]
            adopted, all_of_them = sum(rulings), len(visit.opinions)
            left = all_of_them - len(rulings)
            yield f"意见 {all_of_them} 条，采纳 {adopted} 条，未采纳 {len(rulings) - adopted} 条，未作决定 {left} 条"
        case Polling():
            yield f"网络投票应投 {len(visit.voters)} 人，{votes(Tally.of(visit.votes))}"
        case Judging():
            yield f"评委 {len(visit.judges)} 人，打分表 {len(visit.card.sheets)} 份"
        case Noticing():
            shown, found = visit.notice.published, visit.notice.objections
            until = visit.notice.last_day or UNRECORDED
            yield f"公示期 {shown.on if shown else UNRECORDED} 至 {until}，异议 {len(found)} 条"
        case CoRevising():
            states = [one.state for one in visit.suggestions]
            counts = (len(states), *(states.count(state) for state in ("accepted", "declined", "open")))
            yield "修改建议 {} 条，采纳 {} 条，未采纳 {} 条，未答复 {} 条".format(*counts)
        case Resolving():
            for one in visit.meetings:
                number = f"，决议文号 {one.resolution.number}" if one.resolution else ""
                there = f"应到 {len(one.expected)} 人，实到 {len(one.present)} 人，{votes(Tally.of(one.votes))}"
                yield f"会议“{one.number}”（{day(one.held_on)}）：{there}，{MEETINGS[one.state]}{number}"
        case Signing():
            agreed = sum(one.choice == "agree" for one in visit.signatures)
            yield f"应签署 {len(visit.active)} 人，同意 {agreed} 人，不同意 {len(visit.signatures) - agreed} 人"


def _signatures(visit: Signing, level: str, title: str, names: Names) -> Iterator[tuple[str, str]]:
    """Each signature, at the level of the role in which it was given; experts and added signers with who leads."""
    roles = {signer.person: signer.role for signer in visit.active}
    for one in visit.signatures:
        role = roles.get(one.signer)
        choice = "同意" if one.choice == "agree" else "不同意"
        who = names.person(one.signer) + (f"，由 {names.person(one.proxy)} 代" if one.proxy else "")
        said = f"{choice}。{one.comment}" if one.comment else choice
        where = _level_of(role) if role is not None else level
        yield where, f"{title}（第 {visit.round} 轮）：{said}（{who}，{day(one.at)}）"


def _closing(review: Review, visit: AnyStepRun) -> Entry | None:
    """The move that ended a stay at a step."""
    moment = (visit.closed_at, visit.closed_by)
    return next((entry for entry in reversed(review.history) if (entry.at, entry.by) == moment), None)


def _level(review: Review, visit: AnyStepRun, entry: Entry | None) -> str:
    """The level at which a step was done: a discussion is the branch's, a meeting the committee's, else who acted."""
    step = review.procedure.step(visit.step)
    if isinstance(visit, Discussing | Resolving):
        return BRANCH if isinstance(visit, Discussing) else COMMITTEE
    role: Who = step.assignees[0]
    if entry is not None:
        seats, person = review.seats[entry.seats], entry.behalf or entry.by
        role = next((one for one in step.assignees if person in holders(one, review, seats)), role)
        if role == "superior_secretary" and person in seats.committee_secretaries:
            return COMMITTEE  # there is no general branch between this branch and the committee
    return _level_of(role)


def _level_of(role: Who) -> str:
    """The level of a role; of one with a scope, that of the place at which it is held."""
    if isinstance(role, Scope):
        return {"owner": BRANCH, "superior": GENERAL_BRANCH}.get(role.at, COMMITTEE)
    return LEVEL_OF[role]


def _who(visit: AnyStepRun, names: Names) -> str:
    by = names.person(visit.closed_by or "")
    return f"{by} 代 {names.person(visit.closed_for)}" if visit.closed_for else by
