"""Notify that ends itself with SIGKILL at a step of a push: ``python -m tests.support.chaos.doomed_office STEP N``."""

import sys
from collections.abc import Callable
from typing import Any

from services.notify.app import build
from services.notify.office.channels.calling import Line
from services.notify.office.use_cases.delivery import DeliveryWorker
from services.notify.office.use_cases.reconciliation import ChannelWorker
from tests.support.chaos.doomed import Doom, Function, _after, _before

STEPS: dict[str, tuple[type, str, Callable[[Function, Doom], Function]]] = {
    "before the call": (Line, "ask", _before),
    "after the call": (Line, "ask", _after),
    "before its result is written": (DeliveryWorker, "went_well", _before),
    "in the middle of a comparison": (ChannelWorker, "_find", _before),
}
"""Where the process can die while it pushes and compares."""


def main() -> None:
    """Wrap the step, then serve."""
    step, times = sys.argv[1], int(sys.argv[2])
    owner, attribute, wrap = STEPS[step]
    wrapped: Any = wrap(getattr(owner, attribute), Doom(times))
    setattr(owner, attribute, wrapped)
    sys.argv = sys.argv[:1]
    build().main()


if __name__ == "__main__":
    main()
