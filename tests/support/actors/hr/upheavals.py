"""What happens to departments in the year: a merger, new names, another company, one that belongs nowhere."""

from tests.support.actors.hr.company import LONG_AGO
from tests.support.actors.hr.script import DAY, State, day
from tests.support.actors.hr.stories import Storyteller, said


def tell_departments(tell: Storyteller, months: int) -> None:
    """All of them that fit into so many months."""
    merged(tell)
    for month, story in ((2, renamed), (3, another_company), (5, inherited_company), (6, belongs_nowhere)):
        if month < months:
            story(tell, month)


def _unit(tell: Storyteller, key: str, on: int, month: int, via: str, **changed: object) -> None:
    """HR says something of a department, effective that day."""
    known, (_, before) = day(month, on), tell.script.units.get(key, [(None, {})])[-1]
    now = {"name": f"部门{key}", "parent": None, "enabled": True, "merged_into": None, **before, **changed}
    tell.script.units.setdefault(key, []).append((known, now))
    if via == "event":
        tell.script.say(known, "unit", source_id=key, effective_from=known.isoformat(), **now)


def merged(tell: Storyteller) -> None:
    """A + B → C on the first of February, told a month before; the old ids end the same day.

    B's branch says no to the adjustment; A's branch takes all of C; then B's members are asked for, and every second
    of them is transferred.
    """
    script, since = tell.script, day(2, 1)
    one, other, new = "C1-D01", "C1-D02", "C1-D21"
    parts: dict[str, dict[str, object]] = {new: {"enabled": True, "merged_into": None}}
    parts |= {key: {"enabled": False, "merged_into": new} for key in (one, other)}
    for key, changed in parts.items():
        state = {"name": f"部门{key}", "parent": "C1", **changed}
        script.say(day(1, 3), "unit", source_id=key, effective_from=since.isoformat(), **state)
        script.units.setdefault(key, []).append((since, state))
    for worker in tell.company.people_of(one, other):
        said(tell, worker, day(1, 3), "event", new, since)
        script.lived(worker.number, State(day(1, 3), since, "active", new))
    first, second = tell.company.belongs[one][0], tell.company.belongs[other][0]
    decided = day(2, 15)
    no = script.ask(other, "branch_adjustment", second, since, candidates=(second,))
    script.end(no, decided, "declined")
    yes = script.ask(one, "branch_adjustment", first, since, candidates=(first,))
    mapping = {"department": new, "organisation": first, "since": decided.isoformat()}
    script.end(yes, decided, "confirmed", mappings=[mapping], end=[f"{one}~{first}"], until=(decided - DAY).isoformat())
    script.maps.append((decided, new, first, decided, None))
    script.maps.append((decided, one, first, LONG_AGO, decided - DAY))
    for place, worker in enumerate(tell.company.people_of(other)):
        if worker.branch:
            asked = script.ask(worker, "membership_transfer", second, decided, candidates=(first,))
            if place % 2:
                tell.transferred(worker, asked, day(3, 15))


def renamed(tell: Storyteller, month: int) -> None:
    """New names ask nothing: one told by an event, one shown by the list."""
    _unit(tell, "C2-D03", 3, month, "event", name="新部门")
    _unit(tell, "C2-D04", 25, month, "list", name="另一新部门")


def another_company(tell: Storyteller, month: int) -> None:
    """A department with a branch moves to another company: asked, declined; a new name later asks nothing."""
    key = "C3-D06"
    (branch,) = tell.company.belongs[key]
    _unit(tell, key, 3, month, "event", parent="C4")
    asked = tell.script.ask(key, "branch_adjustment", branch, day(month, 3), candidates=(branch,))
    tell.script.end(asked, day(month, 15), "declined")
    _unit(tell, key, 3, month + 1, "event", name="改名部门")


def inherited_company(tell: Storyteller, month: int) -> None:
    """A department that belonged where its company did moves: it is asked there, and stays by a mapping of its own."""
    key, general = "C3-D14", "gb-3"
    decided = day(month, 15)
    _unit(tell, key, 3, month, "event", parent="C4")
    asked = tell.script.ask(key, "branch_adjustment", general, day(month, 3), candidates=(general,))
    mapping = {"department": key, "organisation": general, "since": decided.isoformat()}
    tell.script.end(asked, decided, "confirmed", mappings=[mapping])
    tell.script.maps.append((decided, key, general, decided, None))


def belongs_nowhere(tell: Storyteller, month: int) -> None:
    """A new company without a Party organisation: the committee is asked once members work there."""
    key, branch, decided = "C5", "b-4-01", day(month, 15)
    _unit(tell, key, 1, month, "event", parent=None)
    worker = tell.member()
    assert worker
    assert worker.branch
    said(tell, worker, day(month, 3), "event", key, day(month, 3))
    tell.script.lived(worker.number, State(day(month, 3), day(month, 3), "active", key))
    asked = tell.script.ask(key, "branch_adjustment", "committee", day(month, 3))
    mapping = {"department": key, "organisation": branch, "since": decided.isoformat()}
    tell.script.end(asked, decided, "confirmed", mappings=[mapping])
    tell.script.maps.append((decided, key, branch, decided, None))
    if worker.branch != branch:
        tell.script.ask(worker, "membership_transfer", worker.branch, decided, candidates=(branch,))
