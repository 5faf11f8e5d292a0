"""A signed anchor holds until anything before its day's end is changed, put in or taken out, by whomever."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from joserfc.jwk import OKPKey
from typer.testing import CliRunner

from infra.kernel import dates
from infra.kernel.events import digest
from infra.kernel.settings import Settings
from infra.local import launcher
from infra.ops.audit import anchor
from infra.ops.audit import verify as audit
from infra.ops.cli import app
from infra.storage.mongo import Mongo
from tests.support.harness.environment import Environment
from tests.support.harness.service import Json

DAY = date(2026, 3, 2)
LATER = datetime(2026, 3, 9, tzinfo=UTC)
KEY = OKPKey.generate_key("Ed25519", auto_kid=True)


class Journal:
    """Documents that count, and what they told on some days, chained as the store chains."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.mongo = settings, Mongo(settings)
        self.rows, self.documents = self.mongo.collection("journal"), self.mongo.collection("counters")

    async def count(self, subject: str, *filed: datetime, when: datetime | None = None, words: str = "") -> None:
        """Tell one fact for each moment of filing; ``when`` is the time that the facts speak of."""
        known = await self.documents.find_one({"_id": subject}) or {"version": 0}
        version, chain = known["version"], known.get("chain")
        for published in filed:
            version += 1
            fact: Json = {
                "id": f"{subject}-{version}",
                "type": "tally.counter.counted.v1",
                "subject": subject,
                "time": (when or published).isoformat(),
                "data": {"counter": subject, "total": version, "words": words},
                "sequence": version,
            }
            fact |= {} if chain is None else {"previoushash": chain}
            chain = digest(fact)
            await self.rows.insert_one({"_id": fact["id"], **fact, "published": published, "hash": chain})
        state = {"version": version, "chain": chain, "outbox": []}
        await self.documents.update_one({"_id": subject}, {"$set": state}, upsert=True)

    async def anchored(self, day: date = DAY, previous: anchor.Anchor | None = None) -> anchor.Anchor:
        """The anchor of a day, signed and read again."""
        made = await anchor.make({"tally": self.settings}, day, LATER, previous, lambda _, __: None)
        return anchor.read(anchor.sign(made, KEY), KEY)

    async def holds(self, *anchors: anchor.Anchor) -> bool:
        """Whether the chains are whole (asserted) and these anchors hold."""
        assert (await audit.verify(self.settings)).findings == []
        return await anchor.verify(self.settings, anchors) == []


def at(hour: int, day: int = 2) -> datetime:
    """An hour in China in March."""
    return datetime(2026, 3, day, hour, tzinfo=dates.CHINA)


@pytest.fixture
async def journal(databases: Environment) -> AsyncIterator[Journal]:
    found = Journal(databases.settings("tally"))
    await found.count("a", at(9, 1), at(0), at(23))
    await found.count("b", at(10))
    yield found
    await found.mongo.close()


async def test_an_anchor_says_what_was_filed_on_a_day_of_china_and_holds(journal: Journal) -> None:
    made = await journal.anchored()
    (one,) = made.services
    assert (made.day, one.facts, one.total, one.first, one.last) == (DAY, 3, 4, "a-2", "a-3")
    assert one.previous == (await journal.anchored(date(2026, 3, 1))).services[0].digest
    assert await journal.holds(made)


async def test_what_is_told_after_an_anchor_about_an_earlier_day_leaves_it_as_it_is(journal: Journal) -> None:
    made = await journal.anchored()
    await journal.count("a", at(1, 3), when=at(12))
    await journal.count("new", at(2, 3), when=at(8, 1))
    assert await journal.holds(made)
    assert await journal.anchored() == made
    after = await journal.anchored(date(2026, 3, 3))
    assert (after.services[0].facts, after.services[0].previous) == (2, made.services[0].digest)
    assert await journal.holds(made, after)


async def test_an_anchor_on_top_of_another_is_the_same_as_one_from_the_beginning(journal: Journal) -> None:
    first = await journal.anchored()
    await journal.count("b", at(11, 4))
    for day in (3, 4):
        whole = await journal.anchored(date(2026, 3, day))
        assert await journal.anchored(date(2026, 3, day), first) == whole


async def test_a_chain_rewritten_whole_and_consistently_is_found_by_the_anchor_alone(journal: Journal) -> None:
    made = await journal.anchored()
    await journal.rows.delete_many({"subject": "a"})
    await journal.documents.delete_one({"_id": "a"})
    await journal.count("a", at(9, 1), at(0), at(23), words="never said")
    assert not await journal.holds(made)


async def test_a_subject_deleted_wholly_is_found_by_the_anchor_alone(journal: Journal) -> None:
    made = await journal.anchored()
    await journal.rows.delete_many({"subject": "b"})
    await journal.documents.delete_one({"_id": "b"})
    (finding,) = await anchor.verify(journal.settings, [made])
    assert (finding.kind, finding.service) == ("anchor", "tally")
    assert "4 entries" in finding.what[1]
    assert "3 with" in finding.what[1]
    assert not await journal.holds(made)


async def test_a_fact_put_in_before_the_day_ended_is_found_by_the_anchor_alone(journal: Journal) -> None:
    made = await journal.anchored()
    await journal.count("forged", at(12))
    assert not await journal.holds(made)


async def test_another_moment_of_filing_is_found(journal: Journal) -> None:
    made = await journal.anchored()
    await journal.rows.update_one({"_id": "a-2"}, {"$set": {"published": at(1)}})
    assert not await journal.holds(made)


async def test_of_several_anchors_the_first_that_fails_says_in_which_days(journal: Journal) -> None:
    anchors = [await journal.anchored(date(2026, 3, day)) for day in (1, 2, 3)]
    await journal.count("forged", at(12))
    (finding,) = await anchor.verify(journal.settings, anchors[::-1])
    assert "changed between 2026-03-01 and the end of 2026-03-02" in finding.what[1]


async def test_a_day_that_is_not_over_is_not_anchored(journal: Journal) -> None:
    end = dates.end_of(DAY)
    for now in (end - timedelta(hours=1), end + timedelta(minutes=9)):
        with pytest.raises(anchor.Unsound, match="is not over"):
            await anchor.make({"tally": journal.settings}, DAY, now, None, lambda _, __: None)
    await anchor.make({"tally": journal.settings}, DAY, end + timedelta(minutes=10), None, lambda _, __: None)


async def test_an_anchor_of_another_key_or_with_another_word_in_it_does_not_hold(journal: Journal) -> None:
    signed = anchor.sign(await journal.anchored(), KEY)
    head, payload, signature = signed.split(".")
    for forged in (f"{head}.{payload[:-3]}abc.{signature}", f"{head}.{payload}.", "nonsense"):
        with pytest.raises(anchor.Unsound):
            anchor.read(forged, KEY)
    with pytest.raises(anchor.Unsound):
        anchor.read(signed, OKPKey.generate_key("Ed25519"))


def test_from_the_key_to_the_finding_on_the_command_line(
    databases: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import asyncio

    settings = databases.settings("tally")

    async def filed(*subjects: str) -> None:
        journal = Journal(settings)
        for subject in subjects:
            await journal.count(subject, at(9))
        await journal.mongo.close()

    monkeypatch.setattr(launcher, "settings_of", lambda: {"tally": settings})
    private, public, out = tmp_path / "key", tmp_path / "key.pub", tmp_path / "anchor"
    runner = CliRunner()

    def run(*arguments: str) -> tuple[int, str]:
        done = runner.invoke(app, ["audit", *arguments])
        return done.exit_code, done.output

    asyncio.run(filed("a", "b"))
    assert run("key", "--private", str(private), "--public", str(public))[0] == 0
    assert run("key", "--private", str(private), "--public", str(public))[0] == 2
    assert private.stat().st_mode & 0o077 == 0
    assert "d" not in json.loads(public.read_text())
    assert run("anchor", "--day", "2026-03-02", "--key", str(public), "--out", str(out))[0] == 2
    assert run("anchor", "--day", "2026-03-02", "--key", str(private), "--out", str(out))[0] == 0
    holding = ("verify", "--anchor", str(out), "--public-key", str(public))
    assert run(*holding)[0] == 0
    assert "everything is whole" in run("verify", "--service", "tally")[1]
    assert run("verify", "--service", "nobody")[0] == 2
    assert run("verify", "--anchor", str(out))[0] == 2
    asyncio.run(filed("forged"))
    assert run("verify")[0] == 0
    code, said = run(*holding)
    assert (code, "与锚不符" in said) == (1, True)
