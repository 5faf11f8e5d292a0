"""Signatures: in a countersign all signers agree, or a share of them does; in a sign-any step the first one decides.

Who signs is taken from the step on the day it opens. A signer by post signs for the post: who loses it before signing
is replaced by whoever takes it over, and while nobody does the place waits; a vacancy never carries anything.
Signatures that were given stay. Nobody signs a text that they submitted.
"""

from collections.abc import Iterator

from infra.kernel.errors import Forbidden, Invalid, Refused
from services.review.reviews.model.commands import Command
from services.review.reviews.model.context import CommandContext, Duties, Outcome, eligible, holders
from services.review.reviews.model.operations import AddSigner, RemoveSigner, Sign
from services.review.reviews.model.procedure import Step, Who
from services.review.reviews.model.review import Review
from services.review.reviews.model.step_runs import Signature, Signer, Signing
from services.review.shared.role_holders import RoleHolders, people

MOST_SIGNERS = 50
SUCCEEDED = "职务已由他人接任 the post changed hands"


def signers(turn: CommandContext, step: Step) -> tuple[Signer, ...]:
    """Who signs when the step opens now: the holders of its roles, then its experts; none of them a drafter."""
    found: dict[str, Signer] = {}
    for role in step.signers:
        for person in _able(turn.review, step, turn.seats, role):
            found.setdefault(person, Signer(person=person, at=turn.at, role=role))
    for person in step.experts:
        if eligible(turn.review, step, person):
            found.setdefault(person, Signer(person=person, at=turn.at))
    return tuple(found.values())


def seated(turn: CommandContext, visit: Signing) -> Signing:
    """The visit after posts changed hands: who lost the post and did not sign gives way to who took it over."""
    step, leaving, coming = turn.step, set[str](), list[Signer]()
    for role in step.signers:
        active = {signer.person for signer in (*visit.active, *coming)}
        fresh = [person for person in _able(turn.review, step, turn.seats, role) if person not in active]
        lost = [signer for signer in visit.silent if signer.role == role and not _holds(turn, signer)]
        for signer, person in zip(lost, fresh, strict=False):
            leaving.add(signer.person)
            coming.append(Signer(person=person, at=turn.at, role=role, by="system", reason=SUCCEEDED))
    if not coming:
        return visit
    gone = {"removed_at": turn.at, "removed_by": "system", "removed_why": SUCCEEDED}
    left = [one.becomes(**gone) if one in visit.active and one.person in leaving else one for one in visit.signers]
    return visit.becomes(signers=(*left, *coming))


def decide(turn: CommandContext, visit: Signing, move: Command) -> Outcome:
    """Sign, add a signer, or remove one; the step is decided as soon as the result is certain."""
    match move:
        case Sign():
            return _weighed(turn, _sign(turn, visit, move))
        case AddSigner():
            return Outcome(_add(turn, visit, move))
        case RemoveSigner():
            return _weighed(turn, _remove(turn, visit, move))
        case _:
            raise turn.not_here(move)


def awaited(turn: CommandContext, visit: Signing) -> tuple[str, ...]:
    """Who may sign now: the silent signers who still hold the post for which they sign."""
    return people(signer.person for signer in visit.silent if _holds(turn, signer))


def duties(turn: CommandContext, visit: Signing) -> Duties:
    """Each signer signs; for a place that nobody holds any more, whoever leads the step finds a way."""
    asking = {one.giver for one in visit.handings if one.kind == "delegate" and one.ended_at is None}
    waiting: Duties = {one: ("签署意见", "sign") for one in awaited(turn, visit) if one not in asking}
    if len(awaited(turn, visit)) < len(visit.silent):
        vacant = ("会签人离任：减签或等待继任", "a signer left the post: remove the place or wait")
        return dict.fromkeys(turn.leading, vacant) | waiting
    return waiting


def signer_for(turn: CommandContext, visit: Signing, wanted: str | None) -> str | None:
    """In whose name this person may sign: their own, else that of whoever they are the proxy of."""
    waiting = [person for person in awaited(turn, visit) if wanted in (None, person)]
    return turn.by if turn.by in waiting else turn.stands_in(waiting)


def _sign(turn: CommandContext, visit: Signing, move: Sign) -> Signing:
    name = signer_for(turn, visit, move.signer)
    if name is None:
        raise _may_not_sign(turn, visit, move.signer or turn.by)
    signature = Signature(
        signer=name,
        at=turn.at,
        choice=move.choice,
        comment=move.comment,
        proxy=None if name == turn.by else turn.by,
    )
    return visit.becomes(signatures=(*visit.signatures, signature))


def _may_not_sign(turn: CommandContext, visit: Signing, name: str) -> Refused | Forbidden:
    if name == turn.by and any(one.signer == name for one in visit.signatures):
        return Refused("sign.twice", zh="您已签署，不能重复签署。", en="You have signed already.")
    if name == turn.by and any(one.person == name for one in visit.silent):
        return Forbidden(
            "sign.post_lost",
            zh="您已不担任据以会签的职务，由继任者签署。",
            en="You no longer hold the post for which you were to sign; whoever takes it over signs.",
        )
    return Forbidden("sign.not_signer", zh="您不是本环节的签署人。", en="You are not among the signers of this step.")


def _add(turn: CommandContext, visit: Signing, move: AddSigner) -> Signing:
    if turn.by not in {signer.person for signer in visit.active}:
        turn.require_charge()
    if any(signer.person == move.person for signer in visit.active):
        raise Refused("signer.already", zh="此人已在签署人之中。", en="They are a signer already.", field="/person")
    if not eligible(turn.review, turn.step, move.person):
        raise Refused(
            "signer.drafter",
            zh="起草人不得签署自己的稿件。",
            en="A drafter may not sign their own text.",
            field="/person",
        )
    if len(visit.signers) >= MOST_SIGNERS:
        raise Refused(
            "signer.too_many",
            zh=f"一次签署最多 {MOST_SIGNERS} 人（含已减签者）。",
            en=f"At most {MOST_SIGNERS} signers, the removed ones included.",
        )
    added = Signer(person=move.person, at=turn.at, by=turn.by, reason=move.reason)
    return visit.becomes(signers=(*visit.signers, added))


def _remove(turn: CommandContext, visit: Signing, move: RemoveSigner) -> Signing:
    found = next((signer for signer in visit.active if signer.person == move.person), None)
    if found is None:
        raise Invalid("signer.unknown", zh="此人不在签署人之中。", en="They are no signer.", field="/person")
    if found.by != turn.by:
        turn.require_charge()
    if found not in visit.silent:
        raise Refused(
            "signer.signed", zh="此人已签署，不能减签。", en="They have signed: not to be removed.", field="/person"
        )
    if len(visit.active) == 1:
        raise Refused("signer.last", zh="至少须有一位签署人。", en="One signer at least must stay.", field="/person")
    gone = found.becomes(removed_at=turn.at, removed_by=turn.by, removed_why=move.reason)
    return visit.becomes(signers=tuple(gone if one is found else one for one in visit.signers))


def _weighed(turn: CommandContext, visit: Signing) -> Outcome:
    """Pass or be lost as soon as nothing that is still to come could change it."""
    agreed = sum(one.choice == "agree" for one in visit.signatures)
    against, silent, all_of_them = len(visit.signatures) - agreed, len(visit.silent), len(visit.active)
    majority = turn.step.majority
    needed = all_of_them if majority is None else majority.needed(visit.figures)
    if visit.kind == "sign_any":
        needed, silent = 1, 0 if visit.signatures else silent
    if agreed >= needed:
        return Outcome(visit, "pass")
    if agreed + silent >= needed:
        return Outcome(visit)
    said = "；".join(f"{one.signer}：{one.comment or '不同意'}" for one in visit.signatures if one.choice == "disagree")
    reason = (
        f"签署未通过：{all_of_them} 人中须 {needed} 人同意，{against} 人不同意（{said[:1000]}）。"
        f" {against} of {all_of_them} disagreed, {needed} had to agree."
    )
    return Outcome(visit, "back", to=turn.step.on_not_carried, lost=True, reason=reason)


def _holds(turn: CommandContext, signer: Signer) -> bool:
    """Whether a signer may still sign: asked in person, or holding one of the step's posts."""
    return signer.role is None or signer.person in set(_holding(turn))


def _holding(turn: CommandContext) -> Iterator[str]:
    for role in turn.step.signers:
        yield from _able(turn.review, turn.step, turn.seats, role)


def _able(review: Review, step: Step, seats: RoleHolders, role: Who) -> list[str]:
    return [person for person in holders(role, review, seats) if eligible(review, step, person)]
