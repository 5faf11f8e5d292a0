"""What people record: values known, unknown or masked ("" is none of these and never stored), and spans of days."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from infra.kernel.dates import covers
from infra.kernel.errors import Invalid
from infra.kernel.values import Closed


class Known(Closed):
    """The value is known and everybody may see it."""

    state: Literal["known"] = "known"
    value: str = Field(description="内容，原样保存 / Content, kept as written (“1010” stays text)")


class Unknown(Closed):
    """Nobody has said it yet; that is a fact of its own, not an empty text."""

    state: Literal["unknown"] = "unknown"


class Masked(Closed):
    """The value exists but only some roles may see it; everybody else sees ``shown``."""

    state: Literal["masked"] = "masked"
    shown: str = Field(description="对外显示，如“**党支部” / What everybody sees")
    visible_to: tuple[str, ...] = Field(default=(), description="可见原值的角色 / Roles that may see the value")
    value: str | None = Field(default=None, description="原值，可不填 / The value itself, if it is on record")

    @model_serializer(mode="wrap")
    def _without_nothing(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """A masked value that is not there is left out, so that stripped and never given look the same."""
        fields: dict[str, Any] = dump(self)
        if self.value is None:
            fields.pop("value", None)
        return fields


Value: TypeAlias = Annotated[Known | Unknown | Masked, Field(discriminator="state")]
Audience: TypeAlias = Callable[[tuple[str, ...]], bool]
"""Whether the reader holds one of the roles that a masked value names."""

UNKNOWN = Unknown()


def display(value: Value) -> str | None:
    """What everybody may see; None when unknown."""
    match value:
        case Known():
            return value.value
        case Masked():
            return value.shown
        case _:
            return None


def open_text(value: Value) -> str | None:
    """The text only when it is known to everybody: what may be searched, compared and counted."""
    return value.value if isinstance(value, Known) else None


def seen_by(value: Value, may_see: Audience) -> Value:
    """The value as one reader gets it: a masked one loses its content unless the reader's role allows."""
    if isinstance(value, Masked) and value.value is not None and not may_see(value.visible_to):
        return Masked(shown=value.shown, visible_to=value.visible_to)
    return value


class Span(Closed):
    """From the day ``since`` to the day ``until``, both included; without ``until`` it still runs."""

    since: date = Field(description="起始日（含） / First day")
    until: date | None = Field(default=None, description="截止日（含），空为至今 / Last day, included")

    def covers(self, day: date) -> bool:
        """Whether this held on ``day``."""
        return covers(self.since, self.until, day)

    def overlaps(self, other: Self) -> bool:
        """Whether some day belongs to both."""
        return self.covers(other.since) or other.covers(self.since)


def in_order(since: date, until: date | None, field: str) -> None:
    """Refuse a span without a single day; ``field`` points at its end."""
    if until is not None and until < since:
        raise Invalid("period.empty", zh="截止日不可早于起始日。", en="It must not end before it begins.", field=field)


def first_overlap(spans: Sequence[Span]) -> int | None:
    """The place of the first span that overlaps an earlier one in the sequence, if any."""
    for place, span in enumerate(spans):
        if any(span.overlaps(earlier) for earlier in spans[:place]):
            return place
    return None
