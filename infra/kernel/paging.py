"""Lists in pages, in one form everywhere: what is asked for, what is answered, and the cursor between two pages.

A cursor carries the values by which the list is sorted, of the last item shown, so that what is added meanwhile
neither repeats nor hides an item. A list is sorted by fields, ``-`` in front = descending; the id decides last.
"""

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeAlias, TypeVar

from pydantic import BaseModel, Field

from infra.kernel.errors import Invalid
from infra.kernel.json_tree import unstorable
from infra.kernel.values import Closed

T = TypeVar("T")
U = TypeVar("U")
Sort: TypeAlias = Sequence[tuple[str, int]]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Paging(Closed):
    """Which page of a list is asked for; a list with filters, or with ``sort``, makes its own of it."""

    limit: int = Field(default=50, ge=1, le=200, description="每页条数 / Items on the page")
    after: str | None = Field(default=None, max_length=2000, description="上一页的 next / The next of the page before")

    @property
    def order(self) -> tuple[str, ...]:
        """The fields that the list is sorted by, as they are stored."""
        return (getattr(self, "sort", "id"),)

    def where(self, **stored: str) -> dict[str, Any]:
        """The filters that were given, as a condition; ``stored``: under which name a field is kept, if another."""
        given = self.model_dump(exclude={"limit", "after", "sort"}, exclude_none=True)
        return {stored.get(name, name): value for name, value in given.items()}

    def keys(self) -> Sort:
        """The order as the database takes it, made whole by the id."""
        keys = [(name.lstrip("-"), -1 if name.startswith("-") else 1) for name in self.order]
        whole = keys if keys[-1][0] == "id" else [*keys, ("id", keys[-1][1])]
        return [("_id" if name == "id" else name, direction) for name, direction in whole]

    def begins_after(self, of: str, count: int = 1) -> list[Any] | None:
        """The values after which the page begins, the id last; raises ``Invalid`` for what is no cursor ``of`` it."""
        if self.after is None:
            return None
        try:
            content = urlsafe_b64decode(f"{self.after}==")
            values = list(json.loads(content[4:], object_hook=_moment))
            genuine = content[:4] == _check(of, content[4:]) and not any(unstorable(values))
            if genuine and len(values) == count and isinstance(values[-1], str):
                return values
        except (ValueError, TypeError, LookupError, OverflowError, RecursionError):
            pass  # whatever somebody sent, it is no cursor
        raise stale_cursor()


class Page(BaseModel, Generic[T]):
    """One page of a list."""

    items: list[T]
    total: int = Field(description="总数 / How many there are in all")
    next: str | None = Field(description="下一页的 after，末页为空 / The after of the next page, null on the last one")

    @classmethod
    def cut(
        cls, found: Sequence[T], total: int, ask: Paging, of: str, values: Callable[[T], Sequence[Any]]
    ) -> "Page[T]":
        """The page of what was ``found`` from its beginning on: where it is more than the page, others follow."""
        items = list(found[: ask.limit])
        return Page(items=items, total=total, next=_cursor(of, values(items[-1])) if len(found) > ask.limit else None)

    @classmethod
    def among(cls, items: Sequence[T], ask: Paging, key: Callable[[T], object]) -> "Page[T]":
        """A page of a list that is known whole, in its own order; ``key`` tells its items apart."""
        last, names = ask.begins_after(""), [str(key(one)) for one in items]
        if last and last[0] not in names:
            raise stale_cursor()
        found = items[names.index(last[0]) + 1 if last else 0 :]
        return Page.cut(found, len(items), ask, "", lambda one: [str(key(one))])

    def holding(self, items: list[U]) -> "Page[U]":
        """The same page with these in place of its items."""
        return Page(items=items, total=self.total, next=self.next)

    def map(self, view: Callable[[T], U]) -> "Page[U]":
        """The same page of what ``view`` makes of each item."""
        return self.holding([view(one) for one in self.items])


def stale_cursor() -> Invalid:
    """The refusal of what is no ``next`` of a page of this list, or of one that is no more."""
    zh = "after 不是此列表上一页返回的 next；请从第一页重新开始。"
    en = "``after`` is no ``next`` of a page of this list; begin again with the first page."
    return Invalid("cursor.invalid", zh, en, field="query:/after")


def _cursor(of: str, values: Sequence[Any]) -> str:
    said = json.dumps(list(values), default=lambda one: {"ms": (one - EPOCH) // timedelta(milliseconds=1)}).encode()
    return urlsafe_b64encode(_check(of, said) + said).decode().rstrip("=")


def _check(of: str, said: bytes) -> bytes:
    """A cursor belongs to one list in one order; no secret: it shows nothing that the list does not."""
    return zlib.crc32(of.encode() + said).to_bytes(4, "big")


def _moment(said: dict[str, Any]) -> datetime:
    return EPOCH + timedelta(milliseconds=said["ms"])
