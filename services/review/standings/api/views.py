"""Standings as readers see them: level and state for all, particulars inside, what is restricted for the office."""

from datetime import date
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, Field

from services.review.standings.model.evidence import Evidence, Suspected
from services.review.standings.model.lines import Award, Entry, Recheck, Rectification, Ruling, State, Suspension
from services.review.standings.model.rechecking import Upcoming, next_recheck
from services.review.standings.model.rules import Rules
from services.review.standings.model.standing import Standing
from services.review.standings.store import HintRow
from services.review.standings.use_cases import Viewer

BrandKey = Annotated[str, Path(description="品牌编号 / The brand's id", examples=["b-sanxin"])]


class Line(BaseModel):
    """A standing in a list."""

    id: str
    version: int
    owner: str
    committee: str
    name: str | None
    state: State
    level: str | None
    level_title: str | None = Field(description="级别名称，未评级为空 / Title of the level")
    level_title_en: str | None
    begun_on: date
    awards: list[str]
    last_recheck: int | None = Field(description="上次复核年度 / Year rechecked last")
    next_recheck: Upcoming | None = Field(description="下次复核 / The next recheck; null when revoked")
    rectify_by: date | None
    reapply_from: date | None

    @classmethod
    def of(cls, standing: Standing, rules: Rules) -> "Line":
        """What everybody may see."""
        level = next((one for one in rules.levels if one.id == standing.level), None)
        published = standing.recorded()
        own = standing.model_dump(include={"id", "version", "committee"}) | {
            "last_recheck": published.rechecked,
            "next_recheck": next_recheck(standing, rules),
            "level_title": level.title if level else standing.level,
            "level_title_en": level.title_en if level else standing.level,
        }
        return cls.model_validate({**dict(published), **own})


class Hint(Suspected):
    """A hint, what the rules make of it, and what a person decided."""

    suggests: str | None = Field(description="提示暂停的类别，空为仅供参考 / Kind of suspicion, null when it is none")
    ruling: Ruling | None = Field(description="处理结果，未处理为空 / What was decided")

    @classmethod
    def of(cls, row: HintRow, standing: Standing, rules: Rules) -> "Hint":
        """A hint about this brand."""
        ruling = next((one for one in standing.rulings if one.hint == row.id), None)
        return cls(**row.model_dump(), suggests=rules.suspects(row.title, row.title_en), ruling=ruling)


class Full(Line):
    """A standing with its whole history, as one reader sees it; ``version`` is what a decision may name."""

    history: list[Entry]
    given: list[Award]
    rechecks: list[Recheck]
    rectifications: list[Rectification]
    suspensions: list[Suspension]
    hints: list[Hint]

    @classmethod
    def viewer(cls, viewer: Viewer, rules: Rules, hints: list[HintRow]) -> "Full":
        """Everything that the reader may see."""
        standing, office, inside = viewer.standing, viewer.office, viewer.inside
        rechecks = [one.becomes(evidence=open_evidence(one.evidence, office=office)) for one in standing.rechecks]
        return cls(
            **dict(Line.of(standing, rules)),
            history=[one for one in standing.history if office or not one.restricted] if inside else [],
            given=list(standing.awards),
            rechecks=rechecks if inside else [],
            rectifications=list(standing.rectifications) if inside else [],
            suspensions=[one for one in standing.suspensions if office or not one.restricted] if inside else [],
            hints=[Hint.of(one, standing, rules) for one in hints if office or (inside and not one.restricted)],
        )


def open_evidence(evidence: Evidence, *, office: bool) -> Evidence:
    """The evidence without restricted hints, unless the reader is of the office."""
    return evidence.becomes(hints=tuple(one for one in evidence.hints if office or not one.restricted))
