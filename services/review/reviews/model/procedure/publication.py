"""Publishing procedures and rubrics: what a new version must fulfil before any review may use it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Generic, TypeVar

from pydantic import ConfigDict

from infra.kernel.errors import Invalid, NotFound
from infra.kernel.events import Aggregate, Decision
from services.review.reviews.model.procedure.procedure import PREVIOUS, REJECT, Procedure, Step
from services.review.reviews.model.steps import KINDS
from services.review.reviews.model.steps.kind import Rule
from services.review.shared import scope
from services.review.shared.scope import Scope
from services.review.shared.scoring.rubric import Rubric

V = TypeVar("V", Procedure, Rubric)
RULES: Final = json.loads(Path(__file__).with_name("rules.json").read_text(encoding="utf-8"))
"""What a step must be, in Chinese and in English, by the name of the rule."""


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
    for field, holds, zh, en in rules(step, earlier, later):
        if not holds:
            yield field, zh, en.format(bases=", ".join(step.rules.bases))
    for field, body in step.bodies.items():
        for who in body:
            if isinstance(who, Scope):
                yield from ((field, zh, en) for zh, en in scope.faults(who))


def rules(step: Step, earlier: list[str], later: list[str]) -> Iterator[Rule]:
    """What a step between these must say and must not, its own kind's and all others' rules included."""
    own, lost, drafts, quorum = step.rules, step.on_not_carried, step.rules.with_drafter, step.quorum
    after = [level.working_days for level in step.escalation]
    yield "kind", drafts == (not earlier), *RULES["first_is_draft"]
    yield "kind", later or own.deciding, *RULES["last_decides"]
    yield "assignees", not drafts or step.assignees == ("drafter",), *RULES["draft_is_drafters"]
    yield "assignees", drafts or "drafter" not in step.assignees, *RULES["drafter_decides_not"]
    shares = (("quorum", quorum), ("majority", step.majority))
    for field, share in shares:
        yield field, (share is not None) == (field in own.shares) or field in own.may_share, *RULES["shares"]
    for field, share in shares:
        yield field, share is None or share.of in own.bases, *RULES["bases"]
    yield (
        "quorum",
        quorum is None or quorum.of in ("expected", "members", "voters", "judges"),
        *RULES["quorum_of_present"],
    )
    for kind in KINDS:
        yield from kind.rules(step, mine=kind is own)
    yield "experts", len(set(step.experts)) == len(step.experts), *RULES["experts"]
    yield "on_not_carried", lost is None or (own.collective and lost in (*earlier, REJECT)), *RULES["on_not_carried"]
    yield "then", step.then is None or step.then in later, *RULES["then"]
    yield "returnable_to", set(step.returnable_to or ()) <= set(earlier), *RULES["returnable_to"]
    yield "may_reject", not step.may_reject or own.may_reject, *RULES["may_reject"]
    yield "working_days", step.days is None or step.working_days is None, *RULES["one_deadline"]
    yield (
        "escalation",
        not after or step.days is not None or step.working_days is not None,
        *RULES["escalation_deadline"],
    )
    yield "escalation", after == sorted(set(after)), *RULES["escalation_order"]


def _fault(place: int, field: str, code: str, zh: str, en: str) -> Invalid:
    return Invalid(f"procedure.{code}", zh=zh, en=en, field=f"/steps/{place}/{field}")
