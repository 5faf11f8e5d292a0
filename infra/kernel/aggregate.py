"""What a decision works on, what it returns, and the ways in which it can say no.

Everything here is pure: no clock, no random, no I/O. A decision is a plain ``def`` that takes an aggregate and returns
``(after, facts)``; it may be run again after a write conflict, so it must not have effects.
"""

from collections.abc import Sequence
from typing import Any, Self, TypeAlias, TypeVar

from pydantic import ConfigDict

from infra.kernel.events import Fact
from infra.kernel.values import Value


class Aggregate(Value):
    """A thing that changes as a whole: one document, one version number.

    ``version`` counts the writes (0 = not yet stored) and is kept by the store, never by a decision.
    """

    model_config = ConfigDict(defer_build=True)

    id: str
    version: int = 0

    def becomes(self, **changes: Any) -> Self:  # noqa: ANN401 - field values of any type
        """Return a changed copy that was validated (pydantic's ``model_copy(update=…)`` accepts invalid values)."""
        return type(self).model_validate({**dict(self), **changes})

    def answer(self) -> dict[str, Any]:
        """Return what a command's caller gets besides id and version; kept with the cause, so keep it small."""
        state = getattr(self, "state", None)
        return {} if state is None else {"state": state}


A = TypeVar("A", bound=Aggregate)
Decision: TypeAlias = tuple[A, Sequence[Fact]]
"""The changed aggregate and the facts that the change makes true."""
