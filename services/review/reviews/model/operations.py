"""Moves by which people pass duties on and ask others in: signing, adding signers, handing over, copying, urging."""

from typing import Annotated, Literal

from pydantic import Field

from services.review.reviews.model.procedure import Number
from services.review.shared.text_types import Action, Words

People = Annotated[tuple[Number, ...], Field(min_length=1, max_length=50)]


class Sign(Action):
    """A signer agrees or disagrees, once. ``signer``: in whose name, when a proxy has several to sign for."""

    kind: Literal["sign"] = "sign"
    choice: Literal["agree", "disagree"]
    comment: Words | None = None
    signer: Number | None = None


class AddSigner(Action):
    """Another person is to sign as well."""

    kind: Literal["add_signer"] = "add_signer"
    person: Number
    reason: Words


class RemoveSigner(Action):
    """A signer who has not signed need not sign any more."""

    kind: Literal["remove_signer"] = "remove_signer"
    person: Number
    reason: Words


class Transfer(Action):
    """Another person takes over being in charge of the running step."""

    kind: Literal["transfer"] = "transfer"
    to: Number
    reason: Words


class Delegate(Action):
    """Another person is asked for an opinion; then the duty comes back."""

    kind: Literal["delegate"] = "delegate"
    to: Number
    reason: Words


class Advise(Action):
    """The delegate gives the opinion they were asked for."""

    kind: Literal["advise"] = "advise"
    opinion: Words


class Copy(Action):
    """People are to know of the review; they may see it from now on."""

    kind: Literal["copy"] = "copy"
    to: People
    note: Words | None = None


class Urge(Action):
    """Those whom the review waits for are reminded."""

    kind: Literal["urge"] = "urge"
    note: Words | None = None


class Terminate(Action):
    """The Party work department or an administrator ends the review."""

    kind: Literal["terminate"] = "terminate"
    reason: Words
