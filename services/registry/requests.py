"""What all requests here have in common: ids, the day that is asked for, known problems."""

from datetime import date
from typing import Annotated, Any, Final

from fastapi import Path, Query

Key = Annotated[str, Path(pattern=r"^[a-z0-9-]{2,64}$", description="编号：小写字母、数字、连字符 / Id")]
TypeKey = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{1,39}$", description="类型编号 / Type id")]
EmployeeNo = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,40}$", description="工号 / Employee number")]
On = Annotated[
    date | None,
    Query(
        ge=date(1900, 1, 1),
        le=date(2999, 12, 31),
        description="截至日期，默认今天（北京时间） / As of this day, today if not given",
    ),
]

PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    401: {"description": "未登录 / Not signed in"},
    403: {"description": "没有权限 / Forbidden"},
    404: {"description": "未找到 / Not found"},
    409: {"description": "当前不允许 / Not allowed in the current state"},
    412: {"description": "版本过旧 / An old revision"},
    422: {"description": "输入有误 / Invalid input"},
}
"""Every refusal is a problem document (RFC 9457) with ``detail`` in Chinese and ``detail_en`` in English."""
