"""One example of each fact that registry publishes, as its contract shows it; no service reads them."""

import json
from pathlib import Path
from typing import Final

from infra.kernel.events import Fact
from services.registry.events import published

_SAID = json.loads((Path(__file__).parents[1] / "data" / "event_examples.json").read_text(encoding="utf-8"))

EXAMPLES: Final = tuple(
    fact.model_validate(_SAID[fact.type]) for fact in Fact.__subclasses__() if fact.__module__ == published.__name__
)
