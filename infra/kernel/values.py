"""What values are made of: immutable models, tolerant or strict about what they do not name."""

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """A part of an aggregate or of a fact; what it does not name is ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Closed(BaseModel):
    """A value that refuses what it does not name, so that a misspelt field is not silently lost."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Input(Closed):
    """What people enter: strict, and without the blanks around a text."""

    model_config = ConfigDict(str_strip_whitespace=True)


class Identified(BaseModel):
    """The beginning of what is shown: name it as the last base, for its fields come first."""

    id: str
    version: int
