"""What a sound step says about its dates: one deadline, an escalation that follows it, and a public notice's own."""

from collections.abc import Iterator

from services.review.reviews.model.procedure import Step
from services.review.shared.public_notice.notice import USUAL_DAYS

Rule = tuple[str, bool, str, str]


def rules(step: Step) -> Iterator[Rule]:
    """The field, whether it holds, and what it must be in Chinese and in English."""
    notice = step.kind == "public_notice"
    after = [level.working_days for level in step.escalation]
    yield (
        "working_days",
        step.days is None or step.working_days is None,
        "期限只能按自然日或工作日之一规定。",
        "the deadline is in days or in working days, not in both.",
    )
    yield (
        "escalation",
        not after or step.days is not None or step.working_days is not None,
        "没有期限的环节不能逐级提醒。",
        "without a deadline nothing is escalated.",
    )
    yield (
        "escalation",
        after == sorted(set(after)),
        "逐级提醒的工作日数须依次递增。",
        "each level comes more working days after the deadline than the one before.",
    )
    yield (
        "notice_days",
        notice or step.notice_days is None,
        "只有公示环节写明公示天数。",
        "only a public notice has days of notice.",
    )
    yield (
        "approvers",
        bool(step.approvers) == notice,
        "公示环节须写明审批角色，其他环节不写。",
        "a public notice names the roles that approve it, no other step does.",
    )
    yield (
        "approvers",
        "drafter" not in step.approvers and len(set(step.approvers)) == len(step.approvers),
        "起草人不得审批自己的公示，角色不得重复。",
        "a drafter may not approve the notice of their own text; each role once.",
    )
    yield (
        "working_days",
        not notice or step.working_days is None or step.working_days > (step.notice_days or USUAL_DAYS),
        "公示环节的期限须长于公示期。",
        "a public notice cannot be due before its period is over.",
    )
