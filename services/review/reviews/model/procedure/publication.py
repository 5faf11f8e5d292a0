"""Publishing procedures and rubrics: what a new version must fulfil before any review may use it."""

from collections.abc import Iterator
from typing import Generic, TypeVar

from pydantic import ConfigDict

from infra.kernel.aggregate import Aggregate, Decision
from infra.kernel.errors import Invalid, NotFound
from services.review.reviews.model.procedure.procedure import PREVIOUS, REJECT, Procedure, Step
from services.review.reviews.model.steps import KINDS
from services.review.shared import scope
from services.review.shared.scope import Scope
from services.review.shared.scoring.rubric import Rubric

V = TypeVar("V", Procedure, Rubric)


class Versions(Aggregate, Generic[V]):
    """A thing with all its versions; one that was published is never changed or taken away."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    versions: tuple[V, ...] = ()

    @property
    def newest(self) -> V:
        """The version that new reviews take, or new procedures copy."""
        return self.versions[-1]

    def answer(self) -> dict[str, object]:
        """The number of the version just published."""
        return {"number": self.newest.number}


class Published(Versions[Procedure]):
    """A procedure with all its versions."""

    def numbered(self, number: int) -> Procedure:
        """One version; raises ``NotFound``."""
        if not 1 <= number <= len(self.versions):
            raise NotFound("procedure.no_version", zh=f"没有第 {number} 版。", en=f"There is no version {number}.")
        return self.versions[number - 1]


class PublishedRubric(Versions[Rubric]):
    """A rubric with all its versions; a procedure carries a copy of one, so nothing reaches back."""

    def numbered(self, number: int) -> Rubric:
        """One version; raises ``NotFound``."""
        if not 1 <= number <= len(self.versions):
            raise NotFound("rubric.no_version", zh=f"没有第 {number} 版。", en=f"There is no version {number}.")
        return self.versions[number - 1]


def publish(before: Published | None, procedure: Procedure) -> Decision[Published]:
    """Add a version, numbered after the newest; raises ``Invalid`` with the place that does not hold."""
    versions = before.versions if before else ()
    procedure = procedure.model_copy(update={"number": len(versions) + 1})
    examine(procedure)
    return (before or Published(id=procedure.id)).becomes(versions=(*versions, procedure)), []


def publish_rubric(before: PublishedRubric | None, rubric: Rubric) -> Decision[PublishedRubric]:
    """Add a version, numbered after the newest."""
    versions = before.versions if before else ()
    numbered = rubric.becomes(number=len(versions) + 1)
    return (before or PublishedRubric(id=rubric.id)).becomes(versions=(*versions, numbered)), []


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
        for field, zh, en in _faults(step, keys[:place], keys[place + 1 :]):
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
    own, lost, drafts = step.rules, step.on_not_carried, step.rules.with_drafter
    after = [level.working_days for level in step.escalation]
    shares = (("quorum", step.quorum), ("majority", step.majority))
    rules = (
        (
            "kind",
            drafts == (not earlier),
            "第一个环节且只有第一个环节是初稿。",
            "the first, and only it, is the draft.",
        ),
        ("kind", later or own.deciding, "最后一个环节必须能作出决定。", "the last step must decide."),
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
                (share is not None) == (field in own.shares) or field in own.may_share,
                "表决的环节才写明比例，且必须写明；会签只可写明多数，评分须写明法定人数。",
                "goes with a body's vote, and must; a countersign may have a majority, a scoring must have a quorum.",
            )
            for field, share in shares
        ),
        *(
            (
                field,
                share is None or share.of in own.bases,
                "比例的基数与环节类型不符，永远无法满足。",
                f"in this kind it is a part of: {', '.join(own.bases)}; else it could never be met.",
            )
            for field, share in shares
        ),
        (
            "quorum",
            step.quorum is None or step.quorum.of in ("expected", "members", "voters", "judges"),
            "法定人数不能以到会人数为基数。",
            "a quorum cannot be a part of those present.",
        ),
        *(rule for kind in KINDS for rule in kind.rules(step, mine=kind is own)),
        ("experts", len(set(step.experts)) == len(step.experts), "专家不得重复。", "each expert once."),
        (
            "on_not_carried",
            lost is None or (own.collective and lost in (*earlier, REJECT)),
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
            not step.may_reject or own.may_reject,
            "集体决定的环节只能由表决否决。",
            "where a body decides, only its vote may reject.",
        ),
        (
            "working_days",
            step.days is None or step.working_days is None,
            "期限只能按自然日或工作日之一规定。",
            "the deadline is in days or in working days, not in both.",
        ),
        (
            "escalation",
            not after or step.days is not None or step.working_days is not None,
            "没有期限的环节不能逐级提醒。",
            "without a deadline nothing is escalated.",
        ),
        (
            "escalation",
            after == sorted(set(after)),
            "逐级提醒的工作日数须依次递增。",
            "each level comes more working days after the deadline than the one before.",
        ),
    )
    yield from ((field, zh, en) for field, holds, zh, en in rules if not holds)
    for field, body in step.bodies.items():
        for who in body:
            if isinstance(who, Scope):
                yield from ((field, zh, en) for zh, en in scope.faults(who))


def _fault(place: int, field: str, code: str, zh: str, en: str) -> Invalid:
    return Invalid(f"procedure.{code}", zh=zh, en=en, field=f"/steps/{place}/{field}")
