"""Publishing procedures: what a new version must fulfil before any review may use it."""

from collections.abc import Iterator
from itertools import chain

from pydantic import ConfigDict

from infra.kernel.aggregate import Aggregate, Decision
from infra.kernel.errors import Invalid, NotFound
from services.review.reviews.model import dated_steps
from services.review.reviews.model.bodies import body_faults
from services.review.reviews.model.procedure import PREVIOUS, REJECT, SIGNING, Procedure, Step

VOTING = ("discussion", "resolution", "poll")
COLLECTIVE = (*VOTING, *SIGNING, "scoring", "public_notice")
DECIDING = ("check", *COLLECTIVE)
BODIES = {
    "discussion": ("members", "expected", "voters", "present"),
    "resolution": ("members", "expected", "voters", "present"),
    "countersign": ("signers",),
    "scoring": ("judges",),
}
"""Of whom a share may be a part, by kind of step."""


class Published(Aggregate):
    """A procedure with all its versions; a version that was published is never changed or taken away."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    versions: tuple[Procedure, ...] = ()

    @property
    def newest(self) -> Procedure:
        """The version that new reviews take."""
        return self.versions[-1]

    def numbered(self, number: int) -> Procedure:
        """One version; raises ``NotFound``."""
        if not 1 <= number <= len(self.versions):
            raise NotFound("procedure.no_version", zh=f"没有第 {number} 版。", en=f"There is no version {number}.")
        return self.versions[number - 1]

    def answer(self) -> dict[str, object]:
        """The number of the version just published."""
        return {"number": self.newest.number}


def publish(before: Published | None, procedure: Procedure) -> Decision[Published]:
    """Add a version, numbered after the newest; raises ``Invalid`` with the place that does not hold."""
    versions = before.versions if before else ()
    procedure = procedure.model_copy(update={"number": len(versions) + 1})
    examine(procedure)
    after = (before or Published(id=procedure.id)).becomes(versions=(*versions, procedure))
    return after, []


def ship(before: Published | None, procedure: Procedure) -> Decision[Published]:
    """Publish what comes with the product, unless a version is there already."""
    return (before, []) if before else publish(None, procedure)


def examine(procedure: Procedure) -> None:
    """Raise ``Invalid`` for the first rule of a sound procedure that this one breaks."""
    for fault in faults(procedure):
        raise fault


def faults(procedure: Procedure) -> Iterator[Invalid]:
    """Every rule of a sound procedure that this one breaks, each with its place."""
    keys, sound = [step.key for step in procedure.steps], True
    for place, key in enumerate(keys):
        if key in (REJECT, PREVIOUS) or keys.index(key) != place:
            sound = False
            yield _fault(
                place, "key", "key", f"环节标识“{key}”重复或为保留字。", f"Step key “{key}” is taken or reserved."
            )
    for place, step in enumerate(procedure.steps):
        for field, zh, en in chain(_faults(step, keys[:place], keys[place + 1 :]), body_faults(step)):
            sound = False
            yield _fault(place, field, field, f"环节“{step.title}”：{zh}", f"Step “{step.key}”: {en}")
    known = reachable(procedure) if sound else set(keys)
    for place, key in enumerate(keys):
        if key not in known:
            yield _fault(place, "key", "unreachable", f"环节“{key}”永远不会到达。", f"Step “{key}” is never reached.")


def reachable(procedure: Procedure) -> set[str]:
    """The steps that a review which is never returned by hand can come to."""
    found: set[str] = set()
    open_ends = [procedure.first]
    while open_ends:
        step = open_ends.pop()
        if step.key not in found:
            found.add(step.key)
            following = procedure.after(step)
            back = step.on_not_carried if step.on_not_carried != REJECT else None
            open_ends += [following] if following else []
            open_ends += [procedure.step(back)] if back else []
    return found


def _faults(step: Step, earlier: list[str], later: list[str]) -> Iterator[tuple[str, str, str]]:
    """The fields of one step that do not fit its kind or its place, with the reason in Chinese and in English."""
    drafts, collective = step.kind == "draft", step.kind in COLLECTIVE
    lost, voting = step.on_not_carried, step.kind in VOTING
    rules = (
        (
            "kind",
            drafts == (not earlier),
            "第一个环节且只有第一个环节是初稿。",
            "the first, and only it, is the draft.",
        ),
        ("kind", later or step.kind in DECIDING, "最后一个环节必须能作出决定。", "the last step must decide."),
        ("assignees", not drafts or step.assignees == ("drafter",), "初稿由起草人承担。", "a draft is the drafter's."),
        (
            "assignees",
            drafts or "drafter" not in step.assignees,
            "起草人不得审定自己的稿件。",
            "a drafter may not decide on their own text.",
        ),
        *(
            (
                field,
                (share is not None) == (voting or (field, step.kind) == ("quorum", "scoring"))
                or (field, step.kind) == ("majority", "countersign"),
                "表决的环节才写明比例，且必须写明；会签只可写明多数，评分须写明法定人数。",
                "goes with a body's vote, and must; a countersign may have a majority, a scoring must have a quorum.",
            )
            for field, share in (("quorum", step.quorum), ("majority", step.majority))
        ),
        *(
            (
                field,
                share is None or share.of in BODIES.get(step.kind, BODIES["discussion"]),
                "比例的基数与环节类型不符，永远无法满足。",
                f"in this kind it is a part of: {', '.join(BODIES.get(step.kind, ()))}; else it could never be met.",
            )
            for field, share in (("quorum", step.quorum), ("majority", step.majority))
        ),
        (
            "quorum",
            step.quorum is None or step.quorum.of in ("expected", "members", "voters", "judges"),
            "法定人数不能以到会人数为基数。",
            "a quorum cannot be a part of those present.",
        ),
        (
            "quorum",
            step.quorum is None or step.kind != "resolution" or step.quorum.of != "voters",
            "会议的法定人数须以应到人数为基数。",
            "a meeting's quorum is a part of those expected; of those who came, anybody would do.",
        ),
        (
            "signers",
            bool(step.signers or (step.experts and step.kind != "scoring")) == (step.kind in SIGNING),
            "会签、或签环节须写明签署角色或专家，其他环节不写。",
            "a countersign or sign-any step names roles or experts who sign, no other step does.",
        ),
        (
            "signers",
            "drafter" not in step.signers and len(set(step.signers)) == len(step.signers),
            "起草人不得签署自己的稿件，角色不得重复：无人能以此角色签署。",
            "a drafter may not sign their own text, so nobody could sign in that role; each role once.",
        ),
        ("experts", len(set(step.experts)) == len(step.experts), "专家不得重复。", "each expert once."),
        (
            "on_not_carried",
            lost is None or (collective and lost in (*earlier, REJECT)),
            "只能退到之前的环节或终止。",
            "names an earlier step, or reject, where a body votes.",
        ),
        ("then", step.then is None or step.then in later, "只能跳到之后的环节。", "must name a later step."),
        (
            "returnable_to",
            set(step.returnable_to or ()) <= set(earlier),
            "只能退回之前的环节。",
            "names earlier steps.",
        ),
        (
            "may_reject",
            not step.may_reject or step.kind in ("check", "co_revision"),
            "集体决定的环节只能由表决否决。",
            "where a body decides, only its vote may reject.",
        ),
        *dated_steps.rules(step),
    )
    return ((field, zh, en) for field, holds, zh, en in rules if not holds)


def _fault(place: int, field: str, code: str, zh: str, en: str) -> Invalid:
    return Invalid(f"procedure.{code}", zh=zh, en=en, field=f"/steps/{place}/{field}")
