"""What each level said, for the application form (支部意见 / 总支意见 / 党委工作部意见 / 党委意见).

Rendered from what happened at each step, so that nothing is typed twice: every stay of the review at a step is told, in
order, and the last one stands. A level is that of the post in which somebody acted, so any procedure can be rendered.
"""

from collections.abc import Iterator

from services.review.reviews.model.context import people_of
from services.review.reviews.model.explain.page import UNRECORDED, day
from services.review.reviews.model.procedure.bodies import Role, Who
from services.review.reviews.model.review import Entry, Review
from services.review.reviews.model.steps import AnyStepRun
from services.review.reviews.papers.sheet import (
    SIGNED,
    TO_BE_DATED,
    Heading,
    Names,
    Paragraph,
    Part,
    Sheet,
    Table,
    about,
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
OUTCOMES = {
    "passed": "同意",
    "returned": "退回",
    "not_carried": "未通过",
    "rejected": "不同意",
    "recalled": "提交人撤回",
    "terminated": "终止",
}


def opinions_of_each_level(review: Review, names: Names) -> Sheet:
    """The sheet of a review as it is now."""
    said: dict[str, list[str]] = {level: [] for level in LEVELS}
    for run in review.runs:
        for level, text in _said(review, run, names):
            said[level].append(text)
    parts: list[Part] = [Table(about(review, names))]
    for level, texts in said.items():
        parts += [Heading(level), *map(Paragraph, texts or [UNRECORDED])]
        parts += [Paragraph(f"负责人：{SIGNED}（盖章）{TO_BE_DATED}", right=True)]
    return Sheet(title="党建品牌审核各级意见", parts=tuple(parts), as_of=review.history[-1].at)


def _said(review: Review, run: AnyStepRun, names: Names) -> Iterator[tuple[str, str]]:
    """What was said in one stay at a step, and at which level."""
    step = review.procedure.step(run.step)
    if step.rules.with_drafter:
        return
    entry = _closing(review, run)
    level = _level(review, run, entry)
    for one in step.rules.statements(run):
        who = names.person(one.by) + (f"，由 {names.person(one.proxy)} 代" if one.proxy else "")
        where = _level_of(one.role) if one.role is not None else level
        yield where, f"{step.title}（第 {run.round} 轮）：{one.said}（{who}，{day(one.at)}）"
    ending = "。".join(filter(None, (OUTCOMES.get(run.outcome or "", "办理中"), run.reason)))
    head = f"{step.title}（第 {run.round} 轮）"
    figures = "".join(f"{text}。" for text in step.rules.figures(step, run))
    signed = f"（{_who(run, names)}，{day(run.closed_at)}）" if run.closed_by is not None else ""
    yield level, f"{head}：{figures}{ending}{signed}"


def _closing(review: Review, run: AnyStepRun) -> Entry | None:
    """The move that ended a stay at a step."""
    moment = (run.closed_at, run.closed_by)
    return next((entry for entry in reversed(review.history) if (entry.at, entry.by) == moment), None)


def _level(review: Review, run: AnyStepRun, entry: Entry | None) -> str:
    """The level at which a step was done: a discussion is the branch's, a meeting the committee's, else who acted."""
    step = review.procedure.step(run.step)
    if step.rules.level is not None:
        return _level_of(step.rules.level)
    role: Who = step.assignees[0]
    if entry is not None:
        holders, person = review.holders[entry.holders], entry.behalf or entry.by
        role = next((one for one in step.assignees if person in people_of(one, review, holders)), role)
        if role == "superior_secretary" and person in holders.committee_secretaries:
            return COMMITTEE  # there is no general branch between this branch and the committee
    return _level_of(role)


def _level_of(role: Who) -> str:
    """The level of a role; of one with a scope, that of the place at which it is held."""
    if isinstance(role, Scope):
        return {"owner": BRANCH, "superior": GENERAL_BRANCH}.get(role.at, COMMITTEE)
    return LEVEL_OF[role]


def _who(run: AnyStepRun, names: Names) -> str:
    by = names.person(run.closed_by or "")
    return f"{by} 代 {names.person(run.closed_for)}" if run.closed_for else by
