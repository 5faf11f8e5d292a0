"""The piece of a fact."""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A piece of a fact; immutable, and tolerant of fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="ignore")
