"""What ``brandmatrix doctor`` says about other departments' events, with the remedy, Chinese and English."""

from typing import Any

from infra.storage.mongo import Mongo

Finding = tuple[tuple[str, str], tuple[str, str]]
MOST_RULES = 5


async def look(mongo: Mongo) -> list[Finding]:
    """Events at fault, events that a rule at fault keeps from their effect, and which rules these are."""
    arrivals = mongo.collection("arrivals")
    counts = {state: await arrivals.count_documents({"state": state}) for state in ("failed", "quarantined")}
    if not any(counts.values()):
        return []
    each = {"_id": {"rule": "$reasons.rule", "code": "$reasons.code"}, "n": {"$sum": 1}}
    pipeline: list[dict[str, Any]] = [{"$match": {"state": "failed"}}, {"$unwind": "$reasons"}, {"$group": each}]
    pipeline += [{"$sort": {"n": -1, "_id": 1}}, {"$limit": MOST_RULES}]
    broken = await arrivals.aggregate(pipeline).to_list(MOST_RULES)
    shown = ", ".join(f"{state} {count}" for state, count in counts.items() if count)
    rules = "; ".join(f"{one['_id'].get('rule') or '—'}: {one['_id']['code']} ({one['n']}×)" for one in broken)
    what = (
        f"外部事件未生效：{shown}{f'；出错的规则：{rules}' if rules else ''}",
        f"events of departments without effect: {shown}{f'; rules that break: {rules}' if rules else ''}",
    )
    remedy = (
        "查看 GET /arrivals?state=…；修正规则或登记后 POST /arrivals/redrive；无用的 POST /arrivals/dismissal",
        "GET /arrivals?state=…; mend rule or registration, then POST /arrivals/redrive; junk: POST /arrivals/dismissal",
    )
    return [(what, remedy)]
