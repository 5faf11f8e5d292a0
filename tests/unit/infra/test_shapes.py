"""What breaks a contract and what does not: a table of changes at the teller's and of wishes at the reader's side."""

from datetime import date, datetime
from typing import Any, ClassVar, Literal

import pytest
from pydantic import BaseModel, Field, JsonValue, create_model

from infra.contracts.catalogue import _broken, _unfit
from infra.kernel.events import Fact


class Step(BaseModel):
    """Something nested."""

    name: str
    due: date | None = None


class Old(Step):
    """A nested thing with one more field."""

    round: int


class Published(Fact):
    """A fact as it was recorded."""

    type: ClassVar[str] = "x.thing.done.v1"
    about: ClassVar[str] = "thing"
    thing: str
    count: int
    on: date
    outcome: Literal["yes", "no"]
    reason: str | None
    note: str = ""
    steps: list[Step]
    either: Step | Old
    document: dict[str, JsonValue]


FIELDS: dict[str, Any] = {name: (field.annotation, field) for name, field in Published.model_fields.items()}
STEP = Step(name="check", due=date(2026, 3, 2))
EXAMPLE: dict[str, Any] = {
    "thing": "a",
    "count": 1,
    "on": "2026-03-02",
    "outcome": "yes",
    "reason": "because",
    "steps": [STEP.model_dump(mode="json")],
    "either": STEP.model_dump(mode="json"),
    "document": {"name": {"state": "known"}},
}
CONTRACT: dict[str, Any] = {
    "type": Published.type,
    "schema": Published.model_json_schema(mode="serialization"),
    "example": EXAMPLE,
}


def another(base: type[BaseModel] = Fact, drop: str = "", **fields: Any) -> type[Any]:  # noqa: ANN401 - definitions
    """The fact with some fields defined anew, and one left out."""
    kept = {} if base is not Fact else {name: field for name, field in FIELDS.items() if name != drop}
    return create_model("Told", __base__=base, __module__=__name__, **(kept | fields))


class Renamed(BaseModel):
    """The nested thing with another name for its field."""

    title: str
    due: date | None = None


class Dated(BaseModel):
    """The nested thing with another type."""

    name: str
    due: datetime | None = None


class Longer(Step):
    """The nested thing with one more optional field."""

    people: list[str] = Field(default_factory=list)


@pytest.mark.parametrize(
    ("now", "fault"),
    [
        (another(drop="count", number=(int, 1)), "'count' is gone"),
        (another(count=(str, ...)), "'count' is now string, was integer"),
        (another(count=(float, ...)), "'count' is now number, was integer"),
        (another(on=(datetime, ...)), "'on' is now string date-time, was string date"),
        (another(thing=(str | None, ...)), "'thing' is now null or string, was string"),
        (another(reason=(str, ...)), "'reason' is now string, was null or string"),
        (another(thing=(str, "a")), "'thing' is now nothing or string, was string"),
        (another(note=(str, ...)), "'note' is now string, was nothing or string"),
        (another(outcome=(Literal["yes", "no", "later"], ...)), "'outcome' is now \"later\" or"),
        (another(steps=(Step, ...)), "'steps' is now object, was array"),
        (another(steps=(list[Renamed], ...)), "'steps/*/name' is gone"),
        (another(steps=(list[Dated], ...)), "'steps/*/due' is now"),
        (another(either=(Step, ...)), "'either/round' is gone"),
        (another(document=(str, ...)), "'document' is now string, was object"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_change_that_would_surprise_a_reader_is_caught(now: type[Fact], fault: str) -> None:
    found = list(_broken(CONTRACT["schema"], now.model_json_schema(mode="serialization")))
    assert any(one.startswith(fault) for one in found), found
    assert all("new version" in one for one in found)


@pytest.mark.parametrize(
    "now",
    [
        another(),
        another(extra=(str | None, None)),
        another(extra=(str, ...)),
        another(steps=(list[Longer], ...)),
        another(count=(int, Field(title="How many", description="Counted by hand", ge=0))),
    ],
    ids=["nothing", "an optional field", "a field that is always told", "a nested optional field", "a title"],
)
def test_what_is_added_and_how_it_is_described_breaks_nothing(now: type[Fact]) -> None:
    assert list(_broken(CONTRACT["schema"], now.model_json_schema(mode="serialization"))) == []


def reader(**fields: Any) -> type[Fact]:  # noqa: ANN401 - field definitions
    """A reader's narrow copy."""

    class Narrow(Fact):
        type: ClassVar[str] = Published.type
        about: ClassVar[str] = "thing"
        thing: str

    return another(Narrow, **fields)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"owner": (str, ...)}, "wishes for 'owner', which is not published"),
        ({"owner": (str | None, None)}, "wishes for 'owner', which is not published"),
        ({"steps": (list[Renamed], ...)}, "wishes for 'steps/*/title', which is not published"),
        ({"reason": (str, ...)}, "does not accept null in 'reason', which may be published"),
        ({"note": (str, ...)}, "does not accept nothing in 'note', which may be published"),
        ({"count": (str, ...)}, "does not accept integer in 'count', which may be published"),
        ({"thing": (date, ...)}, "does not accept string in 'thing', which may be published"),
        ({"outcome": (Literal["yes"], ...)}, "does not accept \"no\" in 'outcome', which may be published"),
        ({"either": (Old, ...)}, "does not accept nothing in 'either/round', which may be published"),
        ({"count": (int, Field(ge=5))}, "cannot read the recorded example"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_reader_that_could_choke_is_caught(fields: dict[str, Any], fault: str) -> None:
    found = list(_unfit(reader(**fields), CONTRACT))
    assert any(one.startswith(fault) for one in found), found


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"count": (float, ...)},
        {"on": (str, ...)},
        {"outcome": (str, ...)},
        {"reason": (str | None, None)},
        {"note": (str, "")},
        {"steps": (list[Step], ...)},
        {"either": (Step, ...)},
        {"document": (dict[str, Any], ...)},
        {"document": (another(BaseModel, name=(dict[str, str], ...)), ...)},
    ],
    ids=str,
)
def test_a_reader_may_be_narrower_and_more_tolerant_than_what_is_told(fields: dict[str, Any]) -> None:
    assert list(_unfit(reader(**fields), CONTRACT)) == []


def test_a_shape_inside_itself_is_compared_once() -> None:
    class Branch(Fact):
        branches: list["Branch"] = Field(default_factory=list)

    schema = Branch.model_json_schema(mode="serialization")
    assert list(_broken(schema, schema)) == []
