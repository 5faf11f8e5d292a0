"""Rules: which event of another department leads to which effect; written by people, versioned, tried before use."""

import json
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, computed_field

from infra.kernel.cloudevents import Foreign, structured
from infra.kernel.errors import Invalid, NotFound, Refused, Unreadable
from infra.kernel.events import Aggregate, Decision
from services.activities.inbound.model.department import Kinds, begins
from services.activities.inbound.model.effect import Kind
from services.activities.plans.model.roster import Actor

State = Literal["draft", "published", "retired"]
MOST_VERSIONS = 200
MOST_SAMPLE = 50_000
"""Characters of a sample: with all versions a rule must fit into one document."""


EXAMPLE: dict[str, JsonValue] = {
    "title": "安全事件计入指标",
    "title_en": "Safety incidents are counted",
    "event": "safety.incident.recorded",
    "effect": "point",
    "when": "has(event.data.count)",
    "map": "{organisation: data.organisation, indicator: 'safety_incidents', value: data.count, unit: '起'}",
    "sample": {
        "specversion": "1.0",
        "id": "safety-incident-2026-031",
        "source": "/departments/safety",
        "type": "safety.incident.recorded",
        "time": "2026-06-20T15:40:00+08:00",
        "data": {"organisation": "branch-3", "count": 0},
    },
}


class Wording(BaseModel):
    """What a rule says.

    ``event``: the type it listens to, or how types begin when it ends with a dot. ``when``: CEL over ``event``, the
    CloudEvents envelope; yields true or false. ``map``: JMESPath over the same envelope; yields the effect's fields, or
    a list of such. ``sample``: an event on which the rule must work before it is published. ``restricted``: what it
    makes is seen by the work department alone.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        str_strip_whitespace=True,
        populate_by_name=True,
        json_schema_extra={"examples": [EXAMPLE]},
    )

    title: str = Field(min_length=1, max_length=100)
    title_en: str = Field(min_length=1, max_length=100)
    event: Kinds
    effect: Kind
    when: str = Field(default="true", min_length=1, max_length=2000)
    mapping: str = Field(alias="map", min_length=1, max_length=4000)
    restricted: bool = False
    sample: dict[str, JsonValue]

    def concerns(self, kind: str) -> bool:
        """Whether events of this type are looked at."""
        return begins(self.event, kind)

    def example(self) -> Foreign:
        """The sample as an event; raises ``Invalid`` when it is none or one of another type."""
        if len(json.dumps(self.sample)) > MOST_SAMPLE:
            raise Invalid("rule.sample_too_large", zh="样例过大。", en="The sample is too large.", field="/sample")
        try:
            event = structured(self.sample)
        except Unreadable as error:
            raise Invalid(
                "rule.sample", zh=f"样例不是 CloudEvents 1.0 事件：{error}", en=f"The sample: {error}", field="/sample"
            ) from error
        if not self.concerns(event.type):
            raise Invalid(
                "rule.sample_type",
                zh=f"样例事件的类型“{event.type}”不在本规则范围内。",
                en=f"The sample's type “{event.type}” is not one this rule looks at.",
                field="/sample/type",
            )
        return event


class Version(Wording):
    """One version of a rule; it never changes."""

    model_config = ConfigDict(extra="ignore", json_schema_extra=None)

    number: int
    by: str
    at: datetime


class Rule(Aggregate):
    """A rule with all its versions; at most one of them is in force."""

    versions: tuple[Version, ...]
    published: int | None = None
    retired: bool = False
    reason: str | None = None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def state(self) -> State:
        """Whether a version is in force, none yet, or none any more."""
        return "retired" if self.retired else "published" if self.published else "draft"

    @property
    def in_force(self) -> Version | None:
        """The version that is applied to events."""
        return None if self.retired or self.published is None else self.versions[self.published - 1]

    def numbered(self, number: int) -> Version:
        """A version by its number; raises ``NotFound``."""
        if not 1 <= number <= len(self.versions):
            raise NotFound("rule.no_version", zh=f"规则没有第 {number} 版。", en=f"There is no version {number}.")
        return self.versions[number - 1]


def write(key: str, wording: Wording, before: Rule | None, by: Actor) -> Decision[Rule]:
    """Add a version, not in force yet; the same wording again changes nothing."""
    earlier = before.versions if before else ()
    if before and dict(wording) == {name: getattr(earlier[-1], name) for name in Wording.model_fields}:
        return before, []
    if len(earlier) >= MOST_VERSIONS:
        raise Refused("rule.too_many_versions", zh="版本过多，请新建规则。", en="Too many versions; write a new rule.")
    wording.example()
    version = Version(**dict(wording), number=len(earlier) + 1, by=by.person, at=by.at)
    return (before or Rule(id=key, versions=())).becomes(versions=(*earlier, version)), []


def publish(rule: Rule, number: int) -> Decision[Rule]:
    """Put a version in force (that it works on its sample is checked before)."""
    return rule.becomes(published=rule.numbered(number).number, retired=False, reason=None), []


def retire(rule: Rule, reason: str) -> Decision[Rule]:
    """Take the rule out of force; what it did stays."""
    return rule.becomes(retired=True, reason=reason), []
