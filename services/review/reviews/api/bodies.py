"""What every command's body may say beside its own matter."""

from dataclasses import replace
from typing import Annotated

from fastapi import Path
from pydantic import Field

from infra.kernel.events import Cause
from infra.web.http import NO_VERSION, Asking, Body

ReviewKey = Annotated[str, Path(description="审核编号 / The review's id", examples=["b-sanxin.r1"])]


class Said(Body):
    """``version`` is the version the caller looked at; when the review has changed since, nothing happens (412)."""

    version: int | None = Field(default=None, ge=0, description="您看到的版本，可省略 / The version you saw, optional")

    def cause(self, asked: Asking) -> Cause:
        """Why it happens, on condition of this version; with another one in ``If-Match`` it never does."""
        if self.version is None:
            return asked.cause
        agreed = asked.cause.expected_version in (None, self.version)
        return replace(asked.cause, expected_version=self.version if agreed else NO_VERSION)
