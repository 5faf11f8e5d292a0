"""Wording as data: every title and body in Chinese and English, with placeholders, and words for what is not known."""

from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Literal, Self

from pydantic import model_validator

from infra.kernel.values import Closed, Value

PLACEHOLDERS: Mapping[str, frozenset[str]] = {
    "todo": frozenset({"name", "title"}),
    "review.approved": frozenset({"name", "owner", "number", "reason"}),
    "review.rejected": frozenset({"name", "owner", "number", "reason"}),
    "review.recalled": frozenset({"name", "owner", "number", "reason"}),
    "review.returned": frozenset({"name", "owner", "reason"}),
    "review.returned_to_drafter": frozenset({"name", "owner", "reason"}),
    "review.overdue": frozenset({"name", "owner", "due", "count"}),
    "review.escalated": frozenset({"name", "owner", "due", "count", "days"}),
    "review.urged": frozenset({"name", "owner", "note"}),
    "review.copied": frozenset({"name", "owner", "note"}),
    "rectification.ordered": frozenset({"name", "owner", "count", "due", "reason"}),
    "rectification.overdue": frozenset({"name", "owner", "count", "due"}),
    "rectification.closed": frozenset({"name", "owner", "outcome", "reason"}),
    "campaign.enrolling": frozenset({"title", "until"}),
    "campaign.scoring": frozenset({"title"}),
    "campaign.named": frozenset({"title", "number", "count"}),
    "standing.decided": frozenset({"name", "owner", "deed", "state", "level", "reason"}),
    "plaque.awarded": frozenset({"name", "owner", "number", "occasion", "day"}),
    "activity.filed": frozenset({"title", "kind", "organisation", "starts", "place"}),
    "activity.changed": frozenset({"title", "kind", "organisation", "starts", "place"}),
    "activity.cancelled": frozenset({"title", "kind", "organisation", "starts", "reason"}),
    "draft.made": frozenset({"title", "kind", "organisation", "department", "occurred"}),
    "reminder.raised": frozenset({"title", "text", "organisation", "department"}),
    "hint.raised": frozenset({"title", "reason", "organisation", "department"}),
}
"""What each kind of message has to offer; a template that asks for anything else is not loaded."""

MAY_BE_UNKNOWN = frozenset({"level", "name", "note", "number", "reason"})


class Text(Value):
    """What people see, in both languages."""

    zh: str
    en: str


class Template(Closed):
    """One kind of message."""

    title: Text
    body: Text


class Wording(Closed):
    """All templates of one version. Loading raises ``ValueError`` when one is missing or asks for what is not there."""

    version: int
    unknown: dict[str, Text]
    templates: dict[str, Template]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        wrong = [f"no template {kind!r}" for kind in PLACEHOLDERS.keys() - self.templates.keys()]
        wrong += [f"unknown template {kind!r}" for kind in self.templates.keys() - PLACEHOLDERS.keys()]
        wrong += [f"no word for an unknown {name!r}" for name in MAY_BE_UNKNOWN - self.unknown.keys()]
        for kind in PLACEHOLDERS.keys() & self.templates.keys():
            asked = set(_placeholders(self.templates[kind]))
            wrong += [f"{kind}: nothing fills {{{name}}}" for name in sorted(asked - PLACEHOLDERS[kind])]
        if wrong:
            raise ValueError("; ".join(sorted(wrong)))
        return self

    def render(
        self, kind: str, values: Mapping[str, str | None], english: Mapping[str, str | None] | None = None
    ) -> tuple[Text, Text]:
        """Title and body of a message; ``english`` holds the values that differ in English."""
        template = self.templates[kind]
        zh, en = self._filled(values, "zh"), self._filled({**values, **(english or {})}, "en")
        return (
            Text(zh=template.title.zh.format_map(zh), en=template.title.en.format_map(en)),
            Text(zh=template.body.zh.format_map(zh), en=template.body.en.format_map(en)),
        )

    def _filled(self, values: Mapping[str, str | None], language: Literal["zh", "en"]) -> dict[str, str]:
        return {
            name: getattr(self.unknown[name], language) if value is None else value for name, value in values.items()
        }


def _placeholders(template: Template) -> Iterator[str]:
    """The whole text between braces: ``{name.attribute}`` is then simply no placeholder that anything fills."""
    for text in (template.title.zh, template.title.en, template.body.zh, template.body.en):
        for _, name, form, conversion in Formatter().parse(text):
            if name is not None:
                yield name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")
