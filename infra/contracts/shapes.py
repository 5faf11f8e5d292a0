"""What JSON data may look like, place by place, so that what is published and what is read can be compared.

Only names, types, ``null`` and absence count; titles, descriptions and lengths do not.
"""

import json
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
Place = tuple[str, ...]
Shape = dict[Place, set[str]]

ABSENT, ANY = "nothing", "anything"
EACH = "*"
"""The name of every item of a list and of every value of a free mapping."""


def of(schema: Json) -> Shape:
    """Each place in the data with what may stand there, of a JSON Schema as pydantic writes it."""
    return _walk(schema, schema, (), frozenset())


def broken(before: Shape, now: Shape) -> Iterator[str]:
    """What no longer is as it was. A place that is new is no break; everything that was there must stay the same."""
    for place, kinds in before.items():
        if place not in now:
            yield f"{shown(place)} is gone"
        elif now[place] != kinds:
            yield f"{shown(place)} is now {_listed(now[place])}, was {_listed(kinds)}"


def unfit(published: Shape, read: Shape) -> Iterator[str]:
    """What a reader wishes for that is not published, and what is published that it would choke on."""
    for place, kinds in read.items():
        if place not in published:
            if not _free(published, place):
                yield f"wishes for {shown(place)}, which is not published"
            continue
        refused = sorted(kind for kind in published[place] if not _accepted(kind, kinds))
        if refused:
            yield f"does not accept {_listed(refused)} in {shown(place)}, which may be published"


def shown(place: Place) -> str:
    """A place as people write it."""
    return repr("/".join(place))


def _listed(kinds: set[str] | list[str]) -> str:
    return " or ".join(sorted(kinds))


def _walk(shape: Json, root: Json, place: Place, seen: frozenset[str]) -> Shape:
    reference = shape.get("$ref")
    if reference in seen:  # a shape inside itself is described already
        return {}
    if reference:
        return _walk(root["$defs"][reference.rpartition("/")[2]], root, place, seen | {reference})
    parts = shape.get("anyOf") or shape.get("oneOf")
    if parts:
        return _either([_walk(part, root, place, seen) for part in parts], place)
    found: Shape = {place: _kinds(shape)}
    each = (shape.get("items"), shape.get("additionalProperties"))
    inner = [(EACH, part) for part in each if part is not None and part is not False]
    for name, part in [*shape.get("properties", {}).items(), *inner]:
        found |= _walk({} if part is True else part, root, (*place, name), seen)
    for name in shape.get("properties", {}).keys() - set(shape.get("required", ())):
        found.setdefault((*place, name), set()).add(ABSENT)
    return found


def _either(alternatives: list[Shape], place: Place) -> Shape:
    """One of several: all that may stand there; a field that only some of them have may be absent."""
    merged: Shape = {}
    objects = [one for one in alternatives if "object" in one.get(place, ())]
    for inner in {inner for one in alternatives for inner in one}:
        merged[inner] = set().union(*(one.get(inner, ()) for one in alternatives))
        if len(inner) == len(place) + 1 and not all(inner in one for one in objects):
            merged[inner].add(ABSENT)
    return merged


def _kinds(shape: Json) -> set[str]:
    values = shape.get("enum") or [shape[name] for name in ("const",) if name in shape]
    if values:
        return {json.dumps(value, ensure_ascii=False) for value in values}
    return {" ".join(filter(None, (shape.get("type", ANY), shape.get("format"))))}


def _accepted(kind: str, kinds: set[str]) -> bool:
    wider = {ANY, "string"} if kind.startswith(("string ", '"')) else {ANY}
    return kind in kinds or bool(wider & kinds) or (kind == "integer" and "number" in kinds)


def _free(published: Shape, place: Place) -> bool:
    """Whether this lies inside something published without a shape of its own, which only the example can show."""
    return any(
        ANY in published.get((*place[:n], EACH), ()) or ANY in published.get(place[:n], ()) for n in range(len(place))
    )
