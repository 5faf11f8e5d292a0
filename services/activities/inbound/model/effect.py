"""What a rule may make of an event: the shape of each effect's fields, as its map must yield them.

Nothing is made up here: an effect holds what the event said, and a draft becomes a record by a person's hand only.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, JsonValue, ValidationError, model_validator

from infra.kernel.dates import Moment
from infra.kernel.errors import Invalid, first_fault
from infra.kernel.values import Input

Kind = Literal["draft_activity", "point", "reminder", "veto_hint"]
MOST_EFFECTS = 50
Name = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(min_length=1, max_length=5000)]


def _written(value: object) -> object:
    """A moment is written out; a number would be read as the seconds of an epoch that nobody meant."""
    if not isinstance(value, str):
        raise ValueError("a moment is text with a zone, such as 2026-06-26T09:00:00+08:00")  # noqa: TRY004 - for pydantic
    return value


Said = Annotated[Moment, BeforeValidator(_written)]


class Wanted(Input):
    """Whom it concerns: a Party organisation, an HR department (mapped to organisations), or a brand (its owner)."""

    effect: ClassVar[Kind]
    called: ClassVar[tuple[str, str]]

    organisation: Name | None = None
    department: Name | None = None
    brand: Name | None = None

    @model_validator(mode="after")
    def _concerns_somebody(self) -> "Wanted":
        if not (self.organisation or self.department or self.brand):
            raise ValueError("one of organisation, department, brand is needed")
        if self.organisation and self.department:
            raise ValueError("organisation or department, not both")
        return self


class WantedDraft(Wanted):
    """An activity that somebody may file or record."""

    effect = "draft_activity"
    called = ("活动草稿", "draft of an activity")

    kind: Name
    title: Name
    occurred_at: Said | None = None
    ended_at: Said | None = None
    place: Name | None = None
    content: Text | None = None


class WantedPoint(Wanted):
    """A measured value of one of the brand's indicators (成效: 指标、数值、单位).

    ``series`` names what was measured (the event's subject unless said): a later event about it corrects this one.
    """

    effect = "point"
    called = ("品牌指标数据", "measured point of a brand's indicator")

    indicator: Name
    value: Annotated[float, Field(strict=True, allow_inf_nan=False)]
    unit: Annotated[str, Field(min_length=1, max_length=50)]
    measured_at: Said | None = None
    series: Name | None = None


class WantedReminder(Wanted):
    """Something to be reminded of."""

    effect = "reminder"
    called = ("提醒", "reminder")

    title: Name
    title_en: Name | None = None
    text: Text
    text_en: Text | None = None
    to: Literal["secretary", "members", "work_department"] = "secretary"


class WantedHint(Wanted):
    """A reason to look whether a brand should be suspended (一票否决); people decide."""

    effect = "veto_hint"
    called = ("一票否决线索", "veto hint")

    title: Name
    title_en: Name | None = None
    reason: Text


SHAPES = {shape.effect: shape for shape in (WantedDraft, WantedPoint, WantedReminder, WantedHint)}


def shaped(effect: Kind, result: JsonValue) -> list[Wanted]:
    """The effects that a map's result stands for: one object, or a list of them. Raises ``Invalid``.

    Members that are null count as left out, for JMESPath yields null for what an event does not have.
    """
    rows = result if isinstance(result, list) else [result]
    if not rows or len(rows) > MOST_EFFECTS:
        raise _nonsense(
            "", f"得出 {len(rows)} 项，应为 1–{MOST_EFFECTS} 项", f"{len(rows)} effects, not 1 to {MOST_EFFECTS}"
        )
    found: list[Wanted] = []
    for place, row in enumerate(rows):
        if not isinstance(row, dict):
            raise _nonsense(f"/{place}", "得出的不是对象", "no object")
        try:
            found.append(SHAPES[effect].model_validate({name: one for name, one in row.items() if one is not None}))
        except ValidationError as error:
            (title, title_en), why = SHAPES[effect].called, first_fault(error)
            raise _nonsense(f"/{place}", f"得出的不是{title}：{why}", f"no {title_en}: {why}") from error
    return found


def require_discreet(wanted: Wanted, *, restricted: bool) -> None:
    """Raise ``Invalid`` when something restricted would become what others than the work department see."""
    reminded = isinstance(wanted, WantedReminder) and wanted.to == "work_department"
    if restricted and not reminded and not isinstance(wanted, WantedHint):
        raise Invalid(
            "map.not_discreet",
            zh="受限事件只能成为一票否决线索或给党委工作部的提醒。",
            en="What is restricted may become a veto hint, or a reminder to the work department, and nothing else.",
            field="/map",
        )


def _nonsense(where: str, zh: str, en: str) -> Invalid:
    return Invalid("map.nonsense", zh=f"映射（map）{zh}。", en=f"The map yields {en}.", field=f"/map{where}")
