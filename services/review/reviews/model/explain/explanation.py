"""Why a review waits, for whom, under which rule, since when; and who decided what, with which body of people.

An explanation follows from the review alone, so that the history replayed up to any move gives the one that was valid
then. A kind of step that has no words of its own here is explained by its duties and by who is in charge of it.
"""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from infra.kernel.dates import day_of
from services.review.reviews.model.context import CommandContext
from services.review.reviews.model.decision import waiting
from services.review.reviews.model.explain.page import Body, Deed, Explanation, Instead, Now, Passage, Reason, Wait
from services.review.reviews.model.review import Entry, Review
from services.review.reviews.model.steps import AnyStepRun
from services.review.shared.scope import Scope

WORDS: Final = json.loads(Path(__file__).with_name("words.json").read_text(encoding="utf-8"))
"""States, outcomes, roles, and commands when they are done, in Chinese and in English."""


def explain(review: Review) -> Explanation:
    """The page of this review as it is after its last command."""
    procedure, last = review.procedure, review.history[-1] if review.history else None
    now = _now(review, last) if last else None
    zh, en = WORDS["states"].get(review.state, (review.state, review.state))
    if now is not None:
        zh, en = f"{zh}。{now.zh}", f"{en}. {now.en}"
    elif review.reason:
        zh, en = f"{zh}：{review.reason}", f"{en}: {review.reason}"
    return Explanation(
        **review.label,
        committee=review.committee,
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
    waits = tuple(
        Wait(person=one, duty=zh, duty_en=en, since=since.get(one), because=reasons(context, run, one, day))
        for one, (zh, en) in sorted(waiting(context).items())
    )
    late, late_en = ("，已逾期", ", overdue") if run.overdue else ("", "")
    if run.provisional and not run.overdue:
        late, late_en = "（期限暂定）", ", its deadline being provisional"
    rules = step.rules.requirements(step, run)
    missing = [rule for rule in rules if not rule.fulfilled]
    asks, asks_en = "；".join(rule.zh for rule in missing), "; ".join(rule.en for rule in missing)
    began = day_of(run.opened_at)
    zh = f"自 {began} 起在环节“{step.title}”（第 {run.round} 次），等待 {len(waits)} 人办理{late}。{asks}"
    en = f"At the step “{step.title_en}” (time {run.round}) since {began}, waiting for {len(waits)}"
    return Now(
        **{**dict(run), **step.heading},
        since=run.opened_at,
        due=run.due_at,
        zh=zh,
        en=f"{en}{late_en}. {asks_en}".rstrip(),
        waiting=len(waits),
        waits_for=waits,
        rules=rules,
        instead=instead(context),
        body=_body(review, last),
    )


def _past(review: Review) -> Iterator[Passage]:
    deeds = _by_run(review)
    for place, run in enumerate(review.runs):
        step, own = review.procedure.step(run.step), deeds[place]
        closing = own[-1] if own and run.closed_at is not None else None
        zh, en = WORDS["outcomes"].get(run.outcome, ("办理中", "running"))
        yield Passage(
            **{**dict(run), **step.heading},
            zh=f"{step.title}（第 {run.round} 次）：{zh}",
            en=f"{step.title_en} (time {run.round}): {en}",
            rules=step.rules.requirements(step, run) if run.closed_at is not None else (),
            body=_body(review, closing) if closing else None,
            decisions=tuple(_deed(review, entry) for entry in own),
        )


def _by_run(review: Review) -> list[list[Entry]]:
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
        **{**dict(entry), "command": entry.command.kind},
        choice=getattr(entry.command, "choice", None),
        said=said,
        zh=f"{entry.by} {zh}",
        en=f"{entry.by} {en}",
        body=_body(review, entry),
    )


def _body(review: Review, entry: Entry) -> Body:
    return Body(holders=entry.holders, day=day_of(entry.at), sizes=review.holders[entry.holders].sizes)


NEAR = ("owner", "superior")
AT_COMMITTEE = {"work_department", "committee_secretary"}


def reasons(context: CommandContext, run: AnyStepRun, person: str, day: date) -> tuple[Reason, ...]:
    """Why this person must act: by a role of the step, by a rule of its kind, or by both."""
    found = (*context.step.rules.reasons(context, run, person, day), *_in_charge(context, person, day))
    if found:
        return found
    zh, en = "按该环节的规定由其办理", "by the rules of this step"
    return (Reason(rule=run.kind, day=day, zh=zh, en=en),)


def instead(context: CommandContext) -> tuple[Instead, ...]:
    """Who may act beside those in charge, and who would if none of these held their post."""
    found = []
    for role in context.step.assignees:
        people = tuple(one for one in context.able(context.step, role) if one not in context.in_charge)
        zh, en = WORDS["roles"].get(str(role), (str(role), str(role)))
        if people:
            words = (f"{zh}：前列岗位无人可办时", f"{en}: when nobody can act in the posts before it")
            found.append(Instead(role=str(role), people=people, size=len(people), zh=words[0], en=words[1]))
    if "work_department" in context.step.assignees:
        committee = context.review.committee
        zh = f"持有党委 {committee} 党务工作部门角色者"
        en = f"whoever holds the role of the work department of {committee}"
        found.append(Instead(role="party_work_department", people=(), size=0, zh=zh, en=en))
    return tuple(found)


def _in_charge(context: CommandContext, person: str, day: date) -> Iterator[Reason]:
    """The first role of the step that this person holds; one in charge without such a role was put there."""
    if person not in context.in_charge:
        return
    review = context.review
    role = next((role for role in context.step.assignees if person in context.holding(role)), None)
    if role is None:
        zh, en = "受委托或转交承办该环节", "put in charge of this step by somebody else"
        yield Reason(rule="in_charge", day=day, zh=zh, en=en)
        return
    name, name_en = WORDS["roles"].get(str(role), (str(role), str(role)))
    place = review.committee if role in AT_COMMITTEE else review.owner
    if isinstance(role, Scope):
        place = review.committee if role.at == "committee" else role.at if role.at not in NEAR else review.owner
    zh, en = f"{day} 当日 {place} 的{name}", f"{name_en} of {place} on {day}"
    yield Reason(role=str(role), organisation=place, day=day, zh=zh, en=en)
