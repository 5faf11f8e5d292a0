"""Contracts as data: what each service publishes, with an example; compared with what every reader expects.

There is no shared package of event classes. The producer records the shape of its facts
(``services/<name>/contracts/<type>.json``), each reader keeps its own narrow copy, and ``check`` compares both ways.
"""

import importlib
import inspect
import json
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from infra.contracts import shapes
from infra.contracts.problems import codes
from infra.kernel.events import CONTENT_TYPE, Event, Fact
from infra.kernel.settings import Settings

SERVICES = ("registry", "review", "activities", "notify")
Json = dict[str, Any]


@dataclass(frozen=True)
class PublishedFact:
    """A fact as its owner publishes it: the class, one example, and each consumer with its narrow copy."""

    service: str
    example: Fact
    copies: tuple[tuple[str, type[Fact]], ...]

    @property
    def type(self) -> str:
        """The wire name."""
        return self.example.type

    @property
    def readers(self) -> list[str]:
        """Who consumes it."""
        return list(dict.fromkeys(service for service, _ in self.copies))

    @cached_property
    def contract(self) -> Json:
        """What is recorded: names, types and ``required`` of the data, and the example; nobody changes it."""
        schema = type(self.example).model_json_schema(mode="serialization")
        return {"type": self.type, "schema": schema, "example": self.example.model_dump(mode="json")}


@cache
def catalogue() -> tuple[PublishedFact, ...]:
    """Every fact that is published, in order of its name; made once in a process."""
    copies: dict[str, list[tuple[str, type[Fact]]]] = {}
    for service, fact in _consumed():
        copies.setdefault(fact.type, []).append((service, fact))
    published = [
        PublishedFact(service, example, tuple(copies.get(example.type, ())))
        for service in SERVICES
        for module in _events(service)
        for example in getattr(module, "EXAMPLES", ())
    ]
    return tuple(sorted(published, key=lambda entry: entry.type))


def write(root: Path) -> list[Path]:
    """Record contracts, event catalogue, AsyncAPI, OpenAPI and problem codes below ``root``; returns what changed."""
    changed = []
    for path, text in ((root / name, text) for name, text in generated().items()):
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


def check(root: Path) -> list[str]:
    """What does not hold: a published fact that lost its recorded shape, a reader that wishes for another one."""
    return [fault for entry in catalogue() for fault in faults(root, entry)] + list(_without_example_or_owner())


def faults(root: Path, entry: PublishedFact) -> Iterator[str]:
    """What does not hold of one fact: its recorded shape, and what its readers wish for."""
    path = root / _path(entry)
    if not path.exists():
        yield f"{entry.type}: not recorded; run make contracts and review {path.name}"
        return
    recorded = json.loads(path.read_text(encoding="utf-8"))
    yield from (f"{entry.type}: {fault}" for fault in _broken(recorded["schema"], entry.contract["schema"]))
    for service, copy in entry.copies:
        yield from (f"{entry.type}: {service} {fault}" for fault in _unfit(copy, recorded))


def _without_example_or_owner() -> Iterator[str]:
    published = {entry.type for entry in catalogue()}
    for service in SERVICES:
        for fact in _facts(service):
            if fact.type.startswith(f"{service}.") and fact.type not in published:
                yield f"{fact.type}: {service} has the class but no example in EXAMPLES"
    for service, fact in _consumed():
        if fact.type not in published:
            yield f"{fact.type}: {service} consumes it, but nobody publishes it"


def _consumed() -> Iterator[tuple[str, type[Fact]]]:
    """Each service with each class of its own for what others publish."""
    for service in SERVICES:
        yield from ((service, fact) for fact in _facts(service) if not fact.type.startswith(f"{service}."))


def _broken(recorded: Json, now: Json) -> Iterator[str]:
    """What was recorded must still be there as it was; only a place that is new keeps the version."""
    for fault in shapes.broken(shapes.of(recorded), shapes.of(now)):
        yield f"{fault}; say something new under a new version"


def _unfit(reader: type[Fact], contract: Json) -> Iterator[str]:
    """A reader must be able to read whatever may be published, and the recorded example in particular."""
    yield from shapes.unfit(shapes.of(contract["schema"]), _wishes(reader))
    try:
        reader.model_validate(contract["example"])
    except ValueError as error:
        yield f"cannot read the recorded example: {error}"


@cache
def _wishes(reader: type[Fact]) -> shapes.Shape:
    return shapes.of(reader.model_json_schema(mode="validation"))


@cache
def _events(service: str) -> list[ModuleType]:
    """The modules with a service's facts: ``events.published.…`` with an example of each, ``events.consumed.…``."""
    root = importlib.import_module(f"services.{service}.events")
    found = pkgutil.walk_packages(root.__path__, f"{root.__name__}.")
    return [importlib.import_module(name) for name in sorted(one.name for one in found)]


def _facts(service: str) -> list[type[Fact]]:
    return [fact for module in _events(service) for fact in _classes(module)]


def _classes(module: ModuleType) -> list[type[Fact]]:
    found = [item for item in vars(module).values() if isinstance(item, type) and issubclass(item, Fact)]
    return [one for one in found if hasattr(one, "type") and one.__module__ == module.__name__]


def _path(entry: PublishedFact) -> str:
    return f"services/{entry.service}/contracts/{entry.type}.json"


@cache
def generated() -> Mapping[str, str]:
    """The text of every generated file by its path below the repository; made once in a process."""
    published = catalogue()
    return {
        **{_path(entry): _json(entry.contract) for entry in published},
        "docs/events.md": _markdown(published),
        "docs/asyncapi.json": _json(_asyncapi(published)),
        **{f"docs/openapi/{service}.json": _json(openapi(service)) for service in SERVICES},
        "infra/web/problem_codes.json": _json(codes()),
    }


def _markdown(published: Sequence[PublishedFact]) -> str:
    lines = [
        "# Events · 事件目录",
        "",
        "Generated by `make contracts` from `services/*/events.py`; never edited by hand. Every event is a CloudEvents",
        f"1.0 envelope (`{CONTENT_TYPE}`) on the exchange `brand.events`, routing key = type.",
    ]
    for entry in published:
        doc = inspect.cleandoc(type(entry.example).__doc__ or "")  # Python 3.13 takes the indentation off by itself
        readers = ", ".join(entry.readers) or "nobody yet"
        lines += [
            "",
            f"## `{entry.type}`",
            "",
            doc,
            "",
            f"Published by **{entry.service}**, consumed by: {readers}.",
            "",
        ]
        lines += ["```json", _json(entry.contract["example"]).rstrip(), "```"]
    return "\n".join(lines) + "\n"


def _asyncapi(published: Sequence[PublishedFact]) -> Json:
    channels, messages, operations = {}, {}, {}
    for entry in published:
        ref = entry.type.replace(".", "-")
        messages[ref] = {"name": entry.type, "contentType": CONTENT_TYPE, "payload": _envelope(entry)}
        channels[ref] = {"address": entry.type, "messages": {ref: {"$ref": f"#/components/messages/{ref}"}}}
        operations[f"{entry.service}-publishes-{ref}"] = {"action": "send", "channel": {"$ref": f"#/channels/{ref}"}}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Brand Matrix 品牌矩阵", "version": "1"},
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages},
    }


def _envelope(entry: PublishedFact) -> Json:
    schema: Json = Event[type(entry.example)].model_json_schema(mode="serialization")  # type: ignore[misc]
    schema["properties"]["type"] = {"const": entry.type}
    schema["$id"] = f"/contracts/{entry.type}"  # so that its own references resolve inside it
    return schema


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


@cache
def openapi(service: str) -> Json:
    """The document that the service serves at ``/openapi.json``, made without any server; nobody changes it."""
    made = importlib.import_module(f"services.{service}.app").build(Settings.of(service, {}))
    document: Json = made.app.openapi()
    return document
