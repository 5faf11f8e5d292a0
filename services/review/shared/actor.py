"""Who does something, and when; and what every command of theirs is built on."""

from datetime import date, datetime
from typing import Any

from pydantic import ConfigDict, Field

from infra.kernel.dates import day_of
from infra.kernel.values import Input
from services.review.events.value_objects import Stored


class Actor(Stored):
    """Who acts; ``behalf``: in whose name, when a proxy does."""

    by: str
    at: datetime
    behalf: str | None = None

    @property
    def people(self) -> frozenset[str]:
        """Who stands behind it: the one who acted and the one in whose name."""
        return frozenset(filter(None, (self.by, self.behalf)))

    @property
    def today(self) -> date:
        """The day in China on which it is done."""
        return day_of(self.at)


class Versioned(Input):
    """A command on what its caller looked at; when that has changed since, nothing happens (412)."""

    version: int | None = Field(
        default=None, ge=0, exclude=True, description="您看到的版本，可省略 / The version you saw, optional"
    )


def example(**fields: Any) -> ConfigDict:  # noqa: ANN401 - any JSON
    """One example of a command for readers of the API pages, as keywords of its class; without fields none."""
    return ConfigDict(json_schema_extra={"examples": [fields]} if fields else None)
