"""Kinds of activities, as data: what they are called and what is usual for them; an enterprise adds its own."""

from typing import Literal

from pydantic import ConfigDict, Field

from infra.kernel.errors import Refused
from infra.kernel.events import Aggregate, Decision
from infra.kernel.values import Input


class Hints(Input):
    """What a kind is called and what is usual for it; the hints raise warnings in records, they never refuse one.

    ``quorum_above_percent``: more than this share of the full members must be present (支部工作条例: 党员大会 > half of
    those who should attend and may vote); ``minutes``: it usually lasts at least so long; ``every``: how often.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"title": "党员大会", "title_en": "Members' meeting", "every": "quarter", "quorum_above_percent": 50}
            ]
        }
    )

    title: str = Field(min_length=1, max_length=100)
    title_en: str = Field(min_length=1, max_length=100)
    family: str | None = Field(default=None, min_length=1, max_length=100)
    every: Literal["month", "quarter", "half_year", "year"] | None = None
    quorum_above_percent: int | None = Field(default=None, ge=0, le=99)
    minutes: int | None = Field(default=None, ge=1, le=10_000)
    active: bool = True


class Kind(Aggregate, Hints):
    """A kind of activity."""

    model_config = ConfigDict(extra="ignore", json_schema_extra=None)


def define(key: str, hints: Hints, before: Kind | None) -> Decision[Kind]:
    """Add a kind or change it; activities filed earlier keep the title they were filed under."""
    return (before or Kind(id=key, **dict(hints))).becomes(**dict(hints)), []


def require_active(kind: Kind) -> Kind:
    """A kind that is no longer used takes no new plans; raises ``Refused``."""
    if not kind.active:
        raise Refused(
            "kind.retired",
            zh=f"活动类型“{kind.title}”已停用。",
            en=f"The kind “{kind.title_en}” is no longer used.",
            field="/kind",
        )
    return kind
