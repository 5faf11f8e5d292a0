"""Who may see what: everybody their own inbox and no other; channels of office systems are for their keepers."""

from collections.abc import Sequence

from infra.kernel.errors import NotFound
from infra.web.auth import Principal
from services.notify.inbox.model.audience import EVERYWHERE

WORK_DEPARTMENT = "party_work_department"
KEEPERS = ("administrator", WORK_DEPARTMENT)


def scopes(user: Principal) -> list[str]:
    """The organisations for which this is the work department: messages to it reach their inbox."""
    roles = [role.partition("@") for role in user.roles]
    return [scope or EVERYWHERE for role, _, scope in roles if role == WORK_DEPARTMENT]


def require_keeper(user: Principal) -> None:
    """Who keeps office systems connected; else ``Forbidden``."""
    user.require(*KEEPERS)


def channels_of(user: Principal, known: Sequence[str], channel: str | None = None) -> Sequence[str]:
    """The channels that a keeper asks for, all if none is named; raises ``Forbidden`` and ``NotFound``."""
    require_keeper(user)
    if channel is not None and channel not in known:
        raise NotFound("channel.unknown", zh=f"没有通道“{channel}”。", en=f"There is no channel “{channel}”.")
    return known if channel is None else [channel]
