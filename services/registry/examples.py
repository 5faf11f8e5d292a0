"""Bodies show an example of themselves on the API pages: data, by the name of the body."""

import json
from pathlib import Path
from typing import Final

from pydantic import ConfigDict

BODIES: Final = json.loads((Path(__file__).parent / "data" / "body_examples.json").read_text(encoding="utf-8"))


def example(body: str) -> ConfigDict:
    """A body's configuration with its example."""
    return ConfigDict(json_schema_extra={"examples": [BODIES[body]]})
