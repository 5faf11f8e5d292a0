"""The chains of a service's facts: each fact carries the hash of the one before it, its document that of the last one.

A chain belongs to a document and usually to one subject; some (a plaque's, published by its brand) lead through two.
Links come ordered by subject and sequence, so that only open ends are in memory, however many facts there are.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

from infra.kernel.events import digest

Kind = Literal["changed", "swapped", "deleted", "truncated", "inserted", "state", "anchor"]


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was published; ``what`` says in Chinese and in English what was expected."""

    service: str
    kind: Kind
    subject: str
    sequence: int | None
    id: str | None
    what: tuple[str, str]


@dataclass(frozen=True)
class Link:
    """A fact as far as its chain is concerned; ``altered`` when it no longer has the hash it was filed with."""

    id: str
    subject: str
    sequence: int
    hash: str
    previous: str | None
    altered: bool = False

    def __str__(self) -> str:
        return f"#{self.sequence} {self.id}"


@dataclass(frozen=True)
class Head:
    """A document and the hash of the last fact that it published or is about to publish."""

    collection: str
    subject: str
    sequence: int
    hash: str


class Chains:
    """Takes links and heads in any number; ``findings`` says what was left over."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._loose: dict[str, Link] = {}
        self._wanted: defaultdict[str, list[Link | Head]] = defaultdict(list)
        self._taken: dict[str, tuple[str, str]] = {}
        self._forks: set[str] = set()
        self._subject = ""
        self.crossed: defaultdict[str, set[str]] = defaultdict(set)
        """Subjects whose chains lead through each other's."""

    @property
    def involved(self) -> set[str]:
        """The subjects of what is left over, and those that their chains lead through."""
        found = {link.subject for link in self._loose.values()}
        found |= {one.subject for waiting in self._wanted.values() for one in waiting}
        unseen = set(found)
        while unseen:
            unseen = {other for one in unseen for other in self.crossed.get(one, ())} - found
            found |= unseen
        return found

    def take(self, link: Link) -> None:
        """One fact; those of a subject come one after the other, in the order of their sequence."""
        if link.subject != self._subject:
            self._subject, self._taken = link.subject, {}
        if link.previous is not None:
            self._want(link.previous, link)
        waiting = self._wanted.get(link.hash)
        if waiting:
            self._met(link, waiting.pop(0))
            if not waiting:
                del self._wanted[link.hash]
        else:
            self._loose[link.hash] = link

    def close(self, head: Head) -> None:
        """One document's end of its chain."""
        self._want(head.hash, head)

    def _want(self, hashed: str, by: Link | Head) -> None:
        found = self._loose.pop(hashed, None)
        if found is not None:
            self._met(found, by)
        elif hashed in self._taken and isinstance(by, Link):
            self._forks.add(by.hash)  # another entry follows the same one already
        else:
            self._wanted[hashed].append(by)

    def _met(self, link: Link, by: Link | Head) -> None:
        self._taken[link.hash] = (link.subject, by.subject)
        if link.subject != by.subject:
            self.crossed[link.subject].add(by.subject)
            self.crossed[by.subject].add(link.subject)

    def findings(self, documents: Collection[str]) -> list[Finding]:
        """What is missing and what is too much; ``documents`` = the ids that have a document still."""
        loose, found = dict(self._loose), []
        for hashed, waiting in sorted(self._wanted.items(), key=lambda item: (item[1][0].subject, item[1][0].sequence)):
            for one in waiting:
                if isinstance(one, Head) and any(link.previous == hashed for link in loose.values()):
                    continue  # something was put in behind the last entry: said below
                if isinstance(one, Link) and one.hash in loose and not one.altered:
                    continue  # nobody refers to it and it refers to nothing: put in, said below
                before = self._before(one, loose)
                if before is not None:
                    del loose[before.hash]
                if not (isinstance(one, Link) and one.altered):  # its reference was altered with it
                    found.append(self._missing(hashed, one, before))
        found += [self._unclaimed(link, documents) for link in loose.values() if not link.altered]
        return found

    def _before(self, one: Link | Head, loose: Mapping[str, Link]) -> Link | None:
        """The entry after which something is missing: the last one of the same subject that nobody refers to."""
        own = [link for link in loose.values() if link.subject == one.subject and link is not one]
        earlier = [link for link in own if link.sequence <= one.sequence and link.hash not in self._forks]
        return max(earlier, key=lambda link: link.sequence, default=None)

    def _missing(self, hashed: str, one: Link | Head, before: Link | None) -> Finding:
        after = f"{before}" if before else "the beginning"
        after_zh = f"{before}" if before else "开头"
        if isinstance(one, Head):
            zh = (
                f"{one.collection} 中的记录（第 {one.sequence} 版）以散列 {hashed} 结尾，但在 {after_zh} 之后没有此条目"
            )
            en = (
                f"its document in {one.collection} (version {one.sequence}) ends with {hashed}, not found after {after}"
            )
            return Finding(self._service, "truncated", one.subject, one.sequence, None, (zh, en))
        zh = f"{after_zh} 与 {one} 之间应有散列为 {hashed} 的条目：已被删除，或前一条目连同其散列被替换"
        en = f"between {after} and {one} an entry with hash {hashed} is missing, or the one before was replaced whole"
        return Finding(self._service, "deleted", one.subject, one.sequence, one.id, (zh, en))

    def _unclaimed(self, link: Link, documents: Collection[str]) -> Finding:
        if link.subject not in documents and link.previous not in self._wanted:
            zh, en = "其所属记录已不存在", "the document that published it is gone"
            return Finding(self._service, "deleted", link.subject, link.sequence, link.id, (zh, en))
        zh, en = "没有后续条目或记录引用它：系伪造插入", "no later entry and no document refers to it: it was put in"
        return Finding(self._service, "inserted", link.subject, link.sequence, link.id, (zh, en))


def swapped(one: Mapping[str, Any], other: Mapping[str, Any], hashes: tuple[str, str]) -> bool:
    """Whether two altered facts get their hashes back when what was exchanged between them is exchanged back."""
    differing = [name for name in {*one, *other} if one.get(name) != other.get(name)]
    return any(
        digest(_exchanged(one, other, names)) == hashes[0] and digest(_exchanged(other, one, names)) == hashes[1]
        for size in range(1, len(differing) + 1)
        for names in combinations(differing, size)
    )


def _exchanged(one: Mapping[str, Any], other: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    left = {name: value for name, value in one.items() if name not in names}
    return left | {name: other[name] for name in names if name in other}
