"""What differs between the open to-dos here and those that an office system lists. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.notify.office.model.row import ChannelDelivery


@dataclass(frozen=True)
class Differences:
    """``missing``: open here, not there. ``surplus``: open there (to-do, receiver) and not here."""

    missing: Sequence[ChannelDelivery]
    surplus: Sequence[tuple[str, str]]


def differences(
    rows: Mapping[str, ChannelDelivery], there: Sequence[tuple[str, str]], user: Callable[[str], str], begun: datetime
) -> Differences:
    """Compare; ``user`` makes the vendor's user from an employee number, ``begun`` is when its list was asked for.

    Only rows that were settled before that say anything: the list may be older than the others.
    """
    listed = set(there)
    still = {key: row for key, row in rows.items() if row.settled and (row.pushed_at is None or row.pushed_at < begun)}
    ours = {(key, user(row.person)) for key, row in still.items() if row.wanted == "open"}
    missing = [still[key] for key, who in sorted(ours - listed)]
    surplus = [(key, who) for key, who in sorted(listed - ours) if key in still or key not in rows]
    return Differences(missing, surplus)
