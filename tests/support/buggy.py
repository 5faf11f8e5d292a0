"""A service whose decisions fail for one owner organisation: ``python -m tests.support.buggy NAME OWNER``."""

import importlib
import sys
from typing import Any

from infra.events import Event
from infra.handlers import Handlers


def main() -> None:
    """Wrap every deciding handler, then serve."""
    name, owner = sys.argv[1], sys.argv[2]
    service = importlib.import_module(f"services.{name}.app").build()
    _break(service.handlers, owner)
    sys.argv = sys.argv[:1]
    service.main()


def _break(handlers: Handlers, owner: str) -> None:
    for kind, (fact, function) in list(handlers.decisions.items()):

        async def failing(event: Event[Any], function: Any = function) -> None:  # noqa: ANN401 - any handler
            if getattr(event.data, "owner", None) == owner:
                raise LookupError(f"a bug that only {owner} meets")
            await function(event)

        handlers.decisions[kind] = (fact, failing)


if __name__ == "__main__":
    main()
