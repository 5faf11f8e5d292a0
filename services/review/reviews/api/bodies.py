"""What every command's body may say beside its own matter."""

from typing import Annotated

from fastapi import Path
from pydantic import Field

from infra.web.http import Body

ReviewKey = Annotated[str, Path(description="审核编号 / The review's id", examples=["b-sanxin.r1"])]


class Said(Body):
    """``version`` is the version the caller looked at; when the review has changed since, nothing happens (412)."""

    version: int | None = Field(default=None, ge=0, description="您看到的版本，可省略 / The version you saw, optional")
