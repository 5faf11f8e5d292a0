"""What differs between the open to-dos here and those that an office system lists. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.notify.office.model.delivery import ChannelDelivery


@dataclass(frozen=True)
class Differences:
    """``missing``: open here, not there. ``surplus``: open there (to-do, receiver) and not here."""

    missing: Sequence[ChannelDelivery]
    surplus: Sequence[tuple[str, str]]


def differences(
    deliveries: Mapping[str, ChannelDelivery],
    there: Sequence[tuple[str, str]],
    user: Callable[[str], str],
    begun: datetime,
) -> Differences:
    """Compare; ``user`` makes the vendor's user from an employee number, ``begun`` is when its list was asked for.

    Only deliveries that were settled before that say anything: the list may be older than the others.
    """
    listed = set(there)
    still = {
        key: delivery
        for key, delivery in deliveries.items()
        if delivery.settled and (delivery.pushed_at is None or delivery.pushed_at < begun)
    }
    ours = {(key, user(delivery.person)) for key, delivery in still.items() if delivery.wanted == "open"}
    missing = [still[key] for key, who in sorted(ours - listed)]
    surplus = [(key, who) for key, who in sorted(listed - ours) if key in still or key not in deliveries]
    return Differences(missing, surplus)
