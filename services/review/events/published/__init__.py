"""The facts that review publishes; ``examples.json`` has an example of each, by its type."""

import json
from pathlib import Path
from typing import Final

from infra.kernel.events import Fact
from services.review.events.published import campaigns, reviews, standings

_SAID = json.loads((Path(__file__).parent / "examples.json").read_text(encoding="utf-8"))
_NAMED = [one for module in (campaigns, reviews, standings) for one in vars(module).values()]
EXAMPLES: Final[list[Fact]] = [
    one.model_validate(_SAID[one.type]) for one in _NAMED if getattr(one, "type", "") in _SAID
]
"""The recorded contracts are generated from these."""
