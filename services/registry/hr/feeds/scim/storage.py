"""scim2-server's storage on this service's database. The library's own contract tests say what it must do.

A resource as it is kept and looked for, and back; which stored values a filter can be narrowed down to.
"""

import asyncio
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, cast

from pydantic import JsonValue
from scim2_models import (
    AttributeBinding,
    Meta,
    NotFoundException,
    Path,
    PreconditionFailedException,
    Resource,
    ResourceType,
    ResponseParameters,
    ScimFilter,
    ScimProvider,
    SearchRequest,
    Uniqueness,
    UniquenessException,
)
from scim2_models.path import CompareOperator, Comparison, LogicalExpr, LogicalOperator
from scim2_server.storage import AsyncScimStorage, SearchPage
from scim2_server.utils import parametrize

from infra.kernel import clock
from infra.kernel.errors import NotFound, Refused, Stale
from infra.kernel.events import Cause
from services.registry.hr.feeds.scim.feeding import ENTERPRISE
from services.registry.hr.model import directory as model
from services.registry.hr.model.directory import Entry, Kind, Shape, Wish
from services.registry.hr.store import Entries

CLIENT: ContextVar[str] = ContextVar("scim_client", default="unknown")
"""Who asks: the library hands no caller down to its storage."""


class Directory(AsyncScimStorage):
    """Users and groups in MongoDB."""

    def __init__(self, entries: Entries, provider: ScimProvider) -> None:
        self._entries, self._provider = entries, provider

    async def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,  # noqa: ARG002 - we have no part that is dear to read
    ) -> Resource[Any]:
        """The resource; raises SCIM's 404."""
        kind = _kind(resource_type)
        found = await self._entries.find({"_id": resource_id, "kind": kind, "deleted": False}, limit=1)
        if not found:
            raise _missing(kind, resource_id)
        return self._resource(found[0])

    async def search(
        self, resource_types: list[ResourceType], search_request: SearchRequest[Any], *, position: object = None
    ) -> SearchPage:
        """One page of what matches, and how many match. ``position`` is for cursors, which are not announced."""
        del position
        where: dict[str, Any] = {"kind": {"$in": [_kind(one) for one in resource_types]}, "deleted": False}
        if search_request.filter is None and search_request.sort_by is None:
            if search_request.count == 0:
                return SearchPage(await self._entries.count(where), [])
            page = await self._entries.stretch(where, search_request.start_index_0 or 0, search_request.count or 0)
            return SearchPage(await self._entries.count(where), [self._resource(one) for one in page])
        keys = narrowed(search_request.filter)
        if keys:
            where["shape.keys"] = {"$all": keys}
        # a thread, because the filter is evaluated in Python for each of perhaps thousands
        candidates = await self._entries.find(where, limit=0)
        return await asyncio.to_thread(self._chosen, candidates, search_request)

    async def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        """Store a new resource; raises SCIM's 409 where a unique value is taken."""
        kind, now = _kind(resource_type), clock.now()
        shape = shaped(kind, resource)
        about = {"kind": kind, "shape": shape, "unique": shape.unique, "client": CLIENT.get()}
        when = {"created_at": now, "changed_at": now, "seq": model.milliseconds(now)}
        entry = Entry.model_validate({"id": str(uuid.uuid4()), **about, **when})
        with _said_as_scim(kind, entry.id):
            await self._entries.create(lambda: (entry, []), cause=_cause(entry.id, now))
        return self._resource(entry)

    async def update(
        self, resource_type: ResourceType, resource: Resource[Any], *, expected_version: str | None = None
    ) -> Resource[Any]:
        """Replace a resource; raises SCIM's 404, 409 and 412."""
        key, wish = str(resource.id), _wish(resource_type, expected_version)
        decide = partial(model.replaced, shape=shaped(wish.kind, resource), wish=wish)
        with _said_as_scim(wish.kind, key):
            await self._entries.update(key, decide, cause=_cause(key, wish.at))
        return await self.get(resource_type, key)

    async def delete(
        self, resource_type: ResourceType, resource_id: str, *, expected_version: str | None = None
    ) -> None:
        """End a resource; raises SCIM's 404 and 412."""
        wish = _wish(resource_type, expected_version)
        decide, cause = partial(model.deleted, wish=wish), _cause(resource_id, wish.at)
        with _said_as_scim(wish.kind, resource_id):
            await self._entries.update(resource_id, decide, cause=cause)

    def _resource(self, entry: Entry) -> Resource[Any]:
        """The resource as the protocol wants it; its location is the server's business."""
        kinds = {one.name: one for one in self._provider.resource_types}
        about = {"created": entry.created_at, "last_modified": entry.changed_at, "version": entry.etag}
        with self._provider:
            model_of = cast("type[Resource[Any]]", self._provider.model_for(kinds[entry.kind]))
            resource: Resource[Any] = model_of.model_validate({**entry.shape.content, "id": entry.id})
            resource.meta = Meta(resource_type=entry.kind, **about)
        return resource

    def _chosen(self, candidates: Sequence[Entry], request: SearchRequest[Any]) -> SearchPage:
        """Filter, sort and page in memory, as the protocol defines it."""
        resources = [self._resource(one) for one in candidates]
        wanted = request.filter
        if wanted is not None and not wanted.models and resources:  # a search at the root: the filter meets each type
            kinds = tuple(dict.fromkeys(type(one) for one in resources))
            union: Any = kinds[0]
            for kind in kinds[1:]:
                union |= kind
            wanted = parametrize(ScimFilter, union)(str(wanted))
        found = [one for one in resources if wanted is None or wanted.match(one)]
        ordered = request.sort(found) if request.sort_by is not None else found
        start = request.start_index_0 or 0
        stop = None if request.count is None else start + request.count
        return SearchPage(len(ordered), ordered[start:stop])


def _kind(resource_type: ResourceType) -> Kind:
    return cast("Kind", resource_type.name)


def _wish(resource_type: ResourceType, expected: str | None) -> Wish:
    return Wish(_kind(resource_type), CLIENT.get(), clock.now(), expected)


@contextmanager
def _said_as_scim(kind: Kind, key: str) -> Iterator[None]:
    """What the store refuses, as SCIM's 404, 412 and 409."""
    try:
        yield
    except NotFound as error:
        raise _missing(kind, key) from error
    except Stale as error:
        raise PreconditionFailedException from error
    except Refused as error:
        raise UniquenessException(detail=error.en) from error


def _missing(kind: Kind, key: str) -> NotFoundException:
    return NotFoundException(detail=f"{kind} {key!r} not found")


def _cause(key: str, at: datetime) -> Cause:
    """SCIM knows no idempotency keys: a repeated PUT or PATCH ends the same, a repeated POST meets the unique value."""
    return Cause.of(f"scim#{key}", uuid.uuid4(), at=at)


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
