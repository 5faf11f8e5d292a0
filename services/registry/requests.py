"""What all lists and commands here have in common: ids, pages, the day that is asked for, known problems."""

from datetime import date
from typing import Annotated, Any, Final, Generic, TypeVar

from fastapi import Path, Query
from pydantic import BaseModel, Field

T = TypeVar("T")

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


class Paging(BaseModel):
    """Which part of a list is asked for."""

    limit: int = Field(default=50, ge=1, le=200, description="每页条数 / Items on the page")
    skip: int = Field(default=0, ge=0, le=1_000_000, description="跳过条数 / Items before the page")


class Page(BaseModel, Generic[T]):
    """One page of a list, and how many there are in all."""

    items: list[T]
    total: int = Field(description="总数 / How many there are in all")
