"""Publishing the rules of dynamic management: what a new version must fulfil before any decision may follow it."""

from collections.abc import Collection, Iterator
from typing import Final

from pydantic import ConfigDict

from infra.kernel.aggregate import Aggregate, Decision
from infra.kernel.errors import Invalid, NotFound
from services.review.standings.model.rules import Drawn, Rules

KEY: Final = "management"
LISTS: Final = ("levels", "direct_grounds", "awards", "suspicions", "thresholds")


class PublishedRules(Aggregate):
    """The rules with all their versions; a published version never changes."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    versions: tuple[Rules, ...] = ()

    @property
    def newest(self) -> Rules:
        """The version that decisions follow now."""
        return self.versions[-1]

    def numbered(self, number: int) -> Rules:
        """One version; raises ``NotFound``."""
        if not 1 <= number <= len(self.versions):
            raise NotFound("rules.no_version", zh=f"没有第 {number} 版。", en=f"There is no version {number}.")
        return self.versions[number - 1]

    def answer(self) -> dict[str, object]:
        """The number of the version just published."""
        return {"number": self.newest.number}


def publish(before: PublishedRules | None, drawn: Drawn, in_use: Collection[str] = ()) -> Decision[PublishedRules]:
    """Add a version; ``in_use`` are the levels that brands hold. Raises ``Invalid`` with the place of a fault."""
    for fault in faults(drawn, in_use):
        raise fault
    versions = before.versions if before else ()
    rules = Rules(id=KEY, number=len(versions) + 1, **dict(drawn))
    return (before or PublishedRules(id=KEY)).becomes(versions=(*versions, rules)), []


def faults(drawn: Drawn, in_use: Collection[str] = ()) -> Iterator[Invalid]:
    """Every rule of sound rules that these break, each with its place."""
    yield from _repetitions(drawn)
    levels = {one.id for one in drawn.levels}
    missing = sorted(set(in_use) - levels)
    if drawn.begins_with is not None and drawn.begins_with not in levels:
        yield _fault("begins_with", "level", "起始级别不在级别表中。", "The first level is not one of the levels.")
    if missing:
        names = ", ".join(missing)
        yield _fault("levels", "in_use", f"仍有品牌处于级别：{names}。", f"Brands still hold: {names}.")
    if "pass" not in drawn.outcomes:
        zh, en = "复核结论须包含“通过”（pass）。", "A recheck must be able to end with pass."
        yield _fault("outcomes", "pass", zh, en)
    if drawn.recheck_first_month > drawn.recheck_last_month:
        yield _fault("recheck_last_month", "months", "截止月早于起始月。", "The last month is before the first.")
    for place, one in enumerate(drawn.thresholds):
        if one.at_least is None and one.at_most is None:
            yield _fault(f"thresholds/{place}", "bound", "须写明下限或上限。", "Give at_least or at_most.")


def _repetitions(drawn: Drawn) -> Iterator[Invalid]:
    for name in LISTS:
        keys = [one.id for one in getattr(drawn, name)]
        for place, key in enumerate(keys):
            if keys.index(key) != place:
                yield _fault(f"{name}/{place}/id", "twice", f"编号“{key}”重复。", f"“{key}” stands there twice.")
    for name in ("outcomes", "by_resolution"):
        if len(set(getattr(drawn, name))) < len(getattr(drawn, name)):
            yield _fault(name, "twice", "条目重复。", "An entry stands there twice.")


def _fault(field: str, code: str, zh: str, en: str) -> Invalid:
    return Invalid(f"rules.{code}", zh=zh, en=en, field=f"/{field}")
