"""Another department that sends events, as data: which types are its own, from which sources, what their data are."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field, JsonValue

from infra.kernel.cloudevents import DEEPEST
from infra.kernel.errors import Invalid
from infra.kernel.events import Aggregate, Decision
from infra.kernel.json_tree import parts, unstorable
from infra.kernel.values import Closed, Input, Value
from services.activities.plans.model.roster import Actor

Kinds = Annotated[str, Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)*\.?$", max_length=200)]
"""A type of events, or how types begin when it ends with a dot (``safety.``)."""

Source = Annotated[str, Field(pattern=r"^\S+$", max_length=300)]
"""A CloudEvents ``source``, or how sources begin when it ends with a slash."""

MOST_SCHEMA, MOST_SCHEMAS = 60_000, 120_000
"""Characters of one schema and of all; with what was registered earlier it must fit into one document."""
MOST_EARLIER = 100


class Schema(Closed):
    """What the data of one type look like (JSON Schema 2020-12) and, when the sender names one, its ``dataschema``."""

    body_schema: dict[str, JsonValue]
    dataschema: str | None = Field(default=None, min_length=1, max_length=300)


class Registration(Input):
    """What a department registers.

    ``elsewhere``: types that another service of this system works off; here they need no rule. ``restricted``: what it
    sends is seen by the work department alone (discipline cases).
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "安全管理部",
                    "title_en": "Safety department",
                    "types": ["safety."],
                    "sources": ["/departments/safety"],
                    "schemas": {"safety.incident.recorded": {"body_schema": {"type": "object"}}},
                }
            ]
        }
    )

    title: str = Field(min_length=1, max_length=100)
    title_en: str = Field(min_length=1, max_length=100)
    types: tuple[Kinds, ...] = Field(min_length=1, max_length=50)
    sources: tuple[Source, ...] = Field(min_length=1, max_length=50)
    schemas: dict[Kinds, Schema] = Field(default={}, max_length=100)
    elsewhere: tuple[Kinds, ...] = Field(default=(), max_length=50)
    restricted: bool = False
    contact: str | None = Field(default=None, min_length=1, max_length=200)
    active: bool = True

    def owns(self, kind: str) -> bool:
        """Whether this type is its own."""
        return any(begins(own, kind) for own in self.types)

    def speaks_as(self, source: str) -> bool:
        """Whether this source is one of its own."""
        return any(begins(own, source, "/") for own in self.sources)

    def is_elsewhere(self, kind: str) -> bool:
        """Whether another service works this type off."""
        return any(begins(other, kind) for other in self.elsewhere)


class Former(Value):
    """What was registered before a change, and who changed it when."""

    registration: Registration
    changed_by: str
    changed_at: datetime


class Department(Aggregate, Registration):
    """A registered department; earlier registrations stay visible."""

    model_config = ConfigDict(extra="ignore", json_schema_extra=None)

    revision: int = 1
    earlier: tuple[Former, ...] = ()


def begins(beginning: str, name: str, mark: str = ".") -> bool:
    """Whether a type is this one or, where this ends with a dot, begins with it; of sources the mark is a slash."""
    return name == beginning or (beginning.endswith(mark) and name.startswith(beginning))


def _meet(mine: str, theirs: Iterable[str], mark: str) -> bool:
    return any(begins(mine, own, mark) or begins(own, mine, mark) for own in theirs)


def owner(departments: Iterable[Department], kind: str) -> Department | None:
    """The active department whose type this is; None when it is nobody's."""
    return next((one for one in departments if one.active and one.owns(kind)), None)


def register(
    key: str, wanted: Registration, before: Department | None, others: Iterable[Department], by: Actor
) -> Decision[Department]:
    """Register a department or change it. Raises ``Invalid`` for types of another's and for schemas out of bounds."""
    for other in others:
        if other.id != key:
            _require_free(wanted, other)
    for kind, schema in wanted.schemas.items():
        _check(kind, schema, wanted)
    if sum(len(json.dumps(schema.body_schema)) for schema in wanted.schemas.values()) > MOST_SCHEMAS:
        raise Invalid(
            "schema.too_large", zh="JSON Schema 合计过大。", en="The schemas are too large.", field="/schemas"
        )
    if before is None:
        return Department(id=key, **dict(wanted)), []
    was = Registration.model_validate({name: getattr(before, name) for name in Registration.model_fields})
    if was == wanted:
        return before, []
    former = Former(registration=was, changed_by=by.person, changed_at=by.at)
    earlier = (*before.earlier, former)[-MOST_EARLIER:]
    return before.becomes(**dict(wanted), revision=before.revision + 1, earlier=earlier), []


def _require_free(wanted: Registration, other: Department) -> None:
    for place, beginning in enumerate(wanted.types):
        if _meet(beginning, other.types, "."):
            raise Invalid(
                "department.type_taken",
                zh=f"事件类型“{beginning}”已由“{other.title}”登记。",
                en=f"The types “{beginning}” belong to “{other.title_en}”.",
                field=f"/types/{place}",
            )
    for place, source in enumerate(wanted.sources):
        if _meet(source, other.sources, "/"):
            raise Invalid(  # what (source, id) names would be another's to take
                "department.source_taken",
                zh=f"来源“{source}”已由“{other.title}”登记。",
                en=f"The source “{source}” belongs to “{other.title_en}”.",
                field=f"/sources/{place}",
            )


def _check(kind: str, schema: Schema, wanted: Registration) -> None:
    field = f"/schemas/{kind}"
    if not wanted.owns(kind):
        raise Invalid(
            "schema.foreign_type", zh=f"“{kind}”不是该部门的类型。", en=f"“{kind}” is no type of its own.", field=field
        )
    if kind.endswith("."):
        zh, en = f"“{kind}”须写明具体类型。", f"“{kind}”: a schema is for one type, named in full."
        raise Invalid("schema.not_one_type", zh=zh, en=en, field=field)
    if len(json.dumps(schema.body_schema)) > MOST_SCHEMA:
        raise Invalid("schema.too_large", zh="JSON Schema 过大。", en="The JSON Schema is too large.", field=field)
    for fault in unstorable(schema.body_schema, deepest=DEEPEST):
        zh, en = f"JSON Schema 无法保存：{fault.zh}。", f"The JSON Schema cannot be kept: {fault.en}."
        raise Invalid("schema.unstorable", zh=zh, en=en, field=field)
    for where, reference in _references(schema.body_schema, ""):
        if not isinstance(reference, str) or not reference.startswith("#"):
            raise Invalid(
                "schema.remote",
                zh="$ref 只能指向本格式之内（以“#”开头）。",
                en="A $ref may only point into the schema itself (begin with “#”).",
                field=f"{field}/body_schema{where}",
            )


def _references(node: JsonValue, where: str) -> Iterator[tuple[str, JsonValue]]:
    for at, part in parts(node, where):
        if isinstance(node, dict) and at.rpartition("/")[2] in {"$ref", "$dynamicRef"}:
            yield at, part
        yield from _references(part, at)
