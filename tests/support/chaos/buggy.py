"""A service that fails on one kind of fact of one owner: ``python -m tests.support.chaos.buggy NAME TYPE OWNER``."""

import importlib
import sys
from typing import Any

from infra.kernel.events import Event
from infra.messaging.subscriptions import Handlers


def main() -> None:
    """Wrap the deciding handler, then serve."""
    name, kind, owner = sys.argv[1:4]
    service = importlib.import_module(f"services.{name}.app").build()
    _break(service.handlers, kind, owner)
    sys.argv = sys.argv[:1]
    service.main()


def _break(handlers: Handlers, kind: str, owner: str) -> None:
    fact, function = handlers.decisions[kind]

    async def failing(event: Event[Any]) -> None:
        if event.data.owner == owner:
            raise LookupError(f"a bug that only {owner} meets")
        await function(event)

    handlers.decisions[kind] = (fact, failing)


if __name__ == "__main__":
    main()
