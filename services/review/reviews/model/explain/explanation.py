"""Why a review waits, for whom, under which rule, since when; and who decided what, with which body of people.

An explanation follows from the review alone, so that the history replayed up to any move gives the one that was valid
then. A kind of step that has no words of its own here is explained by its duties and by who is in charge of it.
"""

from collections.abc import Iterator

from services.review.reviews.model.context import CommandContext
from services.review.reviews.model.explain.page import Body, Deed, Explanation, Now, Passage, Wait
from services.review.reviews.model.explain.reasons import instead, reasons
from services.review.reviews.model.review import Entry, Review
from services.review.reviews.model.steps import AnyStepRun
from services.review.reviews.model.tasks import waiting
from services.review.shared.role_holders import RoleHolders, day_of

STATES = {
    "new": ("尚未提交", "Not submitted yet"),
    "running": ("审核进行中", "The review runs"),
    "returned": ("已退回起草人", "Back with its drafter"),
    "approved": ("已审定通过", "Approved"),
    "rejected": ("未通过", "Rejected"),
    "recalled": ("提交人已撤回", "Taken back by its submitter"),
}
OUTCOMES = {
    "passed": ("通过", "passed"),
    "returned": ("退回", "sent back"),
    "not_carried": ("表决未通过", "not carried"),
    "rejected": ("驳回", "rejected"),
    "recalled": ("撤回", "taken back"),
}


def explain(review: Review) -> Explanation:
    """The page of this review as it is after its last command."""
    procedure, last = review.procedure, review.history[-1] if review.history else None
    now = _now(review, last) if last else None
    zh, en = STATES.get(review.state, (review.state, review.state))
    if now is not None:
        zh, en = f"{zh}。{now.zh}", f"{en}. {now.en}"
    elif review.reason:
        zh, en = f"{zh}：{review.reason}", f"{en}: {review.reason}"
    return Explanation(
        review=review.id,
        brand=review.brand,
        owner=review.owner,
        committee=review.committee,
        name=review.name,
        state=review.state,
        procedure=procedure.id,
        procedure_version=procedure.number,
        procedure_title=procedure.title,
        procedure_title_en=procedure.title_en,
        entry=last.n if last else 0,
        at=last.at if last else None,
        zh=zh,
        en=en,
        now=now,
        past=tuple(_past(review)),
        resolution=review.resolution,
    )


def _now(review: Review, last: Entry) -> Now | None:
    run, step = review.live, review.step
    if run is None or step is None:
        return None
    context = CommandContext(review, last.by, last.at, review.holders[last.holders])
    day, since = day_of(last.at), {task.person: task.since for task in review.tasks if task.state == "open"}
    duties = waiting(context)
    waits = tuple(
        Wait(
            person=person,
            duty=duty,
            duty_en=duty_en,
            since=since.get(person),
            because=reasons(context, run, person, day),
        )
        for person, (duty, duty_en) in sorted(duties.items())
    )
    late, late_en = ("，已逾期", ", overdue") if run.overdue else ("", "")
    if run.provisional and not run.overdue:
        late, late_en = "（期限暂定）", ", its deadline being provisional"
    missing = [rule for rule in step.rules.requirements(step, run) if not rule.fulfilled]
    asks = "；".join(rule.zh for rule in missing)
    asks_en = "; ".join(rule.en for rule in missing)
    began = day_of(run.opened_at)
    zh = f"自 {began} 起在环节“{step.title}”（第 {run.round} 次），等待 {len(waits)} 人办理{late}。{asks}"
    en = f"At the step “{step.title_en}” (time {run.round}) since {began}, waiting for {len(waits)}"
    return Now(
        step=step.key,
        title=step.title,
        title_en=step.title_en,
        kind=step.kind,
        round=run.round,
        since=run.opened_at,
        due=run.due_at,
        overdue=run.overdue,
        provisional=run.provisional,
        zh=zh,
        en=f"{en}{late_en}. {asks_en}".rstrip(),
        waiting=len(waits),
        waits_for=waits,
        rules=step.rules.requirements(step, run),
        instead=instead(context),
        body=_body(review.holders[last.holders], last),
    )


def _past(review: Review) -> Iterator[Passage]:
    deeds = _by_visit(review)
    for place, run in enumerate(review.runs):
        step, own = review.procedure.step(run.step), deeds[place]
        closing = own[-1] if own and run.closed_at is not None else None
        zh, en = OUTCOMES.get(run.outcome or "", ("办理中", "running"))
        yield Passage(
            step=step.key,
            title=step.title,
            title_en=step.title_en,
            kind=step.kind,
            round=run.round,
            opened_at=run.opened_at,
            closed_at=run.closed_at,
            closed_by=run.closed_by,
            outcome=run.outcome,
            reason=run.reason,
            zh=f"{step.title}（第 {run.round} 次）：{zh}",
            en=f"{step.title_en} (time {run.round}): {en}",
            rules=step.rules.requirements(step, run) if run.closed_at is not None else (),
            body=_body(review.holders[closing.holders], closing) if closing else None,
            decisions=tuple(_deed(review, entry) for entry in own),
        )


def _by_visit(review: Review) -> list[list[Entry]]:
    """The commands that were made at each run; the last of a closed run is the one that closed it."""
    found: list[list[Entry]] = [[] for _ in review.runs]
    place = 0
    for entry in review.history:
        found[min(place, len(found) - 1)].append(entry)
        if place < len(found) and _closes(entry, review.runs[place]):
            place += 1
    return found


def _closes(entry: Entry, run: AnyStepRun) -> bool:
    return not entry.command.stays and (entry.at, entry.by) == (run.closed_at, run.closed_by)


def _deed(review: Review, entry: Entry) -> Deed:
    zh, en = entry.command.done or (entry.command.kind, f"“{entry.command.kind}”")
    said = getattr(entry.command, "reason", None) or getattr(entry.command, "comment", None)
    return Deed(
        n=entry.n,
        at=entry.at,
        by=entry.by,
        command=entry.command.kind,
        made=entry.made,
        choice=getattr(entry.command, "choice", None),
        said=said,
        zh=f"{entry.by} {zh}",
        en=f"{entry.by} {en}",
        body=_body(review.holders[entry.holders], entry),
    )


def _body(holders: RoleHolders, entry: Entry) -> Body:
    return Body(holders=entry.holders, day=day_of(entry.at), sizes=holders.sizes)
