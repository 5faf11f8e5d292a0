"""Signatures: in a countersign all signers agree, or a share of them does; in a sign-any step the first one decides.

Who signs is taken from the step on the day it opens. A signer by post signs for the post: who loses it before signing
is replaced by whoever takes it over, and while nobody does the place waits; a vacancy never carries anything.
Signatures that were given stay. Nobody signs a text that they submitted.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, ClassVar, Literal

from pydantic import Field

from infra.kernel.errors import Forbidden, Invalid, NotYet, Refused
from services.review.events.value_objects import Stored
from services.review.reviews.model.commands import Command, Route
from services.review.reviews.model.context import (
    CommandContext,
    Duties,
    Outcome,
    Rehearsal,
    Statement,
    Step,
    StepRun,
    eligible,
)
from services.review.reviews.model.procedure.bodies import Base, Who
from services.review.reviews.model.steps.kind import Kind, Rule
from services.review.shared.role_holders import people
from services.review.shared.text_types import Number, Words

MOST_SIGNERS = 50
SUCCEEDED = "职务已由他人接任 the post changed hands"


class Signer(Stored):
    """Somebody who is to sign; ``role`` = by which role of the step, ``by`` = who added them, None = the step itself.

    Whoever was removed stays visible as removed.
    """

    person: str
    at: datetime
    role: Who | None = None
    by: str | None = None
    reason: str | None = None
    removed_at: datetime | None = None
    removed_by: str | None = None
    removed_why: str | None = None


class Signature(Stored):
    """One signature, in the name of a signer; ``proxy`` = who gave it for them."""

    signer: str
    at: datetime
    choice: Literal["agree", "disagree"]
    comment: str | None = None
    proxy: str | None = None


class Signing(StepRun):
    """Signers agree or disagree: all of them or a share (countersign), or whoever is first (sign any)."""

    kind: Literal["countersign", "sign_any"]
    signers: tuple[Signer, ...]
    signatures: tuple[Signature, ...] = ()

    @property
    def active(self) -> tuple[Signer, ...]:
        """Those who are to sign, or did."""
        return tuple(signer for signer in self.signers if signer.removed_at is None)

    @property
    def silent(self) -> tuple[Signer, ...]:
        """Those who have not signed."""
        signed = {signature.signer for signature in self.signatures}
        return tuple(signer for signer in self.active if signer.person not in signed)

    @property
    def figures(self) -> dict[Base, int]:
        """The body that a majority may be a part of."""
        return {"signers": len(self.active), "present": len(self.signatures)}


class Sign(Command, duty=True):
    """A signer agrees or disagrees, once. ``signer``: in whose name, when a proxy has several to sign for."""

    kind: Literal["sign"] = "sign"
    route: ClassVar = Route(
        "/signatures", "签署：同意或不同意 Sign: agree or disagree", {"choice": "agree", "comment": "同意申报"}
    )
    choice: Literal["agree", "disagree"] = Field(description="同意、不同意 / Agree or disagree")
    comment: Words | None = Field(default=None, description="意见，可省略 / A comment, optional")
    signer: Number | None = Field(default=None, description="代理签署时：代谁签 / For a proxy: in whose name")


class AddSigner(Command, leading=True):
    """Another person is to sign as well."""

    kind: Literal["add_signer"] = "add_signer"
    route: ClassVar = Route("/signers", "加签 Add a signer", {"person": "E1024", "reason": "涉及安全"}, status=201)
    names: ClassVar = "person"
    person: Number = Field(description="工号 / Their number")
    reason: Words = Field(description="理由 / Why")


class RemoveSigner(Command, leading=True):
    """A signer who has not signed need not sign any more."""

    kind: Literal["remove_signer"] = "remove_signer"
    route: ClassVar = Route(
        "/signers/{person}/removal", "减签（未签署者） Remove a signer who has not signed", {"reason": "已调离"}
    )
    person: Number
    reason: Words = Field(description="理由 / Why")


def signers(context: CommandContext, step: Step) -> tuple[Signer, ...]:
    """Who signs when the step opens now: the holders of its roles, then its experts; none of them a drafter."""
    found: dict[str, Signer] = {}
    for role in step.signers:
        for person in context.able(step, role):
            found.setdefault(person, Signer(person=person, at=context.at, role=role))
    for person in step.experts:
        if eligible(context.review, step, person):
            found.setdefault(person, Signer(person=person, at=context.at))
    return tuple(found.values())


def awaited(context: CommandContext, run: Signing) -> tuple[str, ...]:
    """Who may sign now: the silent signers who still hold the post for which they sign."""
    return people(signer.person for signer in run.silent if _holds(context, signer))


def signer_for(context: CommandContext, run: Signing, wanted: str | None) -> str | None:
    """In whose name this person may sign: their own, else that of whoever they are the proxy of."""
    waiting = [person for person in awaited(context, run) if wanted in (None, person)]
    return context.by if context.by in waiting else context.stands_in(waiting)


def _sign(context: CommandContext, run: Signing, command: Sign) -> Outcome:
    name = signer_for(context, run, command.signer)
    if name is None:
        raise _may_not_sign(context, run, command.signer or context.by)
    given = command.model_dump(exclude={"kind"}) | {"signer": name}
    signature = Signature(**given, at=context.at, proxy=None if name == context.by else context.by)
    return _weighed(context, run.becomes(signatures=(*run.signatures, signature)))


def _may_not_sign(context: CommandContext, run: Signing, name: str) -> Refused | Forbidden:
    if name == context.by and any(one.signer == name for one in run.signatures):
        return Refused("sign.twice", zh="您已签署，不能重复签署。", en="You have signed already.")
    if name == context.by and any(one.person == name for one in run.silent):
        return Forbidden(
            "sign.post_lost",
            zh="您已不担任据以会签的职务，由继任者签署。",
            en="You no longer hold the post for which you were to sign; whoever takes it over signs.",
        )
    return Forbidden("sign.not_signer", zh="您不是本环节的签署人。", en="You are not among the signers of this step.")


def _add(context: CommandContext, run: Signing, command: AddSigner) -> Outcome:
    if context.by not in {signer.person for signer in run.active}:
        context.require_charge()
    if any(signer.person == command.person for signer in run.active):
        raise Refused("signer.already", zh="此人已在签署人之中。", en="They are a signer already.", field="/person")
    if not eligible(context.review, context.step, command.person):
        raise Refused(
            "signer.drafter",
            zh="起草人不得签署自己的稿件。",
            en="A drafter may not sign their own text.",
            field="/person",
        )
    if len(run.signers) >= MOST_SIGNERS:
        raise Refused(
            "signer.too_many",
            zh=f"一次签署最多 {MOST_SIGNERS} 人（含已减签者）。",
            en=f"At most {MOST_SIGNERS} signers, the removed ones included.",
        )
    added = Signer(person=command.person, at=context.at, by=context.by, reason=command.reason)
    return Outcome(run.becomes(signers=(*run.signers, added)))


def _remove(context: CommandContext, run: Signing, command: RemoveSigner) -> Outcome:
    found = next((signer for signer in run.active if signer.person == command.person), None)
    if found is None:
        raise Invalid("signer.unknown", zh="此人不在签署人之中。", en="They are no signer.", field="/person")
    if found.by != context.by:
        context.require_charge()
    if found not in run.silent:
        raise Refused(
            "signer.signed", zh="此人已签署，不能减签。", en="They have signed: not to be removed.", field="/person"
        )
    if len(run.active) == 1:
        raise Refused("signer.last", zh="至少须有一位签署人。", en="One signer at least must stay.", field="/person")
    gone = found.becomes(removed_at=context.at, removed_by=context.by, removed_why=command.reason)
    return _weighed(context, run.becomes(signers=tuple(gone if one is found else one for one in run.signers)))


def _weighed(context: CommandContext, run: Signing) -> Outcome:
    """Pass or be lost as soon as nothing that is still to come could change it."""
    agreed = sum(one.choice == "agree" for one in run.signatures)
    against, silent, all_of_them = len(run.signatures) - agreed, len(run.silent), len(run.active)
    majority = context.step.majority
    needed = all_of_them if majority is None else majority.needed(run.figures)
    if run.kind == "sign_any":
        needed, silent = 1, 0 if run.signatures else silent
    if agreed >= needed:
        return Outcome(run, "pass")
    if agreed + silent >= needed:
        return Outcome(run)
    said = "；".join(f"{one.signer}：{one.comment or '不同意'}" for one in run.signatures if one.choice == "disagree")
    reason = (
        f"签署未通过：{all_of_them} 人中须 {needed} 人同意，{against} 人不同意（{said[:1000]}）。"
        f" {against} of {all_of_them} disagreed, {needed} had to agree."
    )
    return context.lost(run, reason)


def _holds(context: CommandContext, signer: Signer) -> bool:
    """Whether a signer may still sign: asked in person, or holding one of the step's posts."""
    return signer.role is None or signer.person in context.able(context.step, *context.step.signers)


class Signatures(Kind[Signing]):
    """Signers agree or disagree."""

    labels: ClassVar = {"countersign": "会签", "sign_any": "或签"}
    run: ClassVar = Signing
    commands: ClassVar = {Sign: _sign, AddSigner: _add, RemoveSigner: _remove}
    tag: ClassVar = "会签、或签 signing"
    may_share: ClassVar = ("majority",)
    bases: ClassVar = ("signers",)
    takes_experts: ClassVar = True
    who: ClassVar = "signers"
    empty: ClassVar = ("signing.no_signers", "signers")

    def begin(self, context: CommandContext, step: Step, common: dict[str, Any]) -> Signing:
        """With the signers of today; raises ``NotYet`` when there are none."""
        found = signers(context, step)
        if not found:
            raise NotYet(
                "signing.no_signers",
                zh=f"环节“{step.title}”今天没有可以签署的人员。",
                en=f"Nobody could sign in the step “{step.title_en}” today.",
            )
        return Signing(**common, kind="sign_any" if step.kind == "sign_any" else "countersign", signers=found)

    def duties(self, context: CommandContext, run: Signing) -> Duties:
        """Each signer signs; for a place that nobody holds any more, whoever leads the step finds a way."""
        asking = {one.giver for one in context.delegations}
        waiting: Duties = {one: ("签署意见", "sign") for one in awaited(context, run) if one not in asking}
        if len(awaited(context, run)) < len(run.silent):
            vacant = ("会签人离任：减签或等待继任", "a signer left the post: remove the place or wait")
            return dict.fromkeys(context.leading, vacant) | waiting
        return waiting

    def awaited(self, context: CommandContext, run: Signing) -> tuple[str, ...]:
        """Who may sign now."""
        return awaited(context, run)

    delegable = awaited  # a signer may ask somebody first

    def acts_for(self, context: CommandContext, run: Signing, command: Command) -> str | None:
        """A signature is given in a signer's name."""
        if not isinstance(command, Sign):
            return super().acts_for(context, run, command)
        name = signer_for(context, run, command.signer)
        return None if name == context.by else name

    def followed(self, context: CommandContext, run: Signing) -> Signing:
        """The run after posts changed hands: who lost the post and did not sign gives way to who took it over."""
        step, leaving, coming = context.step, set[str](), list[Signer]()
        for role in step.signers:
            active = {signer.person for signer in (*run.active, *coming)}
            fresh = [person for person in context.able(step, role) if person not in active]
            lost = [signer for signer in run.silent if signer.role == role and not _holds(context, signer)]
            for signer, person in zip(lost, fresh, strict=False):
                leaving.add(signer.person)
                coming.append(Signer(person=person, at=context.at, role=role, by="system", reason=SUCCEEDED))
        if not coming:
            return run
        gone = {"removed_at": context.at, "removed_by": "system", "removed_why": SUCCEEDED}
        left = [one.becomes(**gone) if one in run.active and one.person in leaving else one for one in run.signers]
        return run.becomes(signers=(*left, *coming))

    def rules(self, step: Step, *, mine: bool) -> Iterator[Rule]:
        """Who signs."""
        experts = step.experts and (mine or not step.rules.takes_experts)
        roles = step.signers
        yield (
            "signers",
            bool(roles or experts) == mine,
            "会签、或签环节须写明签署角色或专家，其他环节不写。",
            "a countersign or sign-any step names roles or experts who sign, no other step does.",
        )
        yield (
            "signers",
            not mine or ("drafter" not in roles and len(set(roles)) == len(roles)),
            "起草人不得签署自己的稿件，角色不得重复：无人能以此角色签署。",
            "a drafter may not sign their own text, so nobody could sign in that role; each role once.",
        )
        yield (
            "majority",
            not mine or step.majority is None or step.kind == "countersign",
            "表决的环节才写明比例，且必须写明；会签只可写明多数，评分须写明法定人数。",
            "goes with a body's vote, and must; a countersign may have a majority, a scoring must have a quorum.",
        )

    def terms(self, step: Step) -> Iterator[str]:
        """Without a majority all agree, where not the first decides."""
        if step.kind == "countersign" and step.majority is None:
            yield "全体同意 all"

    def rehearse(self, rehearsal: Rehearsal, run: Signing, *, agreeing: bool) -> Iterator[tuple[str, Command]]:
        """Everybody signs alike."""
        sign = Sign(choice="agree" if agreeing else "disagree")
        yield from ((signer.person, sign) for signer in run.silent)

    def passes_with(self, context: CommandContext, run: Signing) -> str | None:
        """The signatures that carry it."""
        signers, majority = len(run.active), context.step.majority
        least = majority.needed(run.figures) if majority else signers
        return f"{1 if run.kind == 'sign_any' else least} / {signers}"

    def figures(self, step: Step, run: Signing) -> Iterator[str]:
        """How many agreed."""
        agreed = sum(one.choice == "agree" for one in run.signatures)
        yield f"应签署 {len(run.active)} 人，同意 {agreed} 人，不同意 {len(run.signatures) - agreed} 人"

    def statements(self, run: Signing) -> Iterator[Statement]:
        """Each signature, in the role in which it was given."""
        roles = {signer.person: signer.role for signer in run.active}
        for one in run.signatures:
            choice = "同意" if one.choice == "agree" else "不同意"
            said = f"{choice}。{one.comment}" if one.comment else choice
            yield Statement(roles.get(one.signer), one.signer, one.proxy, one.at, said)

    def named(self, run: Signing) -> Iterable[str | None]:
        """Who signed, in whose name."""
        for one in run.signatures:
            yield from (one.signer, one.proxy)

    def involved(self, run: Signing) -> Iterable[str]:
        """Who is, or was, to sign."""
        return (one.person for one in run.signers)

    def asked(self, run: Signing) -> Iterable[str]:
        """Those who are to sign, or did."""
        return (one.person for one in run.active)
