"""``brandmatrix doctor``: what is wrong with servers, queues and facts, and how to mend it. It changes nothing."""

import asyncio
import importlib
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import httpx

from infra.kernel import clock
from infra.kernel.settings import Settings
from infra.local.management import LISTENING
from infra.messaging.publisher import BROKER_ERRORS
from infra.messaging.topology import UNROUTED
from infra.ops.queue_depths import depths
from infra.ops.redrive import Keeper
from infra.storage.mongo import Mongo, PyMongoError

LATE_SECONDS = 5.0
LONG_QUEUE = 1000


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: fine, or what is wrong (Chinese, English) and its remedy (Chinese, English)."""

    place: str
    fine: bool
    what: tuple[str, str]
    remedy: tuple[str, str] = ("", "")

    def as_json(self) -> dict[str, object]:
        """The finding for programs; ``remedy`` is null where there is nothing to do."""
        what, remedy = (dict(zip(("zh", "en"), pair, strict=True)) for pair in (self.what, self.remedy))
        return {"place": self.place, "fine": self.fine, "what": what, "remedy": remedy if any(self.remedy) else None}


async def examine(settings: Mapping[str, Settings], urls: Mapping[str, str]) -> list[Finding]:
    """Look at each service's process, database and queues; ``settings`` and ``urls`` by service name."""
    found = await asyncio.gather(*(_service(one, urls[name]) for name, one in settings.items()))
    return [finding for findings in found for finding in findings]


async def _service(settings: Settings, url: str) -> list[Finding]:
    findings = [await _process(settings.service, url)]
    findings += await _broker(settings)
    mongo = Mongo(settings)
    try:
        async with asyncio.timeout(8):
            await mongo.ping()
            findings.append(Finding(settings.service, True, ("数据库正常", "database answers")))
            findings += await _facts(mongo, settings.service)
            findings += await _parked(mongo, settings.service)
            findings += await _own(mongo, settings.service)
    except (PyMongoError, TimeoutError) as error:
        what = (f"数据库无应答：{error}", f"the database does not answer: {error}")
        remedy = ("启动 MongoDB 副本集，或检查 BRANDMATRIX_MONGO_URL", "start MongoDB, or check BRANDMATRIX_MONGO_URL")
        findings.append(Finding(settings.service, False, what, remedy))
    finally:
        await mongo.close()
    return findings


async def _process(service: str, url: str) -> Finding:
    try:
        async with httpx.AsyncClient(timeout=4, trust_env=False) as client:
            answer = (await client.get(f"{url}/readyz")).json()
    except (httpx.HTTPError, ValueError) as error:
        alone = f"python -m services.{service}"
        what = (f"服务未运行（{url}）", f"not running at {url}: {type(error).__name__}")
        return Finding(service, False, what, (f"启动：make run，或 {alone}", f"start it: make run, or {alone}"))
    lacking = {**answer.get("missing", {}), **answer.get("degraded", {})}
    if lacking:
        why = "; ".join(f"{name}: {reason}" for name, reason in lacking.items())
        return Finding(
            service, False, (f"服务缺少：{why}", f"running, but: {why}"), ("见下列各项", "see the lines below")
        )
    return Finding(service, True, (f"服务正常 {url}", f"ready at {url}"))


async def _broker(settings: Settings) -> list[Finding]:
    service = settings.service
    own = [f"{service}.decisions", f"{service}.mirrors", f"{service}.parked"]
    own += [f"{service}.departments"] if service in LISTENING else []
    try:
        found = await depths(settings, [*own, UNROUTED])
    except BROKER_ERRORS as error:
        what = (f"消息服务器无应答：{error!r}", f"RabbitMQ does not answer: {error!r}")
        remedy = (
            "启动 RabbitMQ 或检查 BRANDMATRIX_AMQP_URL；期间命令照常受理，事件等待发出",
            "start RabbitMQ or check BRANDMATRIX_AMQP_URL; meanwhile commands are taken and facts wait",
        )
        return [Finding(service, False, what, remedy)]
    findings = []
    for name in own:
        depth = found[name]
        if depth is None:
            what = (f"队列 {name} 不存在或没有主副本", f"queue {name} is missing or has no leader")
            remedy = (
                f"声明队列：python -m services.{service} declare；仍无应答则删除该空队列后再声明",
                f"declare it: python -m services.{service} declare; if it still does not answer, delete it and repeat",
            )
            findings.append(Finding(service, False, what, remedy))
        elif not depth[1]:
            what = (f"队列 {name} 无人消费，积压 {depth[0]} 条", f"nobody consumes {name}; {depth[0]} wait")
            findings.append(Finding(service, False, what, ("启动该服务", f"start python -m services.{service}")))
        elif depth[0] > LONG_QUEUE:
            what = (f"队列 {name} 积压 {depth[0]} 条", f"{depth[0]} messages wait in {name}")
            findings.append(
                Finding(service, False, what, ("再启动一个副本，或查看其日志", "add a replica, or read its log"))
            )
    unrouted = found[UNROUTED]
    if unrouted and unrouted[0] and service == "registry":
        what = (f"{unrouted[0]} 条事件无人订阅", f"{unrouted[0]} events that nobody consumes are kept in {UNROUTED}")
        remedy = ("未运行过的服务先执行 declare", "declare the queues of services that never ran yet (… declare)")
        findings.append(Finding("brand.events", True, what, remedy))
    return findings or [Finding(service, True, ("队列正常", "queues are consumed"))]


async def _facts(mongo: Mongo, service: str) -> list[Finding]:
    oldest = await _oldest_in_outbox(mongo)
    failed = await mongo.collection("status").find({"_id": {"$regex": "^unpublished:"}}).to_list(5)
    age = (clock.now() - oldest[1]).total_seconds() if oldest else 0.0
    if oldest is None or (age < LATE_SECONDS and not failed):
        return [Finding(service, True, ("没有滞留未发的事件", "no fact waits to be published"))]
    what = (
        f"最早的未发事件已等待 {age:.0f} 秒（记录 {oldest[0]}）",
        f"the oldest unpublished fact has waited {age:.0f} s (document {oldest[0]})",
    )
    if not failed:
        remedy = (
            "确认 RabbitMQ 与该服务在运行，事件会自动补发",
            "run RabbitMQ and the service: facts are published by themselves",
        )
        return [Finding(service, False, what, remedy)]
    errors = "; ".join(f"{one['type']} ({one['tries']}×): {one['error']}" for one in failed)
    remedy = (
        f"RabbitMQ 拒绝了它：{errors}。修正用户权限或消息大小上限后会自动补发",
        f"the broker refused it: {errors}. Mend the user's permissions or the size limit; it then goes by itself",
    )
    return [Finding(service, False, what, remedy)]


async def _oldest_in_outbox(mongo: Mongo) -> tuple[str, datetime] | None:
    """The id and time of the document of this database whose facts have waited longest to be published."""
    found = []
    for name in await mongo.database.list_collection_names():
        if name not in {"journal", "status", "leases", "parked"}:
            where = {"outbox_since": {"$exists": True}}
            found += (
                await mongo.collection(name)
                .find(where, {"outbox_since": 1})
                .sort("outbox_since", 1)
                .limit(1)
                .to_list(1)
            )
    oldest = min(found, key=lambda document: document["outbox_since"], default=None)
    return None if oldest is None else (oldest["_id"], oldest["outbox_since"])


async def _parked(mongo: Mongo, service: str) -> list[Finding]:
    waiting = await Keeper(mongo).open(limit=1000)
    if not waiting:
        return [Finding(service, True, ("没有搁置的消息", "nothing is parked"))]
    first = waiting[0]
    what = (
        f"搁置 {len(waiting)} 条，最早：{first.reason[:120]}",
        f"{len(waiting)} parked, the oldest {first.id}: {first.reason[:120]}",
    )
    remedy = (
        f"查看：brandmatrix parked {service}；排除原因后：brandmatrix redrive {service} {first.id}",
        f"look: brandmatrix parked {service}; after mending: brandmatrix redrive {service} {first.id}",
    )
    return [Finding(service, False, what, remedy)]


async def _own(mongo: Mongo, service: str) -> list[Finding]:
    """What a service itself says of its surroundings: ``look`` of its ``findings``, where it has that."""
    name = f"services.{service}.findings"
    if not importlib.util.find_spec(f"services.{service}") or not importlib.util.find_spec(name):
        return []
    found = await importlib.import_module(name).look(mongo)
    return [Finding(service, False, what, remedy) for what, remedy in found]
