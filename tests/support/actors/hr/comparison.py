"""The registry as a whole beside the reference: mirror, departments, proposals, records, rosters, mappings, facts."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from tests.support.actors.hr.registry import Json, Registry
from tests.support.actors.hr.script import Script, last

SHOWN = 12


async def compare(script: Script, registry: Registry, today: date) -> None:
    """Everything must be as the reference has it."""
    mirror = {one["id"]: one for one in await registry.every("/hr/employees")}
    same("mirror", _mirror(script, today), {key: _now(one) for key, one in mirror.items()})
    names = {key: one["now"]["name"] for key, one in mirror.items() if one["now"]}
    same("names", {key: script.names[key] for key in names}, names)
    part_time = {key: units for key, (known, units) in script.part_time.items() if known <= today}
    same("part-time", part_time, {key: mirror[key]["slices"][-1]["part_time"] for key in part_time})
    units = {key: last(versions, today) for key, versions in script.units.items()}
    found = {one["id"]: one["applied"] for one in await registry.every("/hr/departments")}
    names_of = ("name", "parent", "enabled", "merged_into")
    published = {key: {name: one[name] for name in names_of} for key, one in found.items() if one}
    same("departments", {key: one for key, one in units.items() if one}, published)
    same("proposals", _asked(script, today), Counter(map(_proposal, await registry.every("/hr/proposals"))))
    await _party(script, registry, today)


async def _party(script: Script, registry: Registry, today: date) -> None:
    members = {key: last(versions, today) or [] for key, versions in script.members.items()}
    posts = {key: last(script.posts.get(key, []), today) or [] for key in members}
    wanted = {
        key: (
            sorted((where, since.isoformat(), until and until.isoformat()) for where, since, until in members[key]),
            sorted((post, where, until and until.isoformat()) for post, (where, _, until) in posts[key]),
        )
        for key in members
    }
    found = {
        one["id"]: (
            sorted((span["organisation"], span["since"], span["until"]) for span in one["memberships"]),
            sorted((post["post"], post["organisation"], post["until"]) for post in one["posts"]),
        )
        for one in await registry.every("/people")
    }
    same("records", wanted, found)
    maps: dict[tuple[str, str], Any] = {}
    for known, unit, organisation, since, until in script.maps:
        if known <= today:
            maps[unit, organisation] = since.isoformat(), until and until.isoformat()
    rows = await registry.every("/hr/mappings")
    same("mappings", maps, {(one["department"], one["organisation"]): (one["since"], one["until"]) for one in rows})
    if today.month % 6 == 0:
        await _rosters_of(script, registry, today)


async def _rosters_of(script: Script, registry: Registry, today: date) -> None:
    gate = asyncio.Semaphore(8)

    async def roster(key: str) -> set[str]:
        async with gate:
            answer = await registry.done("GET", f"/organisations/{key}/roster", on=today.isoformat())
            return {one["person"] for one in answer["people"]}

    keys = [key for key, *_ in script.company.organisations]
    rosters = dict(zip(keys, await asyncio.gather(*map(roster, keys)), strict=True))
    same("rosters", _rosters(script, today), rosters)


async def compare_facts(script: Script, registry: Registry, days: Iterable[date]) -> None:
    """The journal tells each change of an employee once, in order, and each proposal was raised and ended once."""
    passed, published = list(days), Counter[str]()
    journal = registry.mongo.collection("journal")
    changes: dict[str, list[Any]] = {}
    async for fact in journal.find({"type": "registry.employee.changed.v1"}).sort([("subject", 1), ("sequence", 1)]):
        after = fact["data"]["after"]
        changes.setdefault(fact["subject"], []).append((after["status"], after["department"]))
    steps = {number: script.steps(number, passed)[1:] for number in script.lives}
    same("facts of employees", {number: found for number, found in steps.items() if found}, changes)
    async for fact in journal.find({"type": {"$regex": "^registry.proposal"}}):
        published[fact["type"]] += 1
    asked = [one for one in script.asked if one.opened <= passed[-1]]
    ended = sum(one.state(passed[-1]) != "open" for one in asked)
    wanted = Counter({"registry.proposal.raised.v1": len(asked), "registry.proposal.decided.v1": ended})
    same("facts of proposals", wanted, published)
    same("parked", 0, await registry.mongo.collection("parked").count_documents({}))


def same(what: str, wanted: Any, found: Any) -> None:  # noqa: ANN401 - any two things of a kind
    """Fail with the first differences by name."""
    if wanted == found:
        return
    shown = f"wanted {wanted}, found {found}"
    if isinstance(wanted, dict) and isinstance(found, dict):
        keys = sorted({*wanted, *found}, key=str)
        differs = [(key, wanted.get(key), found.get(key)) for key in keys if wanted.get(key) != found.get(key)]
        shown = f"{len(differs)} differ (key, wanted, found): {differs[:SHOWN]}"
    raise AssertionError(f"{what}: {shown}")


def _mirror(script: Script, today: date) -> dict[str, tuple[str, str | None]]:
    states = {number: script.state(number, today) for number in script.lives}
    return {number: state for number, state in states.items() if state}


def _now(one: Json) -> Any:  # noqa: ANN401 - as _mirror
    return (one["now"]["status"], one["now"]["department"]) if one["now"] else None


def _asked(script: Script, today: date) -> Counter[Any]:
    return Counter(
        (*one.name, one.outward, one.compensates, tuple(sorted(one.candidates)), one.state(today))
        for one in script.asked
        if one.opened <= today
    )


def _proposal(one: Json) -> Any:  # noqa: ANN401 - as _asked
    about = one["suggestion"]
    named = about["kind"], about["person"] or about["department"], about["organisation"], about["post"]
    return *named, about["outward"], about["compensates"], tuple(about["candidates"]), one["state"]


def _rosters(script: Script, today: date) -> dict[str, set[str]]:
    above, found = script.company.above, {key: set[str]() for key, *_ in script.company.organisations}
    for number, versions in script.members.items():
        for where, since, until in last(versions, today) or []:
            if since <= today and (until is None or today <= until):
                place: str | None = where
                while place:
                    found[place].add(number)
                    place = above[place]
    return found
