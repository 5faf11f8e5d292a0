"""Why it is this person whom a review waits for, and who could act instead."""

from collections.abc import Iterator
from datetime import date

from services.review.reviews.model.context import CommandContext, eligible, people_of
from services.review.reviews.model.explain.page import Instead, Reason
from services.review.reviews.model.steps import AnyStepRun
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
        held = people_of(role, context.review, context.holders)
        people = tuple(
            one for one in held if one not in context.in_charge and eligible(context.review, context.step, one)
        )
        zh, en = ROLES.get(str(role), (str(role), str(role)))
        if people:
            words = (f"{zh}：前列岗位无人可办时", f"{en}: when nobody can act in the posts before it")
            found.append(Instead(role=str(role), people=people, size=len(people), zh=words[0], en=words[1]))
    if "work_department" in context.step.assignees:
        committee = context.review.committee
        zh, en = (
            f"持有党委 {committee} 党务工作部门角色者",
            f"whoever holds the role of the work department of {committee}",
        )
        found.append(Instead(role="party_work_department", people=(), size=0, zh=zh, en=en))
    return tuple(found)


def _in_charge(context: CommandContext, person: str, day: date) -> Iterator[Reason]:
    """The first role of the step that this person holds; one in charge without such a role was put there."""
    if person not in context.in_charge:
        return
    review = context.review
    role = next((role for role in context.step.assignees if person in people_of(role, review, context.holders)), None)
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
