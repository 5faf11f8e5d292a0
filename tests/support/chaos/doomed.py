"""A service that ends itself with SIGKILL at one exact step: ``python -m tests.support.chaos.doomed NAME STEP N``.

The product holds no such switch: this runner wraps the library's functions from outside, then runs the real service.
"""

import importlib
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from infra.messaging import outbox as relay_module
from infra.messaging.consumer import Consumer
from infra.messaging.outbox import Relay
from infra.messaging.publisher import Publisher
from infra.messaging.topology import EVENTS
from infra.storage.store import Store

Function = Callable[..., Awaitable[Any]]


class Doom:
    """Kills this process at the n-th passing."""

    def __init__(self, times: int) -> None:
        self._left = times

    def passed(self) -> None:
        """One more passing."""
        self._left -= 1
        if self._left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)


def _before(function: Function, doom: Doom) -> Function:
    async def wrapped(*arguments: Any, **more: Any) -> Any:  # noqa: ANN401 - stands for any function
        doom.passed()
        return await function(*arguments, **more)

    return wrapped


def _after(function: Function, doom: Doom, counts: Callable[..., bool] = lambda *_: True) -> Function:
    async def wrapped(*arguments: Any, **more: Any) -> Any:  # noqa: ANN401 - stands for any function
        answer = await function(*arguments, **more)
        if counts(answer, *arguments):
            doom.passed()
        return answer

    return wrapped


def _published(_: object, __: Publisher, exchange: str, *___: object) -> bool:
    return exchange == EVENTS


STEPS: dict[str, tuple[Any, str, Callable[[Function, Doom], Function]]] = {
    "before the write": (Store, "_change", _before),
    "after the write": (
        Store,
        "_change",
        lambda function, doom: _after(function, doom, lambda answer, *_: bool(answer)),
    ),
    "after the creation": (
        Store,
        "_insert",
        lambda function, doom: _after(function, doom, lambda answer, *_: bool(answer)),
    ),
    "before the publish": (Relay, "_tell", _before),
    "after the confirm": (Publisher, "publish", lambda function, doom: _after(function, doom, _published)),
    "after the journal": (relay_module, "insert_missing", _after),
    "after the removal": (Relay, "_file", _after),
    "before the handler": (Consumer, "_attempt", _before),
    "before the ack": (Consumer, "_ack", _before),
    "after the ack": (Consumer, "_ack", _after),
}
"""Where a process can die on a command's way; see docs/architecture.md."""


def main() -> None:
    """Wrap the step, then serve."""
    name, step, times = sys.argv[1], sys.argv[2], int(sys.argv[3])
    owner, attribute, wrap = STEPS[step]
    wrapped = wrap(getattr(owner, attribute), Doom(times))
    setattr(owner, attribute, staticmethod(wrapped) if attribute == "_ack" else wrapped)
    sys.argv = sys.argv[:1]
    importlib.import_module(f"services.{name}.app").build().main()


if __name__ == "__main__":
    main()
