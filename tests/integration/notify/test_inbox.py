"""An inbox in a real database: one list, newest first, pages without loss or repetition, right unread counts."""

import random
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest

from infra.kernel.paging import Paging
from infra.storage.mongo import Mongo
from services.notify.app import TEMPLATES
from services.notify.inbox.model.audience import Held
from services.notify.inbox.model.notice import Notice
from services.notify.inbox.model.wording import Text, Wording
from services.notify.inbox.store import Mirrors, Notices, TodoRow, Todos, collections
from services.notify.inbox.use_cases import Inbox, Item, Owner
from tests.support.actors.audience import reaches
from tests.support.harness.environment import Environment

START = datetime(2026, 6, 26, tzinfo=UTC)
DAY = date(2026, 6, 26)
ME = Owner("1001", [Held(key="person:1001"), Held(key="member:branch", since=date(2026, 6, 1), until=DAY)])


def todo(number: int, minute: int, person: str = "1001", state: str = "open") -> TodoRow:
    return TodoRow.model_validate(
        {
            "id": f"r1:check:{number}:{person}",
            "version": 1,
            "person": person,
            "state": state,
            "review": "r1",
            "brand": "b",
            "owner": "branch",
            "name": None,
            "step": "check",
            "round": number,
            "title": "审核",
            "title_en": "Check",
            "since": START + timedelta(minutes=minute),
            "due": None,
        }
    )


def notice(number: int, minute: int, to: str = "member:branch", day: date = DAY) -> Notice:
    text = Text(zh="报备", en="filed")
    at = START + timedelta(minutes=minute)
    values = {"kind": "activity.filed", "wording": 1, "link": "/activities/a", "title": text, "body": text}
    return Notice.model_validate({"id": f"n{number}", "to": (to,), "day": day, "at": at, **values})


@pytest.fixture
async def inbox(databases: Environment) -> AsyncIterator[Inbox]:
    mongo = Mongo(databases.settings("notify"))
    mirrors, todos, notices = Mirrors(mongo), Todos(mongo), Notices(mongo)
    for collection in collections(mirrors, todos, notices):
        await collection.prepare()
    wording = Wording.model_validate_json(TEMPLATES.read_text(encoding="utf-8"))
    yield Inbox(todos, notices, mirrors, wording)
    await mongo.close()


async def test_pages_put_together_are_the_whole_list_newest_first(inbox: Inbox) -> None:
    chance = random.Random(7)
    await inbox.todos.mirror.save([todo(number, chance.randrange(6)) for number in range(17)])
    await inbox.todos.mirror.save([todo(30, 1, state="done"), todo(31, 2, person="1002")])
    await inbox.notices.messages.save([notice(number, chance.randrange(6)) for number in range(23)])
    await inbox.notices.messages.save([notice(40, 3, "member:other"), notice(41, 3, day=date(2026, 6, 27))])
    page = await inbox.page(ME, Paging(limit=200))
    whole = page.items
    assert (page.total, page.next) == (40, None)
    order = [(item.at, item.id) for item in whole]
    assert (len(whole), order) == (40, sorted(order, reverse=True))
    for limit in (1, 3, 7, 40):
        pages: list[Item] = []
        ask: Paging | None = Paging(limit=limit)
        while ask is not None:
            page = await inbox.page(ME, ask)
            pages, ask = [*pages, *page.items], Paging(limit=limit, after=page.next) if page.next else None
        assert pages == whole


async def test_unread_is_what_reaches_me_less_what_i_read_however_often(inbox: Inbox) -> None:
    await inbox.todos.mirror.save([todo(1, 0), todo(2, 1), todo(3, 2, "1002"), todo(4, 3, state="done")])
    await inbox.notices.messages.save([*(notice(number, number) for number in range(4)), notice(9, 9, "member:other")])
    assert (await inbox.unread(ME)).model_dump() == {"total": 6, "todos": 2, "messages": 4}
    for _ in range(3):
        await inbox.read(ME, "n1", START)
        await inbox.read(ME, "r1:check:1:1001", START)
    await inbox.read(ME, "n1", START + timedelta(days=1))
    assert (await inbox.unread(ME)).model_dump() == {"total": 4, "todos": 1, "messages": 3}
    assert (await inbox.one(ME, "n1")).read_at == START
    assert await inbox.read_all(ME, START) == 4
    assert (await inbox.unread(ME)).total == 0
    await inbox.todos.mirror.save([todo(1, 0).model_copy(update={"version": 2, "name": "三心"})])
    assert (await inbox.unread(ME)).total == 0, "a newer state of the to-do keeps its read mark"


async def test_a_to_do_that_opens_again_in_the_same_round_is_unread_until_read_again(inbox: Inbox) -> None:
    await inbox.todos.mirror.save([todo(1, 0)])
    await inbox.read(ME, "r1:check:1:1001", START + timedelta(minutes=1))
    assert (await inbox.unread(ME)).todos == 0
    await inbox.todos.mirror.save([todo(1, 5).model_copy(update={"version": 3})])
    assert (await inbox.unread(ME)).todos == 1
    assert [item.read_at for item in (await inbox.page(ME, Paging())).items] == [None]
    assert await inbox.read_all(ME, START + timedelta(minutes=6)) == 1
    assert [item.read_at for item in (await inbox.page(ME, Paging())).items] == [START + timedelta(minutes=6)]


async def test_the_query_reaches_whom_the_rule_reaches(inbox: Inbox) -> None:
    """``reaches`` and the store's query are the same rule, written twice."""
    chance = random.Random(11)
    keys = ["member:a", "member:b", "secretary:a", "person:1001"]
    days = [date(2026, 6, day) for day in range(1, 8)]
    notices = [notice(number, number, chance.choice(keys), chance.choice(days)) for number in range(60)]
    await inbox.notices.messages.save(notices)
    for _ in range(40):
        held = [
            Held(key=key, since=chance.choice([None, *days]), until=chance.choice([None, *days]))
            for key in chance.sample(keys, chance.randint(1, 4))
        ]
        found = {one.id for one in await inbox.notices.of(held, 0)}
        assert found == {one.id for one in notices if reaches(one.to, one.day, held)}
