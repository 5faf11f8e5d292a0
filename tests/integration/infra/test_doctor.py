"""The doctor finds what is wrong, and only that, and says in both languages how to mend it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from infra.kernel.settings import Settings
from infra.messaging.parked import Parked, ParkedMessage
from infra.ops.doctor import Finding, examine
from infra.storage.mongo import Mongo
from tests.support.harness.environment import Environment
from tests.support.harness.process import ServiceProcess
from tests.support.harness.waiting import eventually

pytestmark = pytest.mark.timeout(400)
NOWHERE = "http://127.0.0.1:1"


@asynccontextmanager
async def tally(environment: Environment, home: Path, **settings: str) -> AsyncIterator[ServiceProcess]:
    async with ServiceProcess(environment, home, "tally", **settings).running() as served:
        yield served


@pytest.fixture(scope="module")
async def standing(shared: Environment, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ServiceProcess]:
    """A healthy service, for those that leave it so."""
    async with tally(shared, tmp_path_factory.mktemp("tally")) as served:
        yield served


async def examined(settings: Settings, url: str) -> list[Finding]:
    """What the doctor says about one service; every sentence in both languages, a remedy for whatever is wrong."""
    findings = await examine({settings.service: settings}, {settings.service: url})
    for finding in findings:
        assert all(finding.what)
        assert finding.fine or (not finding.remedy[0].isascii() and finding.remedy[1]), finding
    return findings


def wrong(findings: list[Finding]) -> list[str]:
    return [finding.what[1] for finding in findings if not finding.fine]


async def test_a_healthy_service_has_nothing_to_mend(shared: Environment, standing: ServiceProcess) -> None:
    await standing.count("a")
    await eventually(partial(nothing_wrong, shared, standing))
    findings = await examined(shared.settings("tally"), standing.url)
    assert [finding.what[1] for finding in findings] == [
        f"ready at {standing.url}",
        "queues are consumed",
        "database answers",
        "no fact waits to be published",
        "nothing is parked",
    ]


async def nothing_wrong(environment: Environment, served: ServiceProcess) -> bool:
    return not wrong(await examined(environment.settings("tally"), served.url))


async def test_a_service_that_does_not_run_is_named_with_the_command_that_starts_it(environment: Environment) -> None:
    served = environment.settings("tally")
    findings = await examined(served, NOWHERE)
    assert findings[0].what[1].startswith(f"not running at {NOWHERE}")
    assert findings[0].remedy[1].endswith("python -m services.tally")
    assert "queue tally.decisions is missing or has no leader" in wrong(findings)


async def test_a_broker_that_does_not_answer_is_named_with_its_variable(
    shared: Environment, standing: ServiceProcess
) -> None:
    settings = shared.settings("tally", amqp_url="amqp://127.0.0.1:1/x")
    (finding,) = [finding for finding in await examined(settings, standing.url) if not finding.fine]
    assert finding.what[1].startswith("RabbitMQ does not answer")
    assert "BRANDMATRIX_AMQP_URL" in finding.remedy[0]
    assert "meanwhile commands are taken" in finding.remedy[1]


async def test_a_database_that_does_not_answer_is_named_with_its_variable(
    shared: Environment, standing: ServiceProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.storage.mongo.SELECTION_SECONDS", 0.5)
    settings = shared.settings("tally", mongo_url="mongodb://127.0.0.1:1/?directConnection=true")
    (finding,) = [finding for finding in await examined(settings, standing.url) if not finding.fine]
    assert finding.what[1].startswith("the database does not answer")
    assert "BRANDMATRIX_MONGO_URL" in finding.remedy[1]


async def test_what_a_running_service_lacks_is_repeated(environment: Environment, tmp_path: Path) -> None:
    served = ServiceProcess(environment, tmp_path, "tally", amqp_url="amqp://127.0.0.1:1/x")
    async with served.running(degraded=True):
        findings = await examined(environment.settings("tally"), served.url)
    assert findings[0].what[1].startswith("running, but: rabbitmq.publish: not connected")


async def test_a_parked_message_is_counted_with_its_reason_and_the_commands_that_help(
    environment: Environment, tmp_path: Path
) -> None:
    async with tally(environment, tmp_path) as served:
        message = ParkedMessage.of(b"x", {"x-origin": "tally.decisions", "x-reason": "KeyError: 'a'"})
        await Parked(served.mongo).save([message])
        (finding,) = [one for one in await examined(environment.settings("tally"), served.url) if not one.fine]
    assert finding.what[1] == f"1 parked, the oldest {message.id}: KeyError: 'a'"
    for remedy in finding.remedy:
        assert f"brandmatrix redrive tally {message.id}" in remedy


async def test_what_departments_sent_without_effect_is_counted_with_the_rules_that_break(
    environment: Environment,
) -> None:
    settings = environment.settings("activities")
    mongo = Mongo(settings)

    async def arrivals() -> list[Finding]:
        findings = await examine({"activities": settings}, {"activities": NOWHERE})
        return [one for one in findings if "of departments" in one.what[1]]

    try:
        broken = {"state": "failed", "reasons": [{"rule": "contest", "code": "when.field"}]}
        rows = [{"state": "unmatched", "reasons": [{"rule": None, "code": "rule.none"}]}]
        await mongo.collection("arrivals").insert_many([{"_id": str(n), **row} for n, row in enumerate(rows)])
        assert await arrivals() == [], "what no rule takes may be nobody's business"
        await mongo.collection("arrivals").insert_many([{"_id": f"f{n}", **broken} for n in range(2)])
        (found,) = await arrivals()
    finally:
        await mongo.close()
    assert not found.fine
    assert found.what[1].endswith("failed 2; rules that break: contest: when.field (2×)")
    assert "/arrivals/redrive" in found.remedy[0]


async def test_a_fact_the_broker_refuses_is_named_and_told_once_its_cause_is_mended(
    environment: Environment, tmp_path: Path
) -> None:
    url = environment.management.provision(environment.name, ["tally"])["tally"]
    may_speak(environment, "^nothing$")
    async with tally(environment, tmp_path, amqp_url=url) as served:
        assert (await served.count("a")).status_code == 200
        await eventually(partial(refused, environment, served, "ACCESS_REFUSED"))  # and not only late
        (finding,) = [one for one in await examined(environment.settings("tally"), served.url) if not one.fine]
        assert "document a" in finding.what[1]
        assert "the broker refused it: tally.counter.counted.v1" in finding.remedy[1]
        assert "ACCESS_REFUSED" in finding.remedy[1]
        assert "修正用户权限" in finding.remedy[0]
        may_speak(environment, r"^tally\..*")
        await eventually(partial(nothing_wrong, environment, served), within=60)
        assert [fact["data"]["total"] for fact in await served.published()] == [1]


def may_speak(environment: Environment, keys: str) -> None:
    """Let the service's user publish only facts with these routing keys."""
    permission = {"exchange": "brand.events", "write": keys, "read": ".*"}
    environment.management.call("PUT", f"topic-permissions/{environment.name}/{environment.name}.tally", permission)


async def refused(environment: Environment, served: ServiceProcess, why: str = "") -> bool:
    findings = await examined(environment.settings("tally"), served.url)
    return any("unpublished fact" in one.what[1] and why in one.remedy[1] for one in findings if not one.fine)


async def test_facts_that_only_wait_are_told_apart_from_refused_ones(
    environment: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.ops.doctor.LATE_SECONDS", 0.5)
    served = ServiceProcess(environment, tmp_path, "tally", amqp_url="amqp://127.0.0.1:1/x")
    async with served.running(degraded=True):
        await served.count("a")
        await eventually(partial(refused, environment, served))  # after some seconds of waiting, not at once
        findings = await examined(environment.settings("tally"), served.url)
    (finding,) = [one for one in findings if "unpublished fact" in one.what[1]]
    assert finding.remedy[1] == "run RabbitMQ and the service: facts are published by themselves"
