"""The step of a public notice: reviewed and approved by different people, put up, and objections decided.

The notice itself, its period and its objections are the package ``notice``; here are the people and the way on. The
text under review is what is proposed, by its drafter. The step passes by itself when the period is over and nothing is
left to decide, and is lost as soon as an objection is upheld. Who raised an objection, and what they were told, is for
the work department's eyes: a branch must not look for them. Others read ``**``, whether a name was given or not.
"""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any, ClassVar, Literal

from pydantic import Field

from infra.kernel.dates import day_of
from infra.kernel.errors import Forbidden, Refused
from infra.kernel.working_days import Calendar
from services.review.events.value_objects import Resolution
from services.review.reviews.model.commands import Command, Overdue, Route
from services.review.reviews.model.context import CommandContext, Duties, Outcome, Rehearsal, Step, StepRun
from services.review.reviews.model.explain.page import UNRECORDED, Reason, Requirement
from services.review.reviews.model.steps.kind import Kind, Rule, Viewer, listed, none_left
from services.review.reviews.model.steps.resolution.meeting import Resolving
from services.review.shared.actor import Actor, example
from services.review.shared.public_notice import objections, stages
from services.review.shared.public_notice.notice import (
    QUESTIONS,
    USUAL_DAYS,
    Approval,
    Approved,
    Complaint,
    Examination,
    Examined,
    Finding,
    Notice,
    Objection,
    Publication,
    Published,
    Question,
)
from services.review.shared.public_notice.objections import standing
from services.review.shared.role_holders import people
from services.review.shared.text_types import Words

NAMES: dict[Question, tuple[str, str]] = {
    "secrecy": ("保密审查", "secrecy"),
    "necessity": ("必要性", "necessity"),
    "accuracy": ("准确性", "accuracy"),
}
MASKED = "**"
"""What others read where an objector's name, and what they were told, stand."""


class Noticing(StepRun):
    """It is shown publicly and people may object; ``ended``: the end of the period was decided on."""

    kind: Literal["public_notice"] = "public_notice"
    notice: Notice
    ended: bool = False


class ExamineNotice(Examination, Command, duty=True, leading=True, stays=True):
    """One question of the notice's review is answered: whether it may be published as far as this goes."""

    route: ClassVar = Route(
        "/notice/review",
        "公示审核：保密、必要性、准确性 Answer a question of the notice's review",
        {"question": "secrecy", "passed": True, "comment": "不含涉密内容"},
    )
    model_config = example()

    kind: Literal["examine_notice"] = "examine_notice"
    done: ClassVar = ("审核公示", "reviewed the notice")


class ApproveNotice(Approval, Command, duty=True, stays=True):
    """Somebody who did not review the notice approves its publication."""

    route: ClassVar = Route(
        "/notice/approval",
        "公示审批（非审核人） Approve the publication, by who did not review it",
        {"comment": "同意公示"},
    )
    model_config = example()

    kind: Literal["approve_notice"] = "approve_notice"
    done: ClassVar = ("审批公示", "approved the notice")


class PublishNotice(Publication, Command, duty=True, leading=True, stays=True):
    """It was put up; the period begins the day after. ``published_on`` None = today."""

    route: ClassVar = Route(
        "/notice/publication",
        "发布公示，次日起计公示期 It was put up; the period begins the next day",
        {"where": "公司公告栏、内网党建专栏"},
    )
    model_config = example()

    kind: Literal["publish_notice"] = "publish_notice"
    done: ClassVar = ("发布公示", "put the notice up")


class RaiseObjection(Complaint, Command, leading=True, stays=True):
    """An objection was received; ``raised_by`` None = anonymous, ``received_on`` None = today."""

    kind: Literal["raise_objection"] = "raise_objection"
    done: ClassVar = ("登记异议", "took down an objection")
    route: ClassVar = Route(
        "/notice/objections",
        "登记异议（实名或匿名） Take down an objection",
        {"text": "获奖年份有误", "raised_by": "张某，13800000000"},
        status=201,
    )
    makes: ClassVar = "objection"
    for_officers: ClassVar = "raised_by"


class DecideObjection(Command, duty=True, leading=True):
    """An objection is upheld or not; ``reply`` is what whoever raised it was told."""

    kind: Literal["decide_objection"] = "decide_objection"
    done: ClassVar = ("对异议作出决定", "decided on an objection")
    route: ClassVar = Route(
        "/notice/objections/{n}/decision",
        "核实并答复异议 Uphold an objection or not, and answer it",
        {"upheld": False, "reason": "经核对年份无误", "reply": "已核对，年份无误"},
        number="objection",
    )
    for_officers: ClassVar = "reply"
    objection: int
    upheld: bool = Field(description="异议是否成立 / Whether it is upheld")
    reason: Words = Field(description="理由 / Why")
    reply: Words | None = Field(default=None, description="对提出人的答复；实名必填 / The answer; needed if named")


def approvers(context: CommandContext, run: Noticing, reviewing: Collection[str] = ()) -> tuple[str, ...]:
    """Who may approve by post if these review as well: holders of the first of the step's roles in which any may."""
    barred = run.notice.proposed.people | run.notice.reviewers | set(reviewing)
    return people(context.first_able(context.step.approvers, barred))


def require_approver(context: CommandContext, run: Noticing) -> None:
    """Raise ``Forbidden`` for who neither is an approver nor stands in for one; who reviewed is told so."""
    stages.require_may_approve(run.notice, frozenset({context.by}))
    if not _approves(context, run) and context.behalf not in approvers(context, run):
        raise Forbidden(
            "notice.not_approver", zh="您今天不是该公示的审批人。", en="You may not approve this notice today."
        )


def _somebody_left(context: CommandContext, run: Noticing, reviewing: Collection[str]) -> bool:
    """Whether there is still somebody to approve when these have reviewed."""
    return bool(approvers(context, run, reviewing)) or not approvers(context, run)


def _require_somebody_left(context: CommandContext, run: Noticing, reviewing: Collection[str]) -> None:
    if not _somebody_left(context, run, reviewing):
        raise Refused(
            "notice.nobody_left",
            zh="您是唯一的审批人：审核后将无人可以审批，请由他人审核。",
            en="Nobody could approve if you reviewed: you are the only approver.",
        )


def _approves(context: CommandContext, run: Noticing) -> bool:
    return context.by in approvers(context, run) or context.by_role(context.step.approvers)


def _deed(context: CommandContext, command: Command) -> dict[str, Any]:
    """Who did what the command says."""
    actor = Actor(by=context.by, at=context.at, behalf=context.behalf)
    return {**dict(actor), **command.model_dump(exclude={"kind", "objection", "published_on"})}


def _examine(context: CommandContext, run: Noticing, command: ExamineNotice) -> Outcome:
    context.require_charge()
    answer = Examined(**_deed(context, command))
    _require_somebody_left(context, run, answer.people)
    return Outcome(run.becomes(notice=stages.examine(run.notice, answer)))


def _approve(context: CommandContext, run: Noticing, command: ApproveNotice) -> Outcome:
    require_approver(context, run)
    return Outcome(run.becomes(notice=stages.approve(run.notice, Approved(**_deed(context, command)))))


def _publish(context: CommandContext, run: Noticing, command: PublishNotice) -> Outcome:
    context.require_charge()
    published = Published(**_deed(context, command), on=command.published_on or day_of(context.at))
    return Outcome(run.becomes(notice=stages.publish(run.notice, published, context.review.calendar)))


def _receive(context: CommandContext, run: Noticing, command: RaiseObjection) -> Outcome:
    context.require_charge()
    actor = Actor(by=context.by, at=context.at, behalf=context.behalf)
    after = objections.receive(run.notice, command.text, command.raised_by, command.received_on, actor)
    return Outcome(run.becomes(notice=after), made=len(after.objections))


def _decide(context: CommandContext, run: Noticing, command: DecideObjection) -> Outcome:
    context.require_charge()
    finding = Finding(**_deed(context, command))
    return _settled(context, run, objections.decide(run.notice, command.objection, finding))


def _settled(context: CommandContext, run: Noticing, notice: Notice) -> Outcome:
    """Go on, go back or stay, as the notice now stands."""
    after = run.becomes(notice=notice)
    match standing(notice, context.at):
        case "lost":
            said = "；".join(f"第 {one.n} 条：{one.finding.reason}" for one in notice.upheld if one.finding)
            numbers = ", ".join(str(one.n) for one in notice.upheld)
            reason = f"公示异议成立（{said[:1000]}）。 Objections upheld: {numbers}."
            return context.lost(after, reason)
        case "clear":
            return Outcome(after.becomes(ended=True), "pass", resolution=_resolution(context))
        case _:
            return Outcome(after)


def _resolution(context: CommandContext) -> Resolution | None:
    """What the committee resolved before: a notice after it, as the last step, ends the review with it."""
    made = (
        run.meetings[-1].resolution
        for run in reversed(context.review.runs)
        if isinstance(run, Resolving) and run.outcome == "passed"
    )
    return next(made, None)


def _all(run: Noticing) -> Iterator[Requirement]:
    notice = run.notice
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
        yield _reached("notice_period", 1, int(run.ended), (zh, en))
    numbers = tuple(one.n for one in notice.open)
    yield none_left(
        "objections_open", len(numbers), numbers, listed("未作出决定的异议", "objections not decided", numbers)
    )


def _reached(rule: str, needed: int, count: int, words: tuple[str, str]) -> Requirement:
    return Requirement(rule=rule, needed=needed, count=count, fulfilled=count >= needed, zh=words[0], en=words[1])


def _unnamed(one: Objection) -> Objection:
    finding = one.finding.becomes(reply=MASKED) if one.finding else None
    return one.becomes(raised_by=MASKED, finding=finding)


class PublicNotice(Kind[Noticing]):
    """It is shown publicly and people may object."""

    labels: ClassVar = {"public_notice": "公示"}
    run: ClassVar = Noticing
    commands: ClassVar = {
        ExamineNotice: _examine,
        ApproveNotice: _approve,
        PublishNotice: _publish,
        RaiseObjection: _receive,
        DecideObjection: _decide,
    }
    tag: ClassVar = "公示 public notice"
    counts_working_days: ClassVar = True

    def begin(self, context: CommandContext, step: Step, common: dict[str, Any]) -> Noticing:
        """With the drafter's text proposed."""
        drafter = Actor(by=context.review.drafter, at=context.at)
        return Noticing(**common, notice=stages.propose(drafter, step.notice_days or USUAL_DAYS))

    def duties(self, context: CommandContext, run: Noticing) -> Duties:
        """Who is in charge reviews, publishes and decides, an approver approves; while people may object none acts."""
        notice = run.notice
        match notice.state:
            case "proposed":
                reviewers = [person for person in context.leading if _somebody_left(context, run, {person})]
                return dict.fromkeys(reviewers, ("公示审核（保密、必要性、准确性）", "review the notice"))
            case "reviewed":
                return dict.fromkeys(approvers(context, run), ("公示审批", "approve the notice"))
            case "approved":
                return dict.fromkeys(context.leading, ("发布公示并登记", "put the notice up and record it"))
            case "implemented" if notice.open:
                return dict.fromkeys(context.leading, ("核实并答复异议", "decide and answer the objections"))
            case "implemented":
                return {}

    def awaited(self, context: CommandContext, run: Noticing) -> tuple[str, ...]:
        """The approvers, when it is theirs to act."""
        return approvers(context, run) if run.notice.state == "reviewed" else ()

    def may_stand_in(self, context: CommandContext, run: Noticing, person: str, proxy: str | None) -> bool:
        """Who reviewed a notice approves it for nobody."""
        return person not in self.awaited(context, run) or proxy not in run.notice.reviewers

    def acts_for(self, context: CommandContext, run: Noticing, command: Command) -> str | None:
        """An approval is an approver's, or that of whoever stands in for one."""
        if not isinstance(command, ApproveNotice):
            return super().acts_for(context, run, command)
        return None if _approves(context, run) else context.stands_in(approvers(context, run))

    def moment(self, run: Noticing) -> datetime | None:
        """The end of the period, until it was decided on."""
        return None if run.ended else run.notice.ends_at

    def come(self, context: CommandContext, run: Noticing) -> Outcome | None:
        """The last day is over: pass, or wait for the decision on what people said."""
        ends = self.moment(run)
        over = ends is not None and ends <= context.at
        return _settled(context, run.becomes(ended=True), run.notice) if over else None

    def recounted(self, run: Noticing, calendar: Calendar, at: datetime) -> Noticing:
        """The period by a newer calendar."""
        return run.becomes(notice=stages.recounted(run.notice, calendar, at))

    def rules(self, step: Step, *, mine: bool) -> Iterator[Rule]:
        """Its days, and who approves it."""
        roles, days = step.approvers, step.working_days
        yield (
            "notice_days",
            mine or step.notice_days is None,
            "只有公示环节写明公示天数。",
            "only a public notice has days of notice.",
        )
        yield (
            "approvers",
            bool(roles) == mine,
            "公示环节须写明审批角色，其他环节不写。",
            "a public notice names the roles that approve it, no other step does.",
        )
        yield (
            "approvers",
            "drafter" not in roles and len(set(roles)) == len(roles),
            "起草人不得审批自己的公示，角色不得重复。",
            "a drafter may not approve the notice of their own text; each role once.",
        )
        late = days is None or days > (step.notice_days or USUAL_DAYS)
        yield (
            "working_days",
            not mine or late,
            "公示环节的期限须长于公示期。",
            "a public notice cannot be due before its period is over.",
        )

    def terms(self, step: Step) -> Iterator[str]:
        """Its days, and who approves it."""
        yield f"公示 {step.notice_days or USUAL_DAYS} 个工作日"
        yield f"审批 {', '.join(map(str, step.approvers))}"

    def rehearse(self, rehearsal: Rehearsal, run: Noticing, *, agreeing: bool) -> Iterator[tuple[str, Command]]:
        """It is reviewed, approved and put up; nobody objects, or somebody does and is right."""
        yield from ((rehearsal.lead, ExamineNotice(question=one, passed=True)) for one in run.notice.unanswered)
        yield rehearsal.one_of(self.awaited(rehearsal.context, rehearsal.live)), ApproveNotice()
        yield rehearsal.lead, PublishNotice(where="trial")
        if not agreeing:
            yield rehearsal.lead, RaiseObjection(text="trial")
            yield rehearsal.lead, DecideObjection(objection=1, upheld=True, reason="trial")
        yield rehearsal.at_due(), Overdue()

    def passes_with(self, context: CommandContext, run: Noticing) -> str | None:
        """The days without an objection."""
        return f"{run.notice.days} 个工作日无成立异议 / {run.notice.days} working days, no objection upheld"

    def requirements(self, step: Step, run: Noticing) -> tuple[Requirement, ...]:
        """Three answers, an approval, the publication, the whole period, and a decision on everything that was said."""
        return tuple(_all(run))

    def reasons(self, context: CommandContext, run: Noticing, person: str, day: date) -> Iterator[Reason]:
        """An approver approves."""
        if person in self.awaited(context, run):
            zh, en = "按该环节的规定审批公示，且未参与审核", "approves the notice by a role of this step"
            yield Reason(rule="approver", day=day, zh=zh, en=en)

    def figures(self, step: Step, run: Noticing) -> Iterator[str]:
        """The period and the objections."""
        shown, found = run.notice.published, run.notice.objections
        until = run.notice.last_day or UNRECORDED
        yield f"公示期 {shown.on if shown else UNRECORDED} 至 {until}，异议 {len(found)} 条"

    def shown_to(self, viewer: Viewer, step: Step, run: Noticing) -> Noticing:
        """Without those who objected, for whom they are not."""
        if viewer.objectors:
            return run
        hidden = tuple(map(_unnamed, run.notice.objections))
        return run.becomes(notice=run.notice.becomes(objections=hidden))
