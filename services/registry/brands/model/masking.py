"""Masked values on their way out and back: stripped for those who may not see them, rejoined when the text returns."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pydantic import JsonValue

from infra.kernel.json_pointer import pointer
from infra.kernel.json_tree import Json, parts
from infra.kernel.values import Value
from services.registry.brands.model.document import Document
from services.registry.party.model.value import Audience


class Seal(Value):
    """What is behind one mask of a text that left registry; never leaves registry itself."""

    pointer: str
    shown: str
    visible_to: tuple[str, ...]
    value: JsonValue


def nobody(_roles: tuple[str, ...]) -> bool:
    """The audience of facts: no service but registry ever sees behind a mask."""
    return False


def concealed(document: Document, may_see: Audience = nobody) -> Json:
    """The document as JSON in which masked values are stripped unless the reader may see them."""
    body: Json = _mapped(document.as_json(), "", lambda _, mask: _stripped(mask, may_see))
    return body


def seals(document: Document) -> tuple[Seal, ...]:
    """What stands behind the masks of a text, to be kept while another service holds the text."""
    return tuple(
        Seal(pointer=at, shown=mask["shown"], visible_to=_roles(mask), value=mask["value"])
        for at, mask in _masks(document.as_json(), "")
        if "value" in mask
    )


def rejoined(document: Document, sealed: Sequence[Seal]) -> Document:
    """The text with the values behind masks that stand where they stood and show what they showed.

    The roles come back with the value: who may not see it must not be able to widen its audience either.
    """
    known = {(seal.pointer, seal.shown): seal for seal in sealed}

    def open_seal(at: str, mask: Json) -> Json:
        seal = known.get((at, mask["shown"]))
        if seal is None or "value" in mask:
            return mask
        if _roles(mask) == seal.visible_to:
            return {**mask, "value": seal.value}
        return {**mask, "visible_to": list(seal.visible_to), "value": seal.value}

    return Document.model_validate(_mapped(document.as_json(), "", open_seal))


def _is_mask(node: object) -> bool:
    """A mask is known by its shape, so that block data may hold masked values as well."""
    return isinstance(node, dict) and node.get("state") == "masked" and isinstance(node.get("shown"), str)


def _stripped(mask: Json, may_see: Audience) -> Json:
    return mask if may_see(_roles(mask)) else {name: part for name, part in mask.items() if name != "value"}


def _roles(mask: Json) -> tuple[str, ...]:
    """Who may see behind a mask; in block data anything can stand there, and what is no list names nobody."""
    roles = mask.get("visible_to")
    return tuple(str(role) for role in roles) if isinstance(roles, list) else ()


def _masks(node: object, at: str) -> Iterator[tuple[str, Json]]:
    if _is_mask(node):
        assert isinstance(node, dict)  # noqa: S101 - for the type checker, _is_mask said so
        yield at, node
    else:
        for where, part in parts(node, at):
            yield from _masks(part, where)


def _mapped(node: Any, at: str, change: Callable[[str, Json], Json]) -> Any:  # noqa: ANN401 - any JSON in and out
    if _is_mask(node):
        return change(at, node)
    if isinstance(node, dict):
        return {name: _mapped(part, pointer(at, name), change) for name, part in node.items()}
    if isinstance(node, list):
        return [_mapped(part, pointer(at, place), change) for place, part in enumerate(node)]
    return node
