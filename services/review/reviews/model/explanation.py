"""Why a review waits, for whom, under which rule, since when; and who decided what, with which body of people.

An explanation follows from the review alone, so that the history replayed up to any move gives the one that was valid
then. A kind of step that has no words of its own here is explained by its duties and by who is in charge of it.
"""

from collections.abc import Iterator

from services.review.reviews.model.context import CommandContext
from services.review.reviews.model.grounds import instead, reasons
from services.review.reviews.model.page import Body, Deed, Explanation, Now, Passage, Wait
from services.review.reviews.model.requirements import requirements
from services.review.reviews.model.review import Entry, Review
from services.review.reviews.model.step_runs import AnyStepRun
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
DEEDS = {
    "submit": ("提交文稿", "handed the text in"),
    "agree": ("审核同意", "agreed"),
    "send_back": ("退回", "sent it back"),
    "reject": ("驳回", "rejected it"),
    "recall": ("撤回", "took it back"),
    "opine": ("提出意见", "gave an opinion"),
    "rule": ("决定是否采纳意见", "ruled on an opinion"),
    "vote": ("表决", "voted"),
    "close_discussion": ("结束讨论并计票", "closed the discussion and counted"),
    "suggest": ("提出修改建议", "suggested a change"),
    "answer": ("答复修改建议", "answered a suggestion"),
    "close_co_revision": ("结束协同优化", "closed the co-revision"),
    "convene": ("登记会议", "recorded a meeting"),
    "ballot": ("会议表决", "voted in the meeting"),
    "resolve": ("形成决议", "recorded the resolution"),
    "score": ("提交打分表", "handed a sheet in"),
    "stand_back": ("声明回避", "stood back"),
    "recuse": ("决定评委回避", "recused a judge"),
    "reveal": ("揭示评分", "revealed the scores"),
    "justify": ("说明评分偏离理由", "said why their total is far from the others"),
    "set_aside": ("不计入一份打分表", "set a sheet aside"),
    "close_scoring": ("确认评分结果", "closed the scoring"),
    "close_poll": ("结束投票并计票", "closed the vote and counted"),
    "overdue": ("期限已过", "the deadline passed"),
    "recalendar": ("工作日历更新，期限随之调整", "a newer calendar came and the dates followed"),
    "examine_notice": ("审核公示", "reviewed the notice"),
    "approve_notice": ("审批公示", "approved the notice"),
    "publish_notice": ("发布公示", "put the notice up"),
    "raise_objection": ("登记异议", "took down an objection"),
    "decide_objection": ("对异议作出决定", "decided on an objection"),
    "reseat": ("任职变动，待办随之调整", "posts changed hands and the to-dos followed"),
}
"""What a move is called; another kind is called by its own name."""
STAYS = {
    *("opine", "rule", "vote", "suggest", "answer", "convene", "ballot", "reseat", "recalendar"),
    *("score", "stand_back", "recuse", "reveal", "justify", "set_aside", "poll_vote"),
    *("examine_notice", "approve_notice", "publish_notice", "raise_objection"),
}
"""Moves that never end a visit."""
OUTCOMES = {
    "passed": ("通过", "passed"),
    "returned": ("退回", "sent back"),
    "not_carried": ("表决未通过", "not carried"),
    "rejected": ("驳回", "rejected"),
    "recalled": ("撤回", "taken back"),
}


def explain(review: Review) -> Explanation:
    """The page of this review as it is after its last move."""
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
    visit, step = review.live, review.step
    if visit is None or step is None:
        return None
    turn = CommandContext(review, last.by, last.at, review.seats[last.seats])
    day, since = day_of(last.at), {task.person: task.since for task in review.tasks if task.state == "open"}
    duties = waiting(turn)
    waits = tuple(
        Wait(
            person=person,
            duty=duty,
            duty_en=duty_en,
            since=since.get(person),
            because=reasons(turn, visit, person, day),
        )
        for person, (duty, duty_en) in sorted(duties.items())
    )
    late, late_en = ("，已逾期", ", overdue") if visit.overdue else ("", "")
    if visit.provisional and not visit.overdue:
        late, late_en = "（期限暂定）", ", its deadline being provisional"
    missing = [rule for rule in requirements(step, visit) if not rule.fulfilled]
    asks = "；".join(rule.zh for rule in missing)
    asks_en = "; ".join(rule.en for rule in missing)
    began = day_of(visit.opened_at)
    zh = f"自 {began} 起在环节“{step.title}”（第 {visit.round} 次），等待 {len(waits)} 人办理{late}。{asks}"
    en = f"At the step “{step.title_en}” (time {visit.round}) since {began}, waiting for {len(waits)}"
    return Now(
        step=step.key,
        title=step.title,
        title_en=step.title_en,
        kind=step.kind,
        round=visit.round,
        since=visit.opened_at,
        due=visit.due_at,
        overdue=visit.overdue,
        provisional=visit.provisional,
        zh=zh,
        en=f"{en}{late_en}. {asks_en}".rstrip(),
        waiting=len(waits),
        waits_for=waits,
        rules=requirements(step, visit),
        instead=instead(turn),
        body=_body(review.seats[last.seats], last),
    )


def _past(review: Review) -> Iterator[Passage]:
    deeds = _by_visit(review)
    for place, visit in enumerate(review.visits):
        step, own = review.procedure.step(visit.step), deeds[place]
        closing = own[-1] if own and visit.closed_at is not None else None
        zh, en = OUTCOMES.get(visit.outcome or "", ("办理中", "running"))
        yield Passage(
            step=step.key,
            title=step.title,
            title_en=step.title_en,
            kind=step.kind,
            round=visit.round,
            opened_at=visit.opened_at,
            closed_at=visit.closed_at,
            closed_by=visit.closed_by,
            outcome=visit.outcome,
            reason=visit.reason,
            zh=f"{step.title}（第 {visit.round} 次）：{zh}",
            en=f"{step.title_en} (time {visit.round}): {en}",
            rules=requirements(step, visit) if visit.closed_at is not None else (),
            body=_body(review.seats[closing.seats], closing) if closing else None,
            decisions=tuple(_deed(review, entry) for entry in own),
        )


def _by_visit(review: Review) -> list[list[Entry]]:
    """The moves that were made at each visit; the last of a closed visit is the one that closed it."""
    found: list[list[Entry]] = [[] for _ in review.visits]
    place = 0
    for entry in review.history:
        found[min(place, len(found) - 1)].append(entry)
        if place < len(found) and _closes(entry, review.visits[place]):
            place += 1
    return found


def _closes(entry: Entry, visit: AnyStepRun) -> bool:
    return entry.move.kind not in STAYS and (entry.at, entry.by) == (visit.closed_at, visit.closed_by)


def _deed(review: Review, entry: Entry) -> Deed:
    zh, en = DEEDS.get(entry.move.kind, (entry.move.kind, f"“{entry.move.kind}”"))
    said = getattr(entry.move, "reason", None) or getattr(entry.move, "comment", None)
    return Deed(
        n=entry.n,
        at=entry.at,
        by=entry.by,
        move=entry.move.kind,
        made=entry.made,
        choice=getattr(entry.move, "choice", None),
        said=said,
        zh=f"{entry.by} {zh}",
        en=f"{entry.by} {en}",
        body=_body(review.seats[entry.seats], entry),
    )


def _body(seats: RoleHolders, entry: Entry) -> Body:
    return Body(seats=entry.seats, day=day_of(entry.at), sizes=seats.sizes)
