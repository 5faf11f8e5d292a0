"""Why it is this person whom a review waits for, and who could act instead."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from services.review.reviews.model.context import CommandContext, eligible, holders
from services.review.reviews.model.page import Instead, Reason
from services.review.reviews.model.panels import Judging, Polling
from services.review.reviews.model.publicity import awaited_approvers
from services.review.reviews.model.step_runs import AnyStepRun, CoRevising, Discussing, Noticing, Resolving
from services.review.shared.role_holders import day_of
from services.review.shared.scope import Scope

ROLES = {
    "drafter": ("起草人", "drafter"),
    "secretary": ("支部书记", "secretary"),
    "deputy": ("副书记", "deputy secretary"),
    "superior_secretary": ("上级党组织书记", "secretary of the organisation above"),
    "work_department": ("党务工作部门承办人", "officer of the Party work department"),
    "committee_secretary": ("党委书记", "secretary of the Party committee"),
}
"""What a role is called; another one is called by its own name."""
NEAR = ("owner", "superior")
AT_COMMITTEE = {"work_department", "committee_secretary"}


def reasons(turn: CommandContext, visit: AnyStepRun, person: str, day: date) -> tuple[Reason, ...]:
    """Why this person must act: by a role of the step, by a rule of its kind, or by both."""
    own = REASONS.get(type(visit))
    found = (*(own(turn, visit, person, day) if own else ()), *_in_charge(turn, person, day))
    if found:
        return found
    zh, en = "按该环节的规定由其办理", "by the rules of this step"
    return (Reason(rule=visit.kind, day=day, zh=zh, en=en),)


def instead(turn: CommandContext) -> tuple[Instead, ...]:
    """Who may act beside those in charge, and who would if none of these held their post."""
    found = []
    for role in turn.step.assignees:
        held = holders(role, turn.review, turn.seats)
        people = tuple(one for one in held if one not in turn.in_charge and eligible(turn.review, turn.step, one))
        zh, en = ROLES.get(str(role), (str(role), str(role)))
        if people:
            words = (f"{zh}：前列岗位无人可办时", f"{en}: when nobody can act in the posts before it")
            found.append(Instead(role=str(role), people=people, size=len(people), zh=words[0], en=words[1]))
    if "work_department" in turn.step.assignees:
        committee = turn.review.committee
        zh, en = (
            f"持有党委 {committee} 党务工作部门角色者",
            f"whoever holds the role of the work department of {committee}",
        )
        found.append(Instead(role="party_work_department", people=(), size=0, zh=zh, en=en))
    return tuple(found)


def _in_charge(turn: CommandContext, person: str, day: date) -> Iterator[Reason]:
    """The first role of the step that this person holds; one in charge without such a role was put there."""
    if person not in turn.in_charge:
        return
    review = turn.review
    role = next((role for role in turn.step.assignees if person in holders(role, review, turn.seats)), None)
    if role is None:
        zh, en = "受委托或转交承办该环节", "put in charge of this step by somebody else"
        yield Reason(rule="in_charge", day=day, zh=zh, en=en)
        return
    name, name_en = ROLES.get(str(role), (str(role), str(role)))
    place = review.committee if role in AT_COMMITTEE else review.owner
    if isinstance(role, Scope):
        place = review.committee if role.at == "committee" else role.at if role.at not in NEAR else review.owner
    yield Reason(
        role=str(role),
        organisation=place,
        day=day,
        zh=f"{day} 当日 {place} 的{name}",
        en=f"{name_en} of {place} on {day}",
    )


def _voter(_: CommandContext, visit: Discussing, person: str, __: date) -> Iterator[Reason]:
    if person in visit.voters and person not in {vote.by for vote in visit.votes}:
        day = day_of(visit.opened_at)
        zh, en = f"{day} 名册上有表决权且尚未表决", f"a voter on the roster of {day} who has not voted"
        yield Reason(rule="voter", day=day, zh=zh, en=en)


def _answerer(turn: CommandContext, visit: CoRevising, person: str, day: date) -> Iterator[Reason]:
    if visit.open and person in turn.seats.secretaries:
        owner = turn.review.owner
        zh, en = f"{day} 当日 {owner} 的支部书记，可答复建议", f"secretary of {owner} on {day}: may answer suggestions"
        yield Reason(role="secretary", organisation=owner, day=day, zh=zh, en=en)
    elif visit.open and person == turn.review.drafter:
        yield Reason(role="drafter", day=day, zh="起草人，可答复建议", en="the drafter: may answer suggestions")


def _attendant(_: CommandContext, visit: Resolving, person: str, __: date) -> Iterator[Reason]:
    meeting = visit.open
    if meeting is not None and person in meeting.silent:
        zh = f"{meeting.held_on} 会议“{meeting.number}”到会委员，尚未表决"
        en = f"present at the meeting “{meeting.number}” of {meeting.held_on}, has not voted"
        yield Reason(rule="present", day=meeting.held_on, zh=zh, en=en)


def _judge(_: CommandContext, visit: Judging, person: str, day: date) -> Iterator[Reason]:
    if person in visit.judges:
        opened = day_of(visit.opened_at)
        yield Reason(rule="judge", day=day, zh=f"{opened} 组成的评审组评委", en=f"a judge of the panel of {opened}")


def _poll_voter(_: CommandContext, visit: Polling, person: str, __: date) -> Iterator[Reason]:
    if person in visit.silent:
        day = day_of(visit.opened_at)
        yield Reason(
            rule="voter", day=day, zh=f"{day} 可投票且尚未投票", en=f"may vote by the roster of {day}, and has not"
        )


def _approver(turn: CommandContext, visit: Noticing, person: str, day: date) -> Iterator[Reason]:
    if person in awaited_approvers(turn, visit):
        zh, en = (
            "按该环节的规定审批公示，且未参与审核",
            "approves the notice by a role of this step",
        )
        yield Reason(rule="approver", day=day, zh=zh, en=en)


REASONS: Final[Mapping[type, Callable[[CommandContext, Any, str, date], Iterator[Reason]]]] = {
    Discussing: _voter,
    CoRevising: _answerer,
    Resolving: _attendant,
    Judging: _judge,
    Polling: _poll_voter,
    Noticing: _approver,
}
"""By type of visit, the reasons beside being in charge; a new kind of step adds its line here."""
