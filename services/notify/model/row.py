"""A row: what should stand in one office system about one to-do, and what we know to stand there. Pure.

``next_at`` is when it is to be worked off; None = both sides agree, or a person must mend something (``failed``).
"""

from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict

from infra.aggregate import Aggregate, Decision, Refused
from services.notify.model.todo import State, Todo

Pushed = Literal["none", "open", "done", "withdrawn"]
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 600.0


class Content(BaseModel):
    """What the receiver sees."""

    model_config = ConfigDict(frozen=True)

    title: str
    title_en: str
    name: str
    step: str
    since: datetime
    due: datetime | None
    link: str


class Row(Aggregate):
    """One to-do in one channel: ``wanted`` at ``todo_version`` shall stand there; ``pushed`` does."""

    channel: str
    todo: str
    person: str
    wanted: State
    todo_version: int
    content: Content
    pushed: Pushed = "none"
    pushed_version: int = -1
    pushed_at: datetime | None = None
    seq: int = 0
    attempts: int = 0
    next_at: datetime | None = None
    failed: bool = False
    error: str | None = None

    @property
    def settled(self) -> bool:
        """Whether what shall stand there stands there, as far as we know."""
        return self.next_at is None and not self.failed


def row_id(channel: str, todo: str) -> str:
    """There is one row for each to-do and channel."""
    return f"{channel}:{todo}"


def want(before: Row | None, channel: str, todo: Todo, version: int, now: datetime) -> Decision[Row]:
    """What review says now; an older version changes nothing. What was never there need not be taken away."""
    if before is not None and before.todo_version >= version:
        return before, []
    content = Content(
        title=todo.title,
        title_en=todo.title_en,
        name=todo.name or "",
        step=todo.step,
        since=todo.since,
        due=todo.due,
        link=todo.link,
    )
    row = before or Row(
        id=row_id(channel, todo.id),
        channel=channel,
        todo=todo.id,
        person=todo.person,
        wanted=todo.state,
        todo_version=version,
        content=content,
    )
    after = row.becomes(wanted=todo.state, todo_version=version, content=content, person=todo.person)
    if after.pushed == "none" and after.wanted != "open" and after.seq == 0:
        return after.becomes(next_at=None), []
    if after.pushed == after.wanted and after.wanted != "open":
        return after.becomes(next_at=None, pushed_version=version), []
    return after.becomes(next_at=now, attempts=0, failed=False, error=None), []


def reserve(row: Row, now: datetime) -> Decision[Row]:
    """Take the next number before anything is sent: it only grows, whatever happens after."""
    return row.becomes(seq=max(int(now.timestamp() * 1000), row.seq + 1)), []


def pushed(row: Row, state: State, version: int, now: datetime) -> Decision[Row]:
    """The vendor has it. Where review went on meanwhile, the row is due again."""
    again = row.todo_version != version
    return row.becomes(
        pushed=state,
        pushed_version=version,
        pushed_at=now,
        attempts=0,
        error=None,
        failed=False,
        next_at=now if again else None,
    ), []


def delayed(row: Row, why: str, after: float | None, chance: float, now: datetime) -> Decision[Row]:
    """It could not be done; ``chance`` (0 to 1) spreads the next tries. ``after``: what the vendor asked for."""
    pause = min(FIRST_PAUSE * 2 ** min(row.attempts, 10), LONGEST_PAUSE) * (0.5 + chance / 2)
    wait = timedelta(seconds=max(pause, after or 0))
    return row.becomes(attempts=row.attempts + 1, error=why, next_at=now + wait), []


def refused(row: Row, why: str) -> Decision[Row]:
    """The vendor refuses it for good: a person must mend something, then redrive it."""
    return row.becomes(failed=True, error=why, next_at=None, attempts=row.attempts + 1), []


def redrive(row: Row, now: datetime) -> Decision[Row]:
    """A person has mended what was wrong, or a comparison found that both sides differ."""
    return row.becomes(failed=False, attempts=0, next_at=now, error=None), []


def redrive_failed(row: Row, now: datetime) -> Decision[Row]:
    """A person's redrive; nothing waits where both sides agree."""
    if row.settled:
        raise Refused("row.settled", zh="该待办两侧一致，无需重推。", en="Both sides agree; nothing is to be sent.")
    return redrive(row, now)
