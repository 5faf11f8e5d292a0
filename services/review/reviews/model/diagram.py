"""A procedure as a picture: Mermaid text, which documents, many wikis and the portal draw."""

from collections.abc import Iterator

from services.review.reviews.model.procedure import REJECT, SIGNING, Procedure, Share, Step
from services.review.reviews.model.publication import COLLECTIVE
from services.review.shared.public_notice.notice import USUAL_DAYS
from services.review.shared.scoring.record import plain

KINDS = {
    "draft": "起草",
    "check": "审核",
    "discussion": "讨论表决",
    "co_revision": "协同优化",
    "resolution": "会议决议",
    "countersign": "会签",
    "sign_any": "或签",
    "scoring": "评分",
    "poll": "网络投票",
    "public_notice": "公示",
}
SHAPES = {"draft": ("([", "])"), "check": ("[", "]"), "co_revision": ("[/", "/]")}
DECIDES = ("{{", "}}")


def mermaid(procedure: Procedure) -> str:
    """The flowchart: steps in order, what a lost vote leads to, and where a step may end the review."""
    return "\n".join(("flowchart TD", *(f"    {line}" for line in _lines(procedure)))) + "\n"


def _lines(procedure: Procedure) -> Iterator[str]:
    for place, step in enumerate(procedure.steps):
        left, right = SHAPES.get(step.kind, DECIDES)
        yield f's{place}{left}"{_label(step)}"{right}'
    yield 'approved(["审定通过 approved"])'
    if any(step.may_reject or step.on_not_carried == REJECT for step in procedure.steps):
        yield 'rejected(["驳回 rejected"])'
    for place, step in enumerate(procedure.steps):
        following = procedure.after(step)
        yield f"s{place} --> {f's{procedure.place(following.key)}' if following else 'approved'}"
        if step.kind in COLLECTIVE:
            back = "rejected" if step.on_not_carried == REJECT else f"s{_place(procedure, step)}"
            yield f's{place} -. "未通过 not carried" .-> {back}'
        if step.may_reject:
            yield f's{place} -. "驳回 reject" .-> rejected'


def _place(procedure: Procedure, step: Step) -> int:
    return procedure.place(step.on_not_carried) if step.on_not_carried else 0


def _label(step: Step) -> str:
    rules = [f"{name} {_share(share)}" for name, share in (("法定", step.quorum), ("多数", step.majority)) if share]
    if step.kind == "countersign" and step.majority is None:
        rules.append("全体同意 all")
    if step.rubric is not None and step.rubric.pass_mark is not None:
        rules.append(f"合格 {plain(step.rubric.pass_mark)} / {plain(step.rubric.greatest)}")
    bodies = {**dict.fromkeys(SIGNING, step.signers), "scoring": step.judges, "poll": step.voters}
    who = ", ".join((*map(str, bodies.get(step.kind, step.assignees)), *step.experts))
    days = [f"{step.days} 天"] if step.days else []
    days += [f"{step.working_days} 个工作日"] if step.working_days else []
    days += [f"逾期 {one.working_days} 个工作日报 {', '.join(one.roles)}" for one in step.escalation]
    if step.kind == "public_notice":
        rules += [f"公示 {step.notice_days or USUAL_DAYS} 个工作日", f"审批 {', '.join(map(str, step.approvers))}"]
    parts = (f"{step.title} {step.title_en}", f"{KINDS[step.kind]}：{who}", *rules, *days)
    return "<br/>".join(map(_safe, parts))


def _share(share: Share) -> str:
    word = "多于" if share.more_than else "不少于"
    return f"{word} {share.more_than or share.at_least} {share.of}"


def _safe(text: str) -> str:
    """Titles are people's words: nothing in them may become part of the picture."""
    marks = {'"': "#quot;", "<": "#lt;", ">": "#gt;", "#": "#35;", "&": "#amp;", "\n": " ", "`": "#96;"}
    return "".join(marks.get(letter, letter) for letter in text)
