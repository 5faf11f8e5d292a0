"""A procedure as a picture: Mermaid text, which documents, many wikis and the portal draw."""

from collections.abc import Iterator

from services.review.reviews.model.procedure.bodies import Share
from services.review.reviews.model.procedure.procedure import REJECT, Procedure, Step


def mermaid(procedure: Procedure) -> str:
    """The flowchart: steps in order, what a lost vote leads to, and where a step may end the review."""
    return "\n".join(("flowchart TD", *(f"    {line}" for line in _lines(procedure)))) + "\n"


def _lines(procedure: Procedure) -> Iterator[str]:
    for place, step in enumerate(procedure.steps):
        left, right = step.rules.shape
        yield f's{place}{left}"{_label(step)}"{right}'
    yield 'approved(["审定通过 approved"])'
    if any(step.may_reject or step.on_not_carried == REJECT for step in procedure.steps):
        yield 'rejected(["驳回 rejected"])'
    for place, step in enumerate(procedure.steps):
        following = procedure.after(step)
        yield f"s{place} --> {f's{procedure.place(following.key)}' if following else 'approved'}"
        if step.rules.collective:
            back = "rejected" if step.on_not_carried == REJECT else f"s{_place(procedure, step)}"
            yield f's{place} -. "未通过 not carried" .-> {back}'
        if step.may_reject:
            yield f's{place} -. "驳回 reject" .-> rejected'


def _place(procedure: Procedure, step: Step) -> int:
    return procedure.place(step.on_not_carried) if step.on_not_carried else 0


def _label(step: Step) -> str:
    rules = [f"{name} {_share(share)}" for name, share in (("法定", step.quorum), ("多数", step.majority)) if share]
    rules += step.rules.terms(step)
    who = ", ".join((*map(str, step.rules.body(step)), *step.experts))
    days = [f"{step.days} 天"] if step.days else []
    days += [f"{step.working_days} 个工作日"] if step.working_days else []
    days += [f"逾期 {one.working_days} 个工作日报 {', '.join(one.roles)}" for one in step.escalation]
    parts = (f"{step.title} {step.title_en}", f"{step.rules.labels[step.kind]}：{who}", *rules, *days)
    return "<br/>".join(map(_safe, parts))


def _share(share: Share) -> str:
    word = "多于" if share.more_than else "不少于"
    return f"{word} {share.more_than or share.at_least} {share.of}"


def _safe(text: str) -> str:
    """Titles are people's words: nothing in them may become part of the picture."""
    marks = {'"': "#quot;", "<": "#lt;", ">": "#gt;", "#": "#35;", "&": "#amp;", "\n": " ", "`": "#96;"}
    return "".join(marks.get(letter, letter) for letter in text)
