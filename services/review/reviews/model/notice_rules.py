"""What a public notice still needs before its step can end, in sentences and as figures."""

from collections.abc import Iterator

from services.review.reviews.model.page import Requirement
from services.review.reviews.model.procedure import Step
from services.review.reviews.model.step_runs import Noticing
from services.review.shared.public_notice.notice import QUESTIONS, Question

NAMES: dict[Question, tuple[str, str]] = {
    "secrecy": ("保密审查", "secrecy"),
    "necessity": ("必要性", "necessity"),
    "accuracy": ("准确性", "accuracy"),
}


def notice_requirements(_: Step, visit: Noticing) -> tuple[Requirement, ...]:
    """Three answers, an approval, the publication, the whole period, and a decision on everything that was said."""
    return tuple(_all(visit))


def _all(visit: Noticing) -> Iterator[Requirement]:
    notice = visit.notice
    left, whole = notice.unanswered, len(QUESTIONS)
    zh = "公示审核未通过：" + "、".join(NAMES[one][0] for one in left) if left else "公示审核已通过"
    en = "review of the notice, not passed: " + ", ".join(NAMES[one][1] for one in left) if left else "reviewed"
    yield _reached("notice_review", whole, whole - len(left), (zh, en))
    yield _reached("notice_approval", 1, int(notice.approved is not None), ("公示须经审批", "it must be approved"))
    put_up = int(notice.published is not None)
    yield _reached("notice_publication", 1, put_up, ("公示须发布", "it must be put up"))
    if notice.last_day is not None:
        maybe, maybe_en = ("（暂定）", " (provisional)") if notice.provisional else ("", "")
        zh = f"公示期 {notice.days} 个工作日，至 {notice.last_day} 24:00{maybe}"
        en = f"public for {notice.days} working days, until the end of {notice.last_day}{maybe_en}"
        yield _reached("notice_period", 1, int(visit.ended), (zh, en))
    numbers = tuple(one.n for one in notice.open)
    listed = ", ".join(map(str, numbers))
    words = (f"未作出决定的异议：{listed or '无'}", f"objections not decided: {listed or 'none'}")
    yield Requirement(
        rule="objections_open", needed=0, count=len(numbers), fulfilled=not numbers, numbers=numbers,
        zh=words[0], en=words[1],
    )  # fmt: skip


def _reached(rule: str, needed: int, count: int, words: tuple[str, str]) -> Requirement:
    return Requirement(rule=rule, needed=needed, count=count, fulfilled=count >= needed, zh=words[0], en=words[1])
