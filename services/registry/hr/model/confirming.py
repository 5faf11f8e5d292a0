"""A confirmed proposal put into a person's record: the earlier entry ends, the new one begins, nothing is deleted."""

from datetime import date

from infra.kernel.dates import DAY
from infra.kernel.errors import Invalid
from services.registry.hr.model.proposal import Choice, Suggestion
from services.registry.party.model.person import Membership, Person


def wanted(person: Person, suggestion: Suggestion, choice: Choice) -> Person:
    """The record as it shall be. Raises ``Invalid`` where the days do not fit; again it changes nothing."""
    if suggestion.kind == "vacant_post" and choice.until is not None:
        return _vacated(person, suggestion, choice.until)
    if suggestion.outward and choice.until is not None:
        return _ended(person, choice.until)
    if choice.organisation is None or choice.since is None:
        return person
    return _transferred(person, choice.organisation, choice.since)


def _transferred(person: Person, organisation: str, since: date) -> Person:
    held = person.membership_on(since)
    if held is not None and held.organisation == organisation and held.since == since:
        return person
    last = held or max(
        (one for one in person.memberships if one.since <= since), key=lambda one: one.since, default=None
    )
    if last is None or (held is not None and held.since >= since):
        raise Invalid(
            "choice.too_early",
            zh="转入日期须晚于现有组织关系的起始日。",
            en="The transfer must begin after the membership that it ends.",
            field="/since",
        )
    others = tuple(one for one in person.memberships if one is not last)
    ended = last.model_copy(update={"until": since - DAY}) if last.covers(since) else last
    fresh = Membership(organisation=organisation, status=last.status, since=since, until=held.until if held else None)
    return person.becomes(memberships=(*others, ended, fresh))


def _ended(person: Person, until: date) -> Person:
    open_ones = [one for one in person.memberships if one.until is None or one.until > until]
    if not open_ones:
        return person
    if open_ones[0].since > until:
        raise Invalid(
            "choice.too_early",
            zh="截止日早于组织关系的起始日。",
            en="It would end before the membership begins.",
            field="/until",
        )
    ended = open_ones[0].model_copy(update={"until": until})
    return person.becomes(memberships=tuple(ended if one is open_ones[0] else one for one in person.memberships))


def _vacated(person: Person, suggestion: Suggestion, until: date) -> Person:
    def concerned(organisation: str, post: str, since: date, end: date | None) -> bool:
        same = (organisation, post) == (suggestion.organisation, suggestion.post)
        return same and since <= until and (end is None or end > until)

    posts = tuple(
        one.model_copy(update={"until": until}) if concerned(one.organisation, one.post, one.since, one.until) else one
        for one in person.posts
    )
    return person.becomes(posts=posts)
