"""How a body shows an example of itself on the API pages."""

from pydantic import ConfigDict, JsonValue


def example(**fields: JsonValue) -> ConfigDict:
    """A model's configuration with one example of it."""
    return ConfigDict(json_schema_extra={"examples": [fields]})
