"""Brands of one branch as registry tells them after their approval, and an officer who decides about them."""

from datetime import date
from typing import Any

from tests.integration.review.cast import OFFICER, today
from tests.support.harness.service import Json, ServiceHarness
from tests.support.harness.waiting import eventually

THIS_YEAR = date.fromisoformat(today()).year
BEGUN = date(THIS_YEAR - 2, 3, 20)
RESOLUTION = {"resolution": "党委决议〔2027〕9号"}


def brand(key: str, sequence: int, state: str, approved_on: date | None = BEGUN) -> tuple[str, str, int, Json]:
    """A brand as registry tells it; ``sequence`` says which of two is newer."""
    known = {"brand": key, "owner": "branch", "name": "三心", "focus": None, "level": None, "revision": sequence}
    decided = {"state": state, "review": None if state == "draft" else f"{key}.r1"}
    on = approved_on.isoformat() if approved_on and state in {"approved", "plaqued"} else None
    return "registry.brand.recorded.v1", key, sequence, {**known, **decided, "approved_on": on}


async def ask(standing: ServiceHarness, method: str, path: str, by: str = OFFICER, **more: Any) -> Json:  # noqa: ANN401
    """Ask as a person; fails unless it succeeds."""
    answer = await standing.ask(method, path, by=by, **more)
    assert answer.is_success, answer.text
    found: Json = answer.json()
    return found


async def decide(standing: ServiceHarness, path: str, on: date, **more: Any) -> Json:  # noqa: ANN401 - any fields
    """The officer decides about a brand."""
    body = {"reason": "据实研究", "on": on.isoformat(), **RESOLUTION, **more}
    return await ask(standing, "POST", f"/standings/{path}", json=body)


async def stands(standing: ServiceHarness, *keys: str, **wanted: Any) -> Json:  # noqa: ANN401 - any values
    """Wait until these brands stand like this; returns the last one as the officer sees it."""
    seen: Json = {}

    async def there() -> bool:
        for key in keys:
            answer = await standing.ask("GET", f"/standings/{key}", by=OFFICER)
            seen.clear()
            seen.update(answer.json() if answer.is_success else {})
            if not seen or any(seen.get(name) != value for name, value in wanted.items()):
                return False
        return True

    await eventually(there, within=60, what=f"{keys} with {wanted}")
    return seen
