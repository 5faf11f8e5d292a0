"""Who does something, and when: what decisions are given, and what records of them are built on."""

from datetime import date, datetime

from services.review.events.value_objects import Kept
from services.review.shared.role_holders import day_of


class Actor(Kept):
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
