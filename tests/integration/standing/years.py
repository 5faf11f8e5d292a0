"""Registry and review side by side, a brand that goes through both, and activities played by its facts."""

import random
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, cast

from examples.client import Client
from examples.review import Review
from infra.kernel.dates import day_of
from tests.integration.registry.office import OFFICER, Office
from tests.support.harness.service import Json, ServiceHarness
from tests.support.harness.waiting import eventually

BRAND, OWNER = "1010", "engineering"
SECRETARY, DRAFTER = "E301", "E302"
SCRIPT = {"secretary": SECRETARY, "meeting": "党委会第5次", "resolution": "党委决议3号"}


class Years:
    """The two services, asked as people ask."""

    def __init__(self, office: Office, review: ServiceHarness) -> None:
        self.office, self.review = office, review

    async def get(self, person: str, service: str, path: str, *roles: str) -> Json:
        """As ``examples.client.Client``."""
        return await self._done(person, service, ("GET", path, None), roles)

    async def post(self, person: str, service: str, path: str, body: Json, *roles: str) -> Json:
        """As ``examples.client.Client``."""
        return await self._done(person, service, ("POST", path, body), roles)

    async def _done(
        self, person: str, service: str, call: tuple[str, str, Json | None], roles: tuple[str, ...]
    ) -> Json:
        standing = self.review if service == "review" else self.office.standing
        answer = await standing.ask(call[0], call[1], by=person, roles=roles, json=call[2])
        assert answer.is_success, answer.text
        found: Json = answer.json()
        return found

    async def approved(self) -> None:
        """The brand from its first draft through all five steps, and its plaque."""
        who = {"by": DRAFTER}
        await self.office.begun(BRAND, OWNER, who)
        published = await self.office.handed_in(BRAND, who)
        acted = Review(cast("Client", self), published["review"], SCRIPT)

        async def there() -> bool:
            return (await self.review.ask("GET", f"/reviews/{acted.key}", **OFFICER)).is_success

        await eventually(there)
        while (seen := await acted.look())["state"] == "running":
            await acted.act(seen)
        await self.office.becomes({"state": "approved"}, BRAND)

    async def standing(self, **wanted: Any) -> Json:  # noqa: ANN401 - any values
        """Wait until the brand stands like this, as the officer sees it."""
        seen: Json = {}

        async def there() -> bool:
            answer = await self.review.ask("GET", f"/standings/{BRAND}", **OFFICER)
            seen.update(answer.json() if answer.is_success else {})
            return bool(seen) and all(seen.get(name) == value for name, value in wanted.items())

        await eventually(there, what=f"a standing with {wanted}")
        return seen

    async def decide(self, path: str, on: date, **more: Any) -> Json:  # noqa: ANN401 - any values
        """The officer decides; by resolution unless it is told otherwise."""
        body = {"reason": "据实研究", "on": on.isoformat(), "resolution": f"党委决议〔{on.year}〕9号", **more}
        answer = await self.review.ask("POST", f"/standings/{BRAND}{path}", json=body, **OFFICER)
        assert answer.is_success, answer.text
        found: Json = answer.json()
        return found

    async def refused(self, path: str, on: date, **more: Any) -> tuple[int, str, str | None]:  # noqa: ANN401
        """The same, refused: status, code, field."""
        body = {"reason": "据实研究", "on": on.isoformat(), **more}
        answer = await self.review.ask("POST", f"/standings/{BRAND}{path}", json=body, **OFFICER)
        found = answer.json()
        assert found["detail"] != found["detail_en"]
        return answer.status_code, found["type"].removeprefix("/problems/"), found.get("field")


def activities(year_of: datetime, brand: str = BRAND, owner: str = OWNER) -> list[tuple[str, str, int, Json]]:
    """What activities tells of a brand's year: four held, one filed late, one record corrected, a value, two hints."""
    facts: list[tuple[str, str, int, Json]] = []
    for n in range(4):
        held = {"activity": f"a{n}", "organisation": owner, "brand": brand, "title": "活动", "recorded_by": SECRETARY}
        held |= {"kind": "open_day" if n else "theme_party_day", "held_at": (year_of + timedelta(hours=n)).isoformat()}
        figures = {"expected": 10, "present": 9, "on_leave": 1, "absent": 0}
        facts.append(("activities.activity.recorded.v1", f"a{n}", 2, {**held, **figures}))
        plan = {**held, "kind_title": "活动", "starts_at": held["held_at"], "place": "党员之家", "revision": 1}
        plan |= {"filed_at": held["held_at"], "filed_by": SECRETARY, "late": n == 3}
        facts.append(("activities.activity.filed.v1", f"a{n}", 1, plan))
        if n == 0:
            facts.append(("activities.activity.recorded.v1", "a0", 3, {**held, **figures, "present": 5, "on_leave": 5}))
    for n, value in enumerate((28.0, 31.5)):
        point = {"point": f"p{n}", "brand": brand, "organisation": owner, "indicator": "船时效率", "value": value}
        point |= {"unit": "自然箱/小时", "department": "production", "event_type": "production.milestone.reached"}
        facts.append(("activities.point.measured.v1", f"p{n}", 1, {**point, "measured_at": _plus(year_of, minutes=n)}))
    facts += [hint("open", owner, restricted=False), hint("secret", owner, restricted=True)]
    return facts


def hint(key: str, owner: str, *, restricted: bool) -> tuple[str, str, int, Json]:
    """A hint about an organisation."""
    data = {"hint": key, "organisation": owner, "brand": None, "restricted": restricted}
    data |= {"title": "纪律审查立案" if restricted else "较大及以上安全事故", "department_title": "纪检监察部"}
    data |= {"title_en": "A discipline case" if restricted else "Major accident", "reason": "调查中"}
    return "activities.hint.raised.v1", key, 1, data


async def tell_twice(standing: ServiceHarness, facts: list[tuple[str, str, int, Json]], seed: int) -> None:
    """Every fact twice, in any order."""
    order = [*facts, *facts]
    random.Random(seed).shuffle(order)
    for n, (kind, subject, sequence, data) in enumerate(order):
        again = f"{kind}#{subject}#{sequence}" if n % 2 else f"{kind}#{subject}#{sequence}#again"
        await standing.tell(kind, subject, sequence, cast("Mapping[str, Any]", data), id=again)


def _plus(moment: datetime, **more: int) -> str:
    return (moment + timedelta(**more)).isoformat()


def today() -> date:
    """The real present day in China."""
    return day_of(datetime.now().astimezone())
