"""Whether what comes under a routing key can be believed, and if not, why: for the sender and for whoever looks."""

from datetime import datetime, timedelta

from infra.kernel.cloudevents import Foreign
from infra.kernel.errors import Invalid, Unreadable
from services.activities.inbound.model.department import Department

AHEAD = timedelta(days=1)
"""How far a sender's clock may be wrong: a time zone that was left out or written twice, and a little more."""


def require_past(event: Foreign, now: datetime) -> None:
    """Raise ``Invalid`` for what has not happened yet: as the newest of its series it would never be corrected."""
    if event.time is not None and event.time > now + AHEAD:
        raise Invalid(
            "event.time_ahead",
            zh=f"事件时间 {event.time.isoformat()} 尚未到来，请核对发送方的时钟。",
            en=f"The event's time {event.time.isoformat()} is still to come; is the sender's clock right?",
            field="/time",
        )


def is_credible(event: Foreign, department: Department | None, routing_key: str) -> bool:
    """Whether the broker's word (the routing key), the type and the source belong to one registered department."""
    return department is not None and event.type == routing_key and department.speaks_as(event.source)


def why_doubted(claimed: Foreign | Unreadable, department: Department | None, routing_key: str) -> tuple[str, str, str]:
    """The code, and why in Chinese and in English."""
    if isinstance(claimed, Unreadable):
        code, zh, en = (
            "event.unreadable",
            f"不是可读的 CloudEvents 1.0 事件：{claimed}",
            f"No readable CloudEvent: {claimed}",
        )
    elif claimed.type != routing_key:
        said = f"type “{claimed.type}” ≠ routing key “{routing_key}”"
        code, zh, en = (
            "event.type_forged",
            f"事件类型与路由键不一致：{said}",
            f"The type is not the routing key: {said}",
        )
    elif department is None:
        code, zh, en = "event.type_unknown", f"没有部门登记过类型“{routing_key}”", f"No department owns “{routing_key}”"
    else:
        code = "event.source_foreign"
        zh = f"来源“{claimed.source}”不属于“{department.title}”"
        en = f"The source “{claimed.source}” is none of “{department.title_en}”"
    return code, f"{zh}。", f"{en}."
