"""A signed anchor: what all services had filed when a day ended, as one number each that nobody can make up later.

A fact belongs to the day on which it was *filed* in the journal (``published``), not to the day it speaks of: what
comes late never changes a day that is over. The number is a running hash over all filed facts in the order of filing;
an anchor carries the one of its day and the one before. A day is a calendar day in China.
"""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from pydantic import ValidationError

from infra.kernel.dates import end_of
from infra.kernel.events import digest
from infra.kernel.settings import Settings
from infra.kernel.values import Closed
from infra.local.processes import write_private
from infra.ops.audit.chains import Finding
from infra.ops.audit.verify import Report, body
from infra.storage.mongo import Mongo

ALGORITHM: Final = "Ed25519"
CLOSED_AFTER = timedelta(minutes=10)
"""What was filed at the end of a day is in the journal by then."""
REPORTED = 1000
Row: TypeAlias = Mapping[str, Any]


class Unsound(ValueError):  # noqa: N818 - reads as what it says
    """An anchor or a key that does not hold, or a day that is not over."""


class Statement(Closed):
    """One service on one day: what it filed, and the running hash before (``previous``) and after it (``digest``)."""

    service: str
    facts: int
    first: str | None
    last: str | None
    total: int
    previous: str
    digest: str


class Anchor(Closed):
    """What is signed."""

    kind: Literal["brandmatrix-anchor/1"] = "brandmatrix-anchor/1"
    day: date
    made_at: datetime
    services: tuple[Statement, ...]


def new_key(private: Path, public: Path) -> str:
    """Make an Ed25519 key pair as two JWK files; raises ``Unsound`` rather than replace one. Returns its thumbprint."""
    for file in (private, public):
        if file.exists():
            raise Unsound(f"{file} exists already; a key is never replaced")
    key = OKPKey.generate_key(ALGORITHM, {"use": "sig", "alg": ALGORITHM}, auto_kid=True)
    write_private(private, json.dumps(key.as_dict(private=True)))
    public.write_text(json.dumps(key.as_dict(private=False)) + "\n", encoding="utf-8")
    return key.thumbprint()


def read_key(file: Path) -> OKPKey:
    """A key from its file; raises ``Unsound``."""
    try:
        return OKPKey.import_key(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, JoseError) as error:
        raise Unsound(f"{file}: {error}") from error


def sign(anchor: Anchor, key: OKPKey) -> str:
    """The anchor as a compact JWS."""
    header = {"alg": ALGORITHM, "kid": key.thumbprint()}
    return jws.serialize_compact(header, anchor.model_dump_json().encode(), key, algorithms=[ALGORITHM])


def read(text: str, key: OKPKey) -> Anchor:
    """The anchor that this key signed; raises ``Unsound``."""
    try:
        return Anchor.model_validate_json(jws.deserialize_compact(text.strip(), key, algorithms=[ALGORITHM]).payload)
    except (JoseError, ValidationError, ValueError) as error:
        raise Unsound(f"not signed by this key: {error}") from error


async def make(
    settings: Mapping[str, Settings], day: date, now: datetime, previous: Anchor | None, report: Report
) -> Anchor:
    """Sum up a day that is over; after ``previous`` only what was filed since is read, else everything."""
    if now < end_of(day) + CLOSED_AFTER:
        minutes = int(CLOSED_AFTER.total_seconds() // 60)
        raise Unsound(f"{day} is not over; it can be anchored {minutes} minutes after its end in China")
    if previous is not None and previous.day >= day:
        raise Unsound(f"the previous anchor is of {previous.day}, not before {day}")
    known = {one.service: one for one in previous.services} if previous else {}
    made = []
    for name, one in settings.items():
        since = end_of(previous.day) if previous and name in known else None
        made.append(await _statement(one, day, since, known.get(name), report))
    return Anchor(day=day, made_at=now, services=tuple(made))


async def verify(settings: Settings, anchors: Sequence[Anchor], report: Report = lambda _, __: None) -> list[Finding]:
    """Compare a service's journal with signed anchors; the first one that does not hold is found, with its days."""
    service, found = settings.service, list[Finding]()
    stated = [(anchor.day, one) for anchor in anchors for one in anchor.services if one.service == service]
    mongo, before = Mongo(settings), "开头 the beginning"
    running, total = "", 0
    since: datetime | None = None
    try:
        for day, one in sorted(stated, key=lambda item: item[0]):
            async for row in _filed(mongo, since, end_of(day)):
                running, total = _next(running, row), total + 1
                if not total % REPORTED:
                    report(service, total)
            if (running, total) != (one.digest, one.total):
                zh = f"{before} 之后、{day} 结束之前被改动："
                zh += f"应有 {one.total} 条，散列 {one.digest}；实有 {total} 条，{running}"
                en = f"changed between {before} and the end of {day}: {one.total} entries with hash {one.digest} were"
                en += f" anchored, {total} with {running} are found"
                found.append(Finding(service, "anchor", "*", None, one.last, (zh, en)))
                break  # what follows builds on it
            since, before = end_of(day), f"{day}"
    finally:
        await mongo.close()
    report(service, total)
    return found


async def _statement(
    settings: Settings, day: date, since: datetime | None, known: Statement | None, report: Report
) -> Statement:
    running, total = (known.digest, known.total) if known else ("", 0)
    previous, first, last, facts = running, None, None, 0
    begin = end_of(day - timedelta(days=1))
    mongo = Mongo(settings)
    try:
        async for row in _filed(mongo, since, end_of(day)):
            if row["published"] < begin:
                previous = _next(running, row)
            else:
                first, last, facts = first or row["_id"], row["_id"], facts + 1
            running, total = _next(running, row), total + 1
            if not total % REPORTED:
                report(settings.service, total)
    finally:
        await mongo.close()
    report(settings.service, total)
    stated = {"facts": facts, "first": first, "last": last, "total": total, "previous": previous, "digest": running}
    return Statement.model_validate({"service": settings.service, **stated})


async def _filed(mongo: Mongo, since: datetime | None, until: datetime) -> AsyncIterator[Row]:
    """Everything filed before ``until``, in the order of filing."""
    moments = {"$lt": until} | ({"$gte": since} if since else {})
    async for row in mongo.collection("journal").find({"published": moments}, sort=[("published", 1), ("_id", 1)]):
        yield row


def _next(running: str, row: Row) -> str:
    """The running hash after one more filed fact; its content is hashed anew, never taken from the journal's word."""
    filed = {
        "published": row["published"].isoformat(),
        "id": row["_id"],
        "hash": digest(body(row)),
        "seal": row.get("seal"),
    }
    return digest({"previous": running, **filed})
