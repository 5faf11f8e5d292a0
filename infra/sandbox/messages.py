"""What is wrong with a rule, said to whoever wrote it, in Chinese and in English."""

from infra.kernel.errors import Invalid

PLACES = {
    "rule": ("规则", "The rule"),
    "when": ("条件（when）", "The condition (when)"),
    "map": ("映射（map）", "The map"),
    "schema": ("数据格式（schema）", "The schema"),
    "event": ("事件", "The event"),
}
FAULTS = {
    "unreadable": ("无法解析：{}", "cannot be read: {}"),
    "function": ("调用了没有的函数：{}", "calls what is no function: {}"),
    "field": ("用到了事件中没有的字段“{}”", "uses “{}”, a field that the event does not have"),
    "failed": ("无法计算：{}", "cannot be evaluated: {}"),
    "not_boolean": ("应得出 true 或 false，实际为 {}", "must yield true or false, not {}"),
    "too_much": (
        "占用的时间或内存超过规则允许的上限，已被终止",
        "took more time or memory than a rule may; it was stopped",
    ),
    "spared": ("已 {} 次被终止，暂停运行，请修改", "was stopped {} times and is left alone for a while; mend it"),
    "no_json": ("得出的不是 JSON：{}", "yields what is no JSON: {}"),
    "too_long": ("过长（{} 个字符）", "is too long ({} characters)"),
}


def fault(place: str, code: str, detail: str) -> Invalid:
    """The problem to raise; its field is the place where one is known."""
    zh, en = (text.replace("{}", detail) for text in FAULTS[code])
    place_zh, place_en = PLACES[place]
    field = None if place in {"rule", "event"} else f"/{place}"
    return Invalid(f"{place}.{code}", zh=f"{place_zh}{zh}。", en=f"{place_en} {en}.", field=field)
