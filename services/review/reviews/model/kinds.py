"""The kinds of visits: who decides what in each, and whom it waits for. A new kind of step adds its lines here."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from services.review.reviews.model import check, co_revision, discussion, judging, poll, publicity, resolution, signing
from services.review.reviews.model.commands import Command
from services.review.reviews.model.context import CommandContext, Duties, Outcome
from services.review.reviews.model.panels import Judging, Polling
from services.review.reviews.model.step_runs import (
    AnyStepRun,
    Checking,
    CoRevising,
    Discussing,
    Drafting,
    Noticing,
    Resolving,
    Signing,
)


def decide(turn: CommandContext, move: Command) -> Outcome:
    """Ask the running step what it makes of a move; raises what its kind raises."""
    found = DECIDE.get(type(turn.visit))
    if found is None:
        raise turn.not_here(move)
    return found(turn, turn.visit, move)


def duties(turn: CommandContext, live: AnyStepRun) -> Duties:
    """What the running step asks of those who decide in it."""
    return ASK[type(live)](turn, live)


def _draft(turn: CommandContext, _: Drafting) -> Duties:
    return dict.fromkeys(turn.leading, ("修改后重新提交", "revise and submit again"))


def _check(turn: CommandContext, _: Checking) -> Duties:
    return check.duties(turn)


DECIDE: Final[Mapping[type, Callable[[CommandContext, Any, Command], Outcome]]] = {
    Checking: check.decide,
    Discussing: discussion.decide,
    CoRevising: co_revision.decide,
    Signing: signing.decide,
    Resolving: resolution.decide,
    Judging: judging.decide,
    Polling: poll.decide,
    Noticing: publicity.decide,
}
"""A draft is in nobody's hands but its drafter's, who submits it: no move belongs to it."""
ASK: Final[Mapping[type, Callable[[CommandContext, Any], Duties]]] = {
    Drafting: _draft,
    Checking: _check,
    Discussing: discussion.duties,
    CoRevising: co_revision.duties,
    Signing: signing.duties,
    Resolving: resolution.duties,
    Judging: judging.duties,
    Polling: poll.duties,
    Noticing: publicity.duties,
}
