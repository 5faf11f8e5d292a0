"""A SCIM resource as it is kept and looked for, and back; which stored values a filter can be narrowed down to."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from pydantic import JsonValue
from scim2_models import AttributeBinding, Meta, Path, Resource, ScimFilter, Uniqueness
from scim2_models.path import CompareOperator, Comparison, LogicalExpr, LogicalOperator
from scim2_server.utils import parametrize

from services.registry.hr.feeds.scim.statement import ENTERPRISE
from services.registry.hr.model.directory import Entry, Kind, Shape

FROM_SERVER = {"id", "meta"}
UNIQUE = [Uniqueness.server, Uniqueness.global_]


def shaped(kind: Kind, resource: Resource[Any]) -> Shape:
    """A resource as it is kept."""
    content: dict[str, Any] = resource.model_dump(exclude=FROM_SERVER)
    model = type(resource)
    unique = tuple(_values(resource, _attributes(model, unique=True)))
    keys = tuple(_values(resource, _attributes(model, unique=False)))
    common = {"content": content, "unique": unique or None, "keys": keys}
    if kind == "User":
        work = content.get(ENTERPRISE) or {}
        return Shape(**common, number=_text(work.get("employeeNumber")), refers=_name(work.get("department")))
    members = tuple(dict.fromkeys(str(one["value"]) for one in content.get("members") or () if one.get("value")))
    names = (content.get("externalId"), content.get("displayName"))
    return Shape(
        **common,
        members=members,
        names=tuple(dict.fromkeys(filter(None, map(_name, names)))),
        number=_text(content.get("externalId")),
    )


def resource_of(model: type[Resource[Any]], entry: Entry) -> Resource[Any]:
    """The resource as the protocol wants it; its location is the server's business."""
    meta = Meta(resource_type=entry.kind, created=entry.created_at, last_modified=entry.changed_at, version=entry.etag)
    resource: Resource[Any] = model.model_validate({**entry.shape.content, "id": entry.id})
    resource.meta = meta
    return resource


def narrowed(scim_filter: ScimFilter[Any] | None) -> list[str]:
    """Keys that every resource has which the filter keeps: ``userName eq "x"`` shall not read the whole directory.

    The filter itself still decides; what cannot be narrowed down adds nothing.
    """
    if scim_filter is None or scim_filter.model is None:
        return []
    return [key for node in _all_of(scim_filter.ast) for key in _key(scim_filter, node)]


def _all_of(node: object) -> Iterator[Comparison]:
    """The comparisons that must all hold."""
    if isinstance(node, Comparison):
        yield node
    elif isinstance(node, LogicalExpr) and node.op is LogicalOperator.and_:
        for term in node.terms:
            yield from _all_of(term)


def _key(scim_filter: ScimFilter[Any], node: Comparison) -> Iterator[str]:
    if node.op is not CompareOperator.eq or not isinstance(node.value, str):
        return
    binding = scim_filter.resolve_comparison(node.attr_path, strict=False)
    if binding is not None and not binding.is_multivalued and binding.target_type is str and binding.urn:
        try:
            yield f"{binding.urn}={binding.comparable(node.value)}"
        except ValueError:  # a text that cannot be compared equals nothing; the filter will say so
            return


@lru_cache(maxsize=32)
def _attributes(model: type[Resource[Any]], *, unique: bool) -> tuple[AttributeBinding, ...]:
    """The attributes of a model with a single text, or only those that no two resources may share."""
    paths = parametrize(Path, model)
    wanted = paths.iter_paths(include_subattributes=False, uniqueness=UNIQUE) if unique else paths.iter_paths()
    bindings = [path.resolve() for path in wanted]
    return tuple(
        one for one in bindings if one is not None and not one.is_multivalued and (unique or one.target_type is str)
    )


def _values(resource: Resource[Any], bindings: tuple[AttributeBinding, ...]) -> Iterator[str]:
    for binding in bindings:
        value = parametrize(Path, type(resource))(binding.urn).get(resource, strict=False)
        try:
            compared = binding.comparable(value)
        except ValueError:
            continue
        if compared is not None:
            yield f"{binding.urn}={compared}"


def _text(value: JsonValue) -> str | None:
    return (value.strip() or None) if isinstance(value, str) else None


def _name(value: JsonValue) -> str | None:
    """A department's name or code without regard to case and surrounding blanks."""
    text = _text(value)
    return text.casefold() if text else None
