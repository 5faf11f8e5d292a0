"""The brand matrix (品牌矩阵): every eligible organisation, its brands, and how far all are covered (全覆盖)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from pydantic import BaseModel, Field

from infra.kernel.dates import above
from services.registry.brands.model.brand import Brand, Plaque, State
from services.registry.party.model.organisation import Organisation
from services.registry.programme.model.programme import Rules

COVERING = ("approved", "plaqued")


class Cell(BaseModel):
    """A brand in the matrix."""

    brand: str
    name: str | None = Field(description="名称，未知为空 / Name, null when unknown")
    state: State = Field(description="当日状态 / State on that day")
    focus: str | None = Field(description="着力点 / Emphasis")
    level: str | None = Field(description="级别 / Level")
    plaque: Plaque | None = Field(description="当日已授的牌 / Plaque awarded by that day")
    activities: int = Field(description="截至当日的活动次数 / Activities recorded by that day")


class Row(BaseModel):
    """An eligible organisation and its brands."""

    organisation: str
    name: str
    kind: str
    general_branch: str | None = Field(description="所属党总支 / General branch above it")
    covered: bool = Field(description="是否已有审定或授牌品牌 / Has an approved or plaqued brand")
    activities: int = Field(description="截至当日的活动次数 / Activities recorded by that day")
    brands: list[Cell]


class Coverage(BaseModel):
    """Covered among eligible organisations; ``rate`` is null when none is eligible."""

    eligible: int
    covered: int
    rate: float | None


class OfGeneralBranch(Coverage):
    """Coverage within one general branch; ``organisation`` is null for those right under the committee."""

    organisation: str | None
    name: str
    name_en: str | None = Field(description="没有党总支时的英文名称 / In English where there is no general branch")


class OfFocus(BaseModel):
    """Brands that count, by emphasis; ``focus`` is null where it is unknown."""

    focus: str | None
    title: str
    title_en: str
    brands: int
    share: float | None = Field(description="占全部已覆盖品牌的比例 / Share of all brands that count")


class Matrix(BaseModel):
    """The matrix as of one day."""

    on: date
    coverage: Coverage
    by_general_branch: list[OfGeneralBranch]
    by_focus: list[OfFocus]
    rows: list[Row]


@dataclass(frozen=True)
class Sources:
    """Everything that a matrix is made from."""

    organisations: Sequence[Organisation]
    brands: Sequence[Brand]
    by_brand: Mapping[str, int] = field(default_factory=dict)
    by_organisation: Mapping[str, int] = field(default_factory=dict)


def matrix(on: date, source: Sources, rules: Rules) -> Matrix:
    """The matrix on a day. 覆盖率: eligible with at least one approved or plaqued brand ÷ eligible (domain.md 2.7)."""
    known = {one.id: one for one in source.organisations}
    eligible = [one for one in source.organisations if rules.counts(one.kind) and one.exists_on(on)]
    rows = [
        Row(
            organisation=one.id,
            name=one.shown,
            kind=one.kind,
            general_branch=_general_branch(one, known),
            covered=any(cell.state in COVERING for cell in cells),
            activities=source.by_organisation.get(one.id, 0),
            brands=cells,
        )
        for one in sorted(eligible, key=lambda one: one.id)
        for cells in [list(_cells(one, on, source))]
    ]
    return Matrix(
        on=on,
        coverage=_coverage(rows),
        by_general_branch=_by_general_branch(rows, known),
        by_focus=_by_focus(rows, rules),
        rows=rows,
    )


def _cells(one: Organisation, on: date, source: Sources) -> Iterator[Cell]:
    for brand in source.brands:
        state = brand.state_on(on) if brand.owner == one.id else None
        if state is not None:
            given = [one for one in brand.plaques if one.awarded_on <= on < (one.returned_on or date.max)]
            yield Cell(
                brand=brand.id,
                name=brand.name,
                state=state,
                focus=brand.focus,
                level=brand.level,
                plaque=given[-1] if given else None,
                activities=source.by_brand.get(brand.id, 0),
            )


def _general_branch(one: Organisation, known: Mapping[str, Organisation]) -> str | None:
    return next((key for key in above(one.id, known) if key in known and known[key].kind == "general_branch"), None)


def _coverage(rows: Sequence[Row]) -> Coverage:
    covered = sum(row.covered for row in rows)
    return Coverage(eligible=len(rows), covered=covered, rate=_share(covered, len(rows)))


def _by_general_branch(rows: Sequence[Row], known: Mapping[str, Organisation]) -> list[OfGeneralBranch]:
    parts: dict[str | None, list[Row]] = {}
    for row in rows:
        parts.setdefault(row.general_branch, []).append(row)
    return [
        OfGeneralBranch(
            organisation=key,
            name=known[key].shown if key else "党委直属",
            name_en=None if key else "Right under the committee",
            **_coverage(part).model_dump(),
        )
        for key, part in sorted(parts.items(), key=lambda item: item[0] or "")
    ]


def _by_focus(rows: Sequence[Row], rules: Rules) -> list[OfFocus]:
    counted = [cell.focus for row in rows for cell in row.brands if cell.state in COVERING]
    titles: dict[str | None, tuple[str, str]] = {choice.id: (choice.title, choice.title_en) for choice in rules.focuses}
    titles |= {one: (one, one) for one in sorted(filter(None, counted)) if one not in titles}
    titles[None] = ("未知", "Unknown")
    return [
        OfFocus(
            focus=focus,
            title=zh,
            title_en=en,
            brands=counted.count(focus),
            share=_share(counted.count(focus), len(counted)),
        )
        for focus, (zh, en) in titles.items()
    ]


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
