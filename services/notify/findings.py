"""What ``brandmatrix doctor`` says about office systems and mail, each with its remedy, Chinese and English."""

from infra.kernel import clock
from infra.storage.mongo import Mongo
from services.notify.office.store import Office

OLD_SECONDS = 300.0
Finding = tuple[tuple[str, str], tuple[str, str]]
REVIVE = (
    "检查对方系统、地址与密钥文件（oa_file）；恢复后自动补推并比对，无需其他操作",
    "check that system, its address and secret (oa_file); what waits then goes by itself",
)
HASTEN = (
    "查看 GET /oa/deliveries 的原因；若因限流，与对方商定更高的 per_second",
    "read why in GET /oa/deliveries; if it is the rate, agree on a higher per_second",
)


async def look(mongo: Mongo) -> list[Finding]:
    """Channels that are given up, to-dos that wait for long, and those that a person must mend."""
    office = Office(mongo, [])
    found: list[Finding] = []
    for one in await office.known.find({"configured": True}, limit=0):
        backlog = await office.backlog(one.id)
        if one.breaker != "closed":
            since = f"{one.since:%Y-%m-%d %H:%M}Z" if one.since else "?"
            what = (
                f"通道 {one.id} 自 {since} 起不可用，{backlog['waiting']} 条待推送：{one.error}",
                f"channel {one.id} is given up since {since}, {backlog['waiting']} to-dos wait: {one.error}",
            )
            found.append((what, REVIVE))
        elif backlog["oldest"] and (age := (clock.now() - backlog["oldest"]).total_seconds()) > OLD_SECONDS:
            what = (
                f"通道 {one.id} 有 {backlog['waiting']} 条待推送，最久已等 {age:.0f} 秒",
                f"channel {one.id}: {backlog['waiting']} to-dos wait, the oldest for {age:.0f} s",
            )
            found.append((what, HASTEN))
        if backlog["failed"]:
            first = (await office.channel_deliveries.find({"channel": one.id, "failed": True}, limit=1))[0]
            what = (
                f"通道 {one.id} 有 {backlog['failed']} 条被对方拒绝，例如 {first.todo}：{first.error}",
                f"channel {one.id} refused {backlog['failed']} to-dos, such as {first.todo}: {first.error}",
            )
            remedy = (
                f"排除原因（如补建人员）后：POST /oa/channels/{one.id}/redrive",
                f"mend the cause (an unknown person, say), then POST /oa/channels/{one.id}/redrive",
            )
            found.append((what, remedy))
    return found
