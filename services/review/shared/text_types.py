"""What people write into a command, and what every command is built on."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints


def _whole(text: str) -> str:
    """Half a surrogate pair is no text: nothing can store it."""
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("not well-formed Unicode")
    return text


Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), AfterValidator(_whole)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_whole)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), AfterValidator(_whole)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(_whole)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{1,63}$")]
"""What people name a thing of theirs by: a procedure, a step, a rubric, a level."""
Number = Annotated[str, StringConstraints(pattern=r"^[\w.@-]{1,64}$")]
"""A person, by employee number."""
Pointer = Annotated[str, StringConstraints(max_length=1000), AfterValidator(_whole)]


class Action(BaseModel):
    """What one command says; who gave it, when, and with which role holders is kept beside it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
