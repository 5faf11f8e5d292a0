"""Which roles count here, for which organisations a caller holds them, and in whose name a command is given."""

from dataclasses import replace
from datetime import datetime

from infra.kernel.events import Cause
from infra.web.auth import Principal
from infra.web.http import Asking
from services.review.shared.actor import Actor, Versioned
from services.review.shared.mirrors import Mirrors

OFFICE = "party_work_department"


def scopes(user: Principal, *roles: str) -> set[str]:
    """The organisations that a caller holds one of these roles for; ``*`` stands for all."""
    held = (name.partition("@") for name in user.roles)
    return {scope for role, _, scope in held if role in roles and scope}


async def is_office(mirrors: Mirrors, user: Principal, committee: str, at: datetime) -> bool:
    """Whether somebody is of a committee's Party work department, by role or by post; raises ``NotYet``."""
    return user.has(OFFICE, committee) or user.id in (await mirrors.around(committee, at)).work_department


def actor_of(asked: Asking) -> Actor:
    """Who commands, and when."""
    return Actor(by=asked.user.person, at=asked.at)


def cause_of(asked: Asking, command: Versioned) -> Cause:
    """Why the effect of a command happens; it is expected on the version that the command names, if it does."""
    return asked.cause if command.version is None else replace(asked.cause, expected_version=command.version)
