"""Which HR departments belong to which Party organisations: n:m and dated, for the two trees are not the same."""

from collections.abc import Iterable
from collections.abc import Mapping as Lookup
from datetime import date
from typing import Any

from pydantic import ConfigDict

from infra.kernel.aggregate import Aggregate, Decision
from services.registry.events.published.hr import MappingRecorded
from services.registry.hr.model.department import Department
from services.registry.party.model.period import Span, in_order


class Days(Span):
    """From when to when a department belongs to an organisation."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"since": "2026-01-01", "until": "2026-12-31"}]})


class Mapping(Span, Aggregate):
    """One department belongs to one organisation on these days."""

    department: str
    organisation: str


def mapping_id(department: str, organisation: str) -> str:
    """A department and an organisation are mapped once; the days are changed in place."""
    return f"{department}~{organisation}"


def record(before: Mapping | None, department: str, organisation: str, days: Span) -> Decision[Mapping]:
    """Map a department, or change the days. Raises ``Invalid`` when it would end before it begins."""
    in_order(days.since, days.until, "/until")
    about: dict[str, Any] = {"department": department, "organisation": organisation, **dict(days)}
    name = mapping_id(department, organisation)
    after = Mapping(id=name, **about) if before is None else before.becomes(**about)
    return after, [] if after == before else [MappingRecorded(mapping=name, **about)]


class Atlas:
    """All departments and mappings, to be asked about a day."""

    def __init__(self, departments: Iterable[Department], mappings: Iterable[Mapping]) -> None:
        self.departments: Lookup[str, Department] = {one.id: one for one in departments}
        self.mappings = list(mappings)

    def own(self, department: str, day: date) -> frozenset[str]:
        """The organisations that this very department is mapped to."""
        return frozenset(one.organisation for one in self.mappings if one.department == department and one.covers(day))

    def organisations_of(self, department: str | None, day: date) -> frozenset[str]:
        """Its own; else those of the departments that were merged into it; else those of the one above, and so on."""
        seen: set[str] = set()
        while department is not None and department not in seen:
            seen.add(department)
            found = self.own(department, day) or self._inherited(department, day, frozenset(seen))
            if found:
                return found
            known = self.departments.get(department)
            department = known.applied.parent if known and known.applied else None
        return frozenset()

    def below(self, department: str) -> frozenset[str]:
        """The department and all below it, as they stand now."""
        found, fresh = {department}, {department}
        while fresh:
            fresh = {one.id for one in self.departments.values() if one.applied and one.applied.parent in fresh} - found
            found |= fresh
        return frozenset(found)

    def _inherited(self, department: str, day: date, seen: frozenset[str]) -> frozenset[str]:
        found: frozenset[str] = frozenset()
        for one in self.departments.values():
            if one.applied and one.applied.merged_into == department and one.id not in seen:
                found |= self.own(one.id, day) or self._inherited(one.id, day, seen | {one.id})
        return found
