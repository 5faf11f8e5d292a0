"""The store: one decision, one document, one write.

A document carries everything that must change together: its state, the facts not yet published (``outbox``) and the
causes that changed it (``causes``). So there is no state without its fact, no fact without its state, and a repeated
cause is recognised inside the same write.
"""

import asyncio
import inspect
import random
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict

from infra.kernel import clock
from infra.kernel.errors import Invalid, NotYet, Refused, Stale
from infra.kernel.events import Aggregate, Cause, Decision, Fact, digest
from infra.kernel.telemetry import COMMANDS
from infra.storage.collections import Collection
from infra.storage.lease import KeyedLocks
from infra.storage.mongo import DuplicateKeyError, IndexModel, Mongo, once_more, outbox_index

A = TypeVar("A", bound=Aggregate)
Document = dict[str, Any]

MOST_CAUSES = 100
ATTEMPTS = 50


class CommandResult(BaseModel):
    """What a command answers, the same one however often the command is repeated with its key."""

    model_config = ConfigDict(extra="allow")

    id: str
    version: int
    repeated: bool = False


class Store(Collection[A]):
    """The aggregates of one kind that this service owns."""

    def __init__(self, mongo: Mongo, collection: str, model: type[A], indexes: Sequence[IndexModel] = ()) -> None:
        super().__init__(mongo, collection, model, [outbox_index(), *indexes])
        self._locks = KeyedLocks()  # writers of this process take turns, so that only other processes are in conflict

    async def create(self, decide: Callable[[], Decision[A]], *, cause: Cause) -> CommandResult:
        """Store a new aggregate; the same cause again meets the one it made, another cause is ``Refused``."""
        after, facts = _decided(decide)
        return await self._insert(after, facts, cause) or await self._met(await self._document(after.id), cause)

    async def update(self, key: str, decide: Callable[[A], Decision[A]], *, cause: Cause) -> CommandResult:
        """Load, decide, write; after a conflict load and decide again.

        Raises ``NotFound``, ``Stale`` where the cause expects another version, and what ``decide`` does.
        """

        async def once() -> CommandResult | None:
            return await self._change(await self._document(key), decide, cause)

        return await self._until_written(key, once)

    async def put(self, key: str, decide: Callable[[A | None], Decision[A]], *, cause: Cause) -> CommandResult:
        """Create or update the aggregate that its caller named ``key``."""

        async def once() -> CommandResult | None:
            document = await once_more(lambda: self._collection.find_one({"_id": key}))
            if document is not None:
                return await self._change(document, decide, cause)
            return await self._insert(*_decided(decide, None), cause)

        return await self._until_written(key, once)

    async def seed(self, key: str, make: Callable[[], Decision[A]]) -> None:
        """Put what comes with the product in place where it is missing; what people made of it since stays."""

        def decide(current: A | None) -> Decision[A]:
            return (current, []) if current is not None else make()

        await self.put(key, decide, cause=Cause.of(f"shipped#{self.name}#{key}"))

    async def _until_written(self, key: str, once: Callable[[], Awaitable[CommandResult | None]]) -> CommandResult:
        async with self._locks.of(key):
            for _ in range(ATTEMPTS):
                answer = await once()
                if answer is not None:
                    return answer
                await asyncio.sleep(random.uniform(0.001, 0.02))  # jitter keeps equal writers from meeting again
        zh, en = f"“{key}”正被多人同时修改，请稍后重试。", f"Too many writers on “{key}”; try again."
        raise NotYet("too.many.writers", zh=zh, en=en)

    async def _insert(self, after: A, facts: Sequence[Fact], cause: Cause) -> CommandResult | None:
        _require_version(0, cause)
        events, chain = self._envelopes(facts, 1, None, cause)
        answer = CommandResult(id=after.id, version=1, **after.answer())
        document = {
            "_id": after.id,
            **after.model_dump(exclude={"id"}),
            "version": 1,
            "outbox": events,
            "causes": [_remembered(cause, answer)],
            **({"chain": chain, "outbox_since": clock.now()} if events else {}),
        }
        try:
            await once_more(lambda: self._collection.insert_one(document))
        except DuplicateKeyError as error:
            if "_id_" not in str(error):  # a unique index of the service: its rule, its words
                COMMANDS.labels(self.name, "refused").inc()
                raise self._taken(error) from error
            return None
        return self._done(answer, events)

    async def _change(
        self, document: Mapping[str, Any], decide: Callable[[A], Decision[A]], cause: Cause
    ) -> CommandResult | None:
        repeated = _repetition(document, cause)
        if repeated is not None:
            COMMANDS.labels(self.name, "repeated").inc()
            return repeated
        before = self._read(document)
        _require_version(before.version, cause)
        after, facts = _decided(decide, before)
        old, new = before.model_dump(exclude={"version"}), after.model_dump(exclude={"version"})
        changed = {name: value for name, value in new.items() if not _same(old[name], value)}
        if not changed and not facts:
            return CommandResult(id=before.id, version=before.version, **before.answer())
        version = before.version + 1
        events, chain = self._envelopes(facts, version, document.get("chain"), cause)
        answer = CommandResult(id=after.id, version=version, **after.answer())
        update: Document = {
            "$set": {**changed, "version": version, **({"chain": chain} if events else {})},
            "$push": {"causes": {"$each": [_remembered(cause, answer)], "$slice": -MOST_CAUSES}},
        }
        if events:
            update["$push"]["outbox"] = {"$each": events}
            update["$min"] = {"outbox_since": clock.now()}
        where = {"_id": before.id, "version": before.version}
        try:
            written = await once_more(lambda: self._collection.update_one(where, update))
        except DuplicateKeyError as error:
            raise self._taken(error) from error
        if not written.matched_count:
            COMMANDS.labels(self.name, "conflict").inc()
            return None
        return self._done(answer, events)

    def _done(self, answer: CommandResult, events: list[Document]) -> CommandResult:
        COMMANDS.labels(self.name, "done").inc()
        if events:
            self.mongo.written.set()
        return answer

    async def _met(self, document: Mapping[str, Any], cause: Cause) -> CommandResult:
        repeated = _repetition(document, cause)
        if repeated is None:
            key = document["_id"]
            raise Refused("already.exists", zh=f"编号“{key}”已存在。", en=f"“{key}” exists already.", field="/id")
        return repeated

    def _envelopes(
        self, facts: Sequence[Fact], version: int, chain: str | None, cause: Cause
    ) -> tuple[list[Document], str | None]:
        """Each fact in its envelope, chained to the one before it by hash."""
        events: list[Document] = []
        for fact in facts:
            envelope = {
                "specversion": "1.0",
                "id": str(uuid.uuid4()),
                "source": f"brandmatrix/{self.mongo.service}",
                "type": fact.type,
                "subject": fact.subject,
                "time": clock.now().isoformat(),
                "datacontenttype": "application/json",
                "data": fact.model_dump(mode="json"),
                "correlationid": cause.correlation,
                "causationid": cause.causation,
                "traceparent": cause.traceparent,
                "sequence": version,
                "previoushash": chain,
            }
            events.append({name: value for name, value in envelope.items() if value is not None})
            chain = digest(events[-1])
        return events, chain

    def _taken(self, error: Exception) -> Refused:
        details = getattr(error, "details", None) or {}
        taken = ", ".join(f"{name} = {value}" for name, value in (details.get("keyValue") or {}).items())
        return Refused("already.taken", zh=f"已被占用：{taken}。", en=f"Already taken: {taken}.")


def _decided(decide: Callable[..., Decision[A]], *arguments: object) -> Decision[A]:
    """Call a decision and make sure that it was one: pure and synchronous."""
    decision = decide(*arguments)
    if inspect.iscoroutine(decision):
        decision.close()
        raise TypeError("a decision must be a plain def: it may run several times, so it must have no effects")
    return decision


def _require_version(version: int, cause: Cause) -> None:
    if cause.expected_version not in {None, version}:
        zh = f"您所依据的不是当前版本（第 {version} 版）；请刷新后再办理。"
        en = f"You decided on another version than the current one ({version}); load it and try again."
        raise Stale("version.stale", zh=zh, en=en)


def _same(one: Any, other: Any) -> bool:  # noqa: ANN401 - any field value
    """Whether two values are stored alike; to Python 1, 1.0 and True are equal, to a reader of JSON they are not."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(value, other[name]) for name, value in one.items())
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and bool(one == other)


def _remembered(cause: Cause, answer: CommandResult) -> Document:
    return {"id": cause.id, "fingerprint": cause.fingerprint, "answer": answer.model_dump()}


def _repetition(document: Mapping[str, Any], cause: Cause) -> CommandResult | None:
    for known in document.get("causes", ()):
        if known["id"] == cause.id:
            if known["fingerprint"] != cause.fingerprint:
                zh = "同一 Idempotency-Key 已用于内容不同的请求。"
                en = "This Idempotency-Key was used for a request with other content."
                raise Invalid("idempotency.key_reused", zh=zh, en=en)
            return CommandResult(**{**known["answer"], "repeated": True})
    return None
