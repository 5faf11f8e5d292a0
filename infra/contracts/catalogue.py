"""Contracts as data: what each service publishes, with an example; compared with what every reader expects.

There is no shared package of event classes. The producer records the shape of its facts
(``services/<name>/contracts/<type>.json``), each reader keeps its own narrow copy, and ``check`` compares both ways.
"""

import importlib
import inspect
import json
import pkgutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from infra.contracts import shapes
from infra.contracts.http import openapi
from infra.contracts.problems import codes
from infra.kernel.events import CONTENT_TYPE, Event, Fact

SERVICES = ("registry", "review", "activities", "notify")
Json = dict[str, Any]


@dataclass(frozen=True)
class PublishedFact:
    """A fact as its owner publishes it: the class, one example, and who consumes it."""

    service: str
    example: Fact
    readers: tuple[str, ...]

    @property
    def type(self) -> str:
        """The wire name."""
        return self.example.type

    @property
    def contract(self) -> Json:
        """What is recorded: names, types and ``required`` of the data, and the example."""
        schema = type(self.example).model_json_schema(mode="serialization")
        return {"type": self.type, "schema": schema, "example": self.example.model_dump(mode="json")}


def catalogue(services: Sequence[str] = SERVICES) -> list[PublishedFact]:
    """Every fact that is published, in order of its name."""
    consumers: dict[str, list[str]] = {}
    for service in services:
        for fact in {one.type: one for one in _facts(service)}.values():
            if not fact.type.startswith(f"{service}."):
                consumers.setdefault(fact.type, []).append(service)
    published = [
        PublishedFact(service, example, tuple(consumers.get(example.type, ())))
        for service in services
        for module in _events(service)
        for example in getattr(module, "EXAMPLES", ())
    ]
    return sorted(published, key=lambda entry: entry.type)


def write(root: Path) -> list[Path]:
    """Record contracts, event catalogue, AsyncAPI, OpenAPI and problem codes below ``root``; returns what changed."""
    changed = []
    for path, text in _files(root):
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


def check(root: Path) -> list[str]:
    """What does not hold: a published fact that lost its recorded shape, a reader that wishes for another one."""
    faults = []
    for entry in catalogue():
        path = _path(root, entry)
        if not path.exists():
            faults.append(f"{entry.type}: not recorded; run make contracts and review {path.name}")
            continue
        recorded = json.loads(path.read_text(encoding="utf-8"))
        faults += [f"{entry.type}: {fault}" for fault in _broken(recorded["schema"], entry.contract["schema"])]
    return faults + _unreadable(root)


def _unreadable(root: Path) -> list[str]:
    faults = []
    owned = {entry.type: entry for entry in catalogue()}
    for service in SERVICES:
        for fact in _facts(service):
            if fact.type.startswith(f"{service}."):
                if fact.type not in owned:
                    faults.append(f"{fact.type}: {service} has the class but no example in EXAMPLES")
            elif fact.type not in owned:
                faults.append(f"{fact.type}: {service} consumes it, but nobody publishes it")
            elif _path(root, owned[fact.type]).exists():
                recorded = json.loads(_path(root, owned[fact.type]).read_text(encoding="utf-8"))
                faults += [f"{fact.type}: {service} {fault}" for fault in _unfit(fact, recorded)]
    return faults


def _broken(recorded: Json, now: Json) -> Iterator[str]:
    """What was recorded must still be there as it was; only a place that is new keeps the version."""
    for fault in shapes.broken(shapes.of(recorded), shapes.of(now)):
        yield f"{fault}; say something new under a new version"


def _unfit(reader: type[Fact], contract: Json) -> Iterator[str]:
    """A reader must be able to read whatever may be published, and the recorded example in particular."""
    yield from shapes.unfit(shapes.of(contract["schema"]), shapes.of(reader.model_json_schema(mode="validation")))
    try:
        reader.model_validate(contract["example"])
    except ValueError as error:
        yield f"cannot read the recorded example: {error}"


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


def _path(root: Path, entry: PublishedFact) -> Path:
    return root / "services" / entry.service / "contracts" / f"{entry.type}.json"


def _files(root: Path) -> Iterator[tuple[Path, str]]:
    published = catalogue()
    for entry in published:
        yield _path(root, entry), _json(entry.contract)
    yield root / "docs" / "events.md", _markdown(published)
    yield root / "docs" / "asyncapi.json", _json(_asyncapi(published))
    for service in SERVICES:
        yield root / "docs" / "openapi" / f"{service}.json", _json(openapi(service))
    yield root / "infra" / "web" / "problem_codes.json", _json(codes())


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
