"""What happens to people in the course of a year, each with what must follow: every case that HR is known for.

A month's days: on the 1st what was planned takes effect, on the 3rd HR says something, on the 15th people decide, on
the 25th there is a full list.
"""

import random
from collections.abc import Callable
from datetime import date

from tests.support.actors.hr.company import LONG_AGO, RETIRED, SECRETARY, SPECIAL, Worker
from tests.support.actors.hr.script import DAY, Asked, Script, State, day

Story = Callable[["Storyteller", Worker, int], None]
DATED = ("event", "delta")


class Storyteller:
    """Tells stories of people who have none yet."""

    def __init__(self, script: Script, seed: int) -> None:
        self.script, self.company = script, script.company
        self.chance = random.Random(seed)
        busy = set(self.company.secretaries.values())
        free = [
            one for one in self.company.workers.values() if one.number not in busy and one.department not in SPECIAL
        ]
        self.chance.shuffle(free)
        self._members = [one for one in free if one.branch]
        self._others = [one for one in free if not one.branch]
        self._secretaries = sorted(self.company.secretaries.values())
        self.chance.shuffle(self._secretaries)

    def member(self) -> Worker | None:
        """A member without a story."""
        return self._members.pop() if self._members else None

    def other(self) -> Worker | None:
        """Somebody who is no member."""
        return self._others.pop() if self._others else None

    def secretary(self) -> Worker | None:
        """A secretary who is still there."""
        return self.company.workers[self._secretaries.pop()] if self._secretaries else None

    def elsewhere(self, worker: Worker) -> str:
        """A department of another company."""
        places = [
            key
            for key, parent in self.company.departments.items()
            if parent and parent != worker.department[:2] and key not in SPECIAL
        ]
        return self.chance.choice(places)

    def moved(self, one: Worker, to: str, opened: date, **more: bool) -> Asked:
        """A transfer is asked for."""
        assert one.branch
        candidates = self.company.belongs[to]
        return self.script.ask(one, "membership_transfer", one.branch, opened, candidates=candidates, **more)

    def transferred(self, one: Worker, asked: Asked, on: date) -> None:
        """The secretary confirms, into the first branch that is offered."""
        assert one.branch
        to = asked.candidates[0]
        self.script.end(asked, on, "confirmed", organisation=to, since=on.isoformat())
        self.script.belongs(one.number, on, (one.branch, LONG_AGO, on - DAY), (to, on, None))

    def left_outward(self, one: Worker, opened: date) -> Asked:
        """A transfer out of the enterprise is asked for."""
        assert one.branch
        return self.script.ask(one, "membership_transfer", one.branch, opened, outward=True)

    def parted(self, one: Worker, asked: Asked, on: date) -> None:
        """It is confirmed."""
        assert one.branch
        self.script.end(asked, on, "confirmed", until=on.isoformat())
        self.script.belongs(one.number, on, (one.branch, LONG_AGO, on))


def said(  # noqa: PLR0913, PLR0917 - one sentence of HR
    tell: Storyteller, one: Worker, on: date, via: str, to: str, since: date, **more: object
) -> str:
    """HR says that somebody is in a department from a day on; returns the number of the change."""
    order = str(more.pop("order", "") or tell.script.order())
    row = {"employee_no": one.number, "name": one.name, "main_dept_id": to, "effective_from": since.isoformat()}
    tell.script.say(on, via, **row, change_order_no=order, **{"status": "active", **more})
    return order


def transfer_next_month(tell: Storyteller, one: Worker, month: int) -> None:
    """Told today, effective on the 1st; then confirmed, declined or left lying."""
    to, known, since = tell.elsewhere(one), day(month, 3), day(month + 1, 1)
    said(tell, one, known, tell.chance.choice(DATED), to, since)
    tell.script.lived(one.number, State(known, since, "active", to))
    asked = tell.moved(one, to, since)
    match tell.chance.randrange(3):
        case 0:
            tell.transferred(one, asked, day(month + 1, 15))
        case 1:
            tell.script.end(asked, day(month + 1, 15), "declined")


def withdrawn_before_its_day(tell: Storyteller, one: Worker, month: int) -> None:
    """Nobody ever hears of it."""
    to, via = tell.elsewhere(one), tell.chance.choice(DATED)
    order = said(tell, one, day(month, 3), via, to, day(month + 1, 1))
    said(tell, one, day(month, 15), via, to, day(month + 1, 1), order=order, withdrawn=True)


def withdrawn_while_open(tell: Storyteller, one: Worker, month: int) -> None:
    """What is still open is taken back."""
    to, via, known, back = tell.elsewhere(one), tell.chance.choice(DATED), day(month, 3), day(month + 1, 3)
    order = said(tell, one, known, via, to, known)
    said(tell, one, back, via, to, known, order=order, withdrawn=True)
    tell.script.lived(one.number, State(known, known, "active", to, withdrawn=back))
    tell.script.end(tell.moved(one, to, known), back, "withdrawn")


def withdrawn_after_it_was_confirmed(tell: Storyteller, one: Worker, month: int) -> None:
    """The way back is proposed, and confirmed."""
    assert one.branch
    to, known, back, again = tell.elsewhere(one), day(month, 3), day(month + 1, 3), day(month + 1, 15)
    order = said(tell, one, known, "event", to, known)
    said(tell, one, back, "event", to, known, order=order, withdrawn=True)
    tell.script.lived(one.number, State(known, known, "active", to, withdrawn=back))
    there = tell.moved(one, to, known)
    tell.transferred(one, there, day(month, 15))
    new = there.candidates[0]
    home = tell.company.belongs[one.department]
    compensation = tell.script.ask(one, "membership_transfer", new, back, candidates=home, compensates=True)
    tell.script.end(compensation, again, "confirmed", organisation=one.branch, since=again.isoformat())
    spans = ((one.branch, LONG_AGO, day(month, 14)), (new, day(month, 15), again - DAY), (one.branch, again, None))
    tell.script.belongs(one.number, again, *spans)


def by_list_only(tell: Storyteller, one: Worker, month: int) -> None:
    """No event told of it: the full list shows it, and it holds from that list's day."""
    to, known = tell.elsewhere(one), day(month, 25)
    tell.script.lived(one.number, State(known, known, "active", to))
    tell.transferred(one, tell.moved(one, to, known), day(month + 1, 15))


def by_directory(tell: Storyteller, one: Worker, month: int) -> None:
    """The identity system knows the member, then moves them: from the day it says so."""
    to, first, known = tell.elsewhere(one), day(month, 3), day(month + 1, 3)
    tell.script.say(first, "scim", number=one.number, name=one.name, department=one.department)
    tell.script.say(known, "scim", number=one.number, name=one.name, department=to)
    tell.script.lived(one.number, State(known, known, "active", to))
    tell.moved(one, to, known)


def corrected_out_of_order(tell: Storyteller, one: Worker, month: int) -> None:
    """The correction comes before what it corrects, and each comes twice."""
    wrong, right, known = tell.elsewhere(one), tell.elsewhere(one), day(month, 3)
    order = said(tell, one, known, "event", right, known, seq=2, twice=True)
    said(tell, one, known, "event", wrong, known, order=order, seq=1, twice=True)
    tell.script.lived(one.number, State(known, known, "active", right))
    tell.transferred(one, tell.moved(one, right, known), day(month, 15))


def two_part_time_posts(tell: Storyteller, one: Worker, month: int) -> None:
    """Further departments move nobody."""
    others = sorted({tell.elsewhere(one), tell.elsewhere(one)})
    said(tell, one, day(month, 3), "event", one.department, day(month, 3), part_time_dept_ids=others)
    tell.script.part_time[one.number] = (day(month, 3), others)


def retired(tell: Storyteller, one: Worker, month: int) -> None:
    """Stays in the branch, or goes to the branch of the retired, or nobody has asked yet."""
    assert one.branch
    known, decided = day(month, 3), day(month, 15)
    said(tell, one, known, "event", one.department, known, status="retired")
    tell.script.lived(one.number, State(known, known, "retired", one.department))
    asked = tell.script.ask(one, "retirement", one.branch, known)
    match tell.chance.randrange(3):
        case 0:
            tell.script.end(asked, decided, "confirmed")
        case 1:
            tell.script.end(asked, decided, "confirmed", organisation=RETIRED, since=decided.isoformat())
            spans = (one.branch, LONG_AGO, decided - DAY), (RETIRED, decided, None)
            tell.script.belongs(one.number, decided, *spans)


def left_and_hired_again(tell: Storyteller, one: Worker, month: int) -> None:
    """The same employee number, another department; the membership comes back when people say so."""
    assert one.branch
    left, parted, back, joined = day(month, 3), day(month, 15), day(month + 1, 3), day(month + 1, 15)
    to = tell.elsewhere(one)
    said(tell, one, left, "event", one.department, left, status="left")
    said(tell, one, back, "delta", to, back, status="rehired")
    tell.script.lived(one.number, State(left, left, "left", one.department), State(back, back, "rehired", to))
    tell.parted(one, tell.left_outward(one, left), parted)
    home = tell.company.belongs[to]
    asked = tell.script.ask(one, "membership_transfer", min(home), back, candidates=home)
    tell.script.end(asked, joined, "confirmed", organisation=home[0], since=joined.isoformat())
    tell.script.belongs(one.number, joined, (one.branch, LONG_AGO, parted), (home[0], joined, None))


def seconded(tell: Storyteller, one: Worker, month: int) -> None:
    """挂职: the membership stays where it is, and afterwards all is as before."""
    to, known, until = tell.elsewhere(one), day(month, 3), day(month + 1, 20)
    said(tell, one, known, "event", to, known, status="seconded", effective_to=until.isoformat())
    tell.script.lived(one.number, State(known, known, "seconded", to, until=until))


def missing_from_one_list(tell: Storyteller, one: Worker, month: int) -> None:
    """Counts as left, and is back with the next list."""
    gone, back = day(month, 25), day(month + 1, 25)
    tell.script.missing.add((one.number, gone))
    tell.script.lived(one.number, State(gone, gone, "left", one.department, withdrawn=back))
    tell.script.end(tell.left_outward(one, gone), back, "withdrawn")


def secretary_leaves(tell: Storyteller, one: Worker, month: int) -> None:
    """The post falls vacant when a person confirms it."""
    assert one.branch
    known, decided = day(month, 3), day(month, 15)
    said(tell, one, known, "event", one.department, known, status="left")
    tell.script.lived(one.number, State(known, known, "left", one.department))
    tell.parted(one, tell.left_outward(one, known), decided)
    vacant = tell.script.ask(one, "vacant_post", one.branch, known, post=SECRETARY)
    tell.script.end(vacant, decided, "confirmed", until=decided.isoformat())
    tell.script.posts[one.number].append((decided, [(SECRETARY, (one.branch, LONG_AGO, decided))]))


def hired(tell: Storyteller, one: Worker, month: int) -> None:
    """Somebody new, through the directory or by an event; ``one`` only lends a name: two people are called the same."""
    number, known = f"N{one.number}", day(month, 3)
    via = tell.chance.choice(("scim", "event"))
    if via == "scim":
        tell.script.say(known, "scim", number=number, name=one.name, department=one.department)
    else:
        said(tell, Worker(number, one.name, one.department), known, "event", one.department, known)
    tell.script.names[number] = one.name
    tell.script.lived(number, State(known, known, "active", one.department))


OF_MEMBERS: tuple[Story, ...] = (
    transfer_next_month, withdrawn_before_its_day, withdrawn_while_open, withdrawn_after_it_was_confirmed, by_list_only,
    by_directory, corrected_out_of_order, two_part_time_posts, retired, left_and_hired_again, seconded,
    missing_from_one_list,
)  # fmt: skip
