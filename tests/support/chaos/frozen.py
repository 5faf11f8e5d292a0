"""Review on a day that a test chooses, which freezes as it is about to act.

Run by ``python -m tests.support.chaos.frozen FILE N``.

FILE holds the seconds by which its days differ from ours, as in ``harness.clock``. At the N-th deadline that it is
about to decide on (0 = never) the process stops itself with SIGSTOP: it has looked, found and chosen, and has not yet
written.
What it has done with each deadline, it writes as a line into FILE.N.
The product holds no such switch: this runner wraps the library from outside, then runs the real service.
"""

import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from infra.kernel.events import Cause
from infra.storage.store import Store
from tests.support.harness import clock


def freezing(update: Callable[..., Awaitable[Any]], at: int, record: Path) -> Callable[..., Awaitable[Any]]:
    """``Store.update`` that stops the process before its n-th deadline of a review."""
    left = at

    async def wrapped(store: Store[Any], key: str, decide: Any, *, cause: Cause) -> Any:  # noqa: ANN401 - stands for update
        nonlocal left
        if not cause.id.startswith("due#reviews#"):
            return await update(store, key, decide, cause=cause)
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGSTOP)
        outcome = "refused"
        try:
            answer = await update(store, key, decide, cause=cause)
            outcome = "repeated" if answer.repeated else "decided"
        finally:
            with record.open("a", encoding="utf-8") as lines:
                lines.write(f"{outcome} {cause.id}\n")
        return answer

    return wrapped


def main() -> None:
    """Wrap the update, then serve on the led day."""
    file, at = sys.argv[1], int(sys.argv[2])
    setattr(Store, "update", freezing(Store.update, at, Path(f"{file}.{at}")))  # noqa: B010 - from outside
    sys.argv = [sys.argv[0], "review", file]
    clock.main()


if __name__ == "__main__":
    main()
