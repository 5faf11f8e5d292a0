"""Party organisations: their kinds, where each kind may stand in the tree, and from when to when they exist.

And what is recorded of them and of people: values known, unknown or masked ("" is none of these and never stored), and
spans of days.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final, Literal, NamedTuple, Self, TypeAlias

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from infra.kernel import dates
from infra.kernel.dates import covers
from infra.kernel.errors import Invalid, Refused
from infra.kernel.events import Aggregate, Decision
from infra.kernel.json_tree import require_storable
from infra.kernel.values import Closed, Input
from services.registry.events.published import OrganisationRecorded
from services.registry.examples import example


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
    return value.value if isinstance(value, Known) else value.shown if isinstance(value, Masked) else None


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
    overlapping = (n for n, span in enumerate(spans) if any(span.overlaps(earlier) for earlier in spans[:n]))
    return next(overlapping, None)


Kind: TypeAlias = Literal[
    "party_committee", "general_branch", "party_branch", "party_group", "joint_branch", "temporary_branch"
]

BRANCHES: Final = ("party_branch", "joint_branch", "temporary_branch")
PARENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "party_committee": ("party_committee",),
    "general_branch": ("party_committee",),
    **dict.fromkeys(BRANCHES, ("general_branch", "party_committee")),
    "party_group": BRANCHES,
}
"""Which kinds an organisation of a kind may stand under; only a committee may stand under none."""


class OrganisationRecord(Input):
    """A Party organisation as it should be."""

    model_config = example("OrganisationRecord")

    kind: Kind = Field(description="类别 / Kind; does not change later")
    name: Value = Field(description="名称：已知、未知或已脱敏 / Name: known, unknown or masked")
    parent: str | None = Field(default=None, description="上级党组织编号，党委可空 / Id of the one above")
    valid_from: date = Field(description="成立日期 / First day")
    valid_to: date | None = Field(default=None, description="终止日期（当日含） / Last day, included")


class Organisation(OrganisationRecord, Aggregate):
    """A Party organisation; it is ended by a date, never deleted. Its id identifies it, its name never does."""

    @property
    def shown(self) -> str:
        """The name as everybody may see it."""
        return display(self.name) or "（名称未知）"

    def exists_on(self, day: date) -> bool:
        """Whether it exists on ``day``; its last day belongs to it."""
        return dates.exists_on(self, day)


def record(current: Organisation | None, wanted: Organisation, above: Sequence[Organisation]) -> Decision[Organisation]:
    """Make an organisation be as wanted. ``above`` is the wanted parent and all above that, nearest first.

    Raises ``Invalid`` for a wrong place in the tree, ``Refused`` for a change of kind or a circle.
    """
    require_storable(wanted.name.model_dump(), "/name")
    in_order(wanted.valid_from, wanted.valid_to, "/valid_to")
    if current is not None and current.kind != wanted.kind:
        zh = "党组织类别不可更改：请终止原组织并新建。"
        en = "The kind of an organisation does not change: end it and found a new one."
        raise Refused("organisation.kind_fixed", zh, en, field="/kind")
    _stands_right(wanted, above)
    after = wanted if current is None else current.becomes(**wanted.model_dump(exclude={"id", "version"}))
    if after == current:
        return after, []
    about = {**dict(after), "organisation": after.id, "name": after.shown}
    return after, [OrganisationRecorded.model_validate(about)]


def concerned(current: Organisation | None, wanted: Organisation) -> list[str | None]:
    """Whose matter this is: the organisation itself and what it shall stand under; None is above every committee."""
    places: list[str | None] = [] if current is None else [current.id]
    return places if current is not None and current.parent == wanted.parent else [*places, wanted.parent]


def require_known(named: Mapping[str, str], known: Collection[str]) -> None:
    """Raise ``Invalid`` for the first organisation that does not exist; ``named`` is pointer → id."""
    for field, key in named.items():
        if key not in known:
            raise Invalid(
                "organisation.unknown", zh=f"没有党组织“{key}”。", en=f"There is no organisation “{key}”.", field=field
            )


def _stands_right(wanted: Organisation, above: Sequence[Organisation]) -> None:
    if wanted.parent is None:
        if wanted.kind != "party_committee":
            zh = "除党委外，党组织须有上级党组织。"
            en = "Every organisation but a committee has a parent."
            raise Invalid("organisation.parent_missing", zh, en, field="/parent")
        return
    require_known({"/parent": wanted.parent}, [one.id for one in above])
    if wanted.id in {one.id for one in above}:
        zh = "上级党组织不能是其自身或其下级。"
        en = "An organisation cannot stand under itself or under one below it."
        raise Refused("organisation.circle", zh, en, field="/parent")
    if above[0].kind not in PARENTS[wanted.kind]:
        zh = f"此类党组织的上级应为：{'、'.join(PARENTS[wanted.kind])}。"
        en = f"A {wanted.kind} stands under one of: {', '.join(PARENTS[wanted.kind])}."
        raise Invalid("organisation.parent_kind", zh, en, field="/parent")


class Place(NamedTuple):
    """Where an organisation stands in the tree."""

    kind: str
    parent: str | None


@dataclass(frozen=True)
class Tree:
    """The Party tree by id."""

    places: Mapping[str, Place | Organisation]

    def above(self, key: str) -> list[str]:
        """The organisation and everything above it; empty for one that does not exist."""
        return [one for one in dates.above(key, self.places) if one in self.places]

    @property
    def tops(self) -> list[str]:
        """What stands under nothing: committees, by the rule of ``PARENTS``."""
        return [key for key, place in self.places.items() if place.parent is None]

    def writing(self, owner: str) -> frozenset[str]:
        """An owner of brands and the Party groups right under it: where its brands are written."""
        groups = (key for key, one in self.places.items() if one.parent == owner and one.kind == "party_group")
        return frozenset({owner, *groups})
