"""What a step must say of its bodies: a panel and its rubric, the voters of a poll, and roles with a scope."""

from collections.abc import Iterator

from services.review.reviews.model.procedure import Step
from services.review.shared import scope
from services.review.shared.scope import Scope


def body_faults(step: Step) -> Iterator[tuple[str, str, str]]:
    """The fields that do not fit, with the reason in Chinese and in English."""
    scoring, rubric = step.kind == "scoring", step.rubric
    rules = (
        (
            "judges",
            bool(step.judges or (scoring and step.experts)) == scoring,
            "评分环节须写明评委角色或专家，其他环节不写。",
            "a scoring names roles or experts who judge, no other step does.",
        ),
        (
            "judges",
            "drafter" not in step.judges and len(set(step.judges)) == len(step.judges),
            "起草人不得给自己的稿件评分，角色不得重复。",
            "a drafter may not score their own text; each role once.",
        ),
        (
            "rubric",
            (rubric is not None) == scoring,
            "评分环节须带评分标准，其他环节不带。",
            "goes with a scoring, and must.",
        ),
        (
            "rubric",
            rubric is None or rubric.pass_mark is not None or bool(rubric.vetoes or rubric.gates),
            "评分标准须有合格线、一票否决或门槛，否则此环节什么也不决定。",
            "needs a pass mark, a veto or a gate: else the step decides nothing.",
        ),
        (
            "voters",
            bool(step.voters) == (step.kind == "poll") and len(set(step.voters)) == len(step.voters),
            "投票环节须写明何人可投票且不重复，其他环节不写。",
            "a poll names who may vote, each role once; no other step does.",
        ),
    )
    yield from ((field, zh, en) for field, holds, zh, en in rules if not holds)
    for field in ("assignees", "signers", "judges", "voters", "approvers"):
        for who in getattr(step, field):
            if isinstance(who, Scope):
                yield from ((field, zh, en) for zh, en in scope.faults(who))
