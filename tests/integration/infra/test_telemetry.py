"""One trace and one correlation from the click to the last effect, on the real broker; logs and metrics say so too."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import aio_pika
import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from infra.kernel.events import CONTENT_TYPE
from infra.messaging.parked import ParkedMessage
from infra.ops.redrive import Keeper
from tests.support.harness.environment import Environment
from tests.support.harness.process import Document, ServiceProcess
from tests.support.harness.tally import Counted
from tests.support.harness.tally_service import Noted
from tests.support.harness.waiting import eventually

pytestmark = pytest.mark.timeout(400)
TRACE = "0af7651916cd43dd8448eb211c80319c"
Pair = tuple[ServiceProcess, ServiceProcess]
TAKEN = "brandmatrix_http_request_duration_seconds_count"
CLICK = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01", "x-correlation-id": "case-7"}


class Collector:
    """Where OpenTelemetry sends its spans."""

    def __init__(self) -> None:
        self.spans: list[tuple[str, str, str]] = []
        """Service, name of the span, id of its trace."""
        outer = self

        class Take(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer._keep(self.rfile.read(int(self.headers["content-length"])))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Take)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def _keep(self, body: bytes) -> None:
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            named = {one.key: one.value.string_value for one in resource.resource.attributes}
            for scope in resource.scope_spans:
                self.spans += [(named["service.name"], span.name, span.trace_id.hex()) for span in scope.spans]


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    made = Collector()
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join(10)


@pytest.fixture(scope="module")
async def pair(
    shared: Environment, collector: Collector, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Pair]:
    """Tally and echo, both exporting their spans; each test counts counters of its own."""
    async with AsyncExitStack() as stack:
        served = [ServiceProcess(shared, tmp_path_factory.mktemp("pair"), name) for name in ("echo", "tally")]
        for one in served:
            one.environ |= {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_BSP_SCHEDULE_DELAY": "100"}
            await stack.enter_async_context(one.running())
        yield served[1], served[0]


async def told_of(served: ServiceProcess, *counters: str) -> list[Document]:
    """What this service told of these counters, once it is a fact of each."""
    facts: list[Document] = []

    async def each() -> bool:  # a journal is written after the publish
        facts[:] = [fact for fact in await served.published() if fact["subject"] in counters]
        return len(facts) >= len(counters)

    await eventually(each)
    assert len(facts) == len(counters)
    return facts


async def test_one_click_is_one_trace_up_to_the_fact_that_its_effect_causes(pair: Pair, collector: Collector) -> None:
    tally, echo = pair
    answer = await tally.http.post("/counters/a/steps", json={}, headers=CLICK)
    (counted,), (noted,) = await told_of(tally, "a"), await told_of(echo, "a")
    assert answer.headers["x-correlation-id"] == counted["correlationid"] == noted["correlationid"] == "case-7"
    assert [fact["traceparent"].split("-")[1] for fact in (counted, noted)] == [TRACE, TRACE]
    assert counted["traceparent"] != noted["traceparent"] != CLICK["traceparent"], "each step is a span of its own"
    assert (noted["causationid"], counted["type"], noted["type"]) == (counted["_id"], Counted.type, Noted.type)
    mine = {
        ("brandmatrix.tally", "POST /counters/a/steps", TRACE),
        ("brandmatrix.echo", f"decide {Counted.type}", TRACE),
    }
    await eventually(lambda: mine <= set(collector.spans))


async def test_without_a_traceparent_each_click_begins_a_trace_of_its_own(
    pair: Pair,
) -> None:
    tally, echo = pair
    await asyncio.gather(*(tally.count(counter) for counter in "bcd"))
    traces = [fact["traceparent"].split("-")[1] for fact in await told_of(tally, *"bcd")]
    assert len(set(traces)) == 3
    assert sorted(traces) == sorted(fact["traceparent"].split("-")[1] for fact in await told_of(echo, *"bcd"))


async def test_what_travels_is_a_cloudevent_that_says_everything_itself(shared: Environment, pair: Pair) -> None:
    tally, _ = pair
    async with await aio_pika.connect(shared.amqp_url) as connection:
        queue = await (await connection.channel()).declare_queue(exclusive=True)
        await queue.bind("brand.events", Counted.type)
        await tally.http.post("/counters/e/steps", json={}, headers=CLICK)
        message = await anext(aiter(queue.iterator(timeout=60)))
    event = JSONFormat().read(CloudEvent, message.body)
    assert (message.content_type, message.message_id, message.routing_key) == (
        CONTENT_TYPE,
        event.get_id(),
        Counted.type,
    )
    assert message.delivery_mode == aio_pika.DeliveryMode.PERSISTENT
    assert (event.get_source(), event.get_subject(), event.get_type()) == ("brandmatrix/tally", "e", Counted.type)
    assert (event.get_data(), event.get_extension("sequence")) == ({"counter": "e", "total": 1, "step": 1}, 1)
    assert message.headers["traceparent"] == event.get_extension("traceparent")


async def test_every_line_of_the_log_is_json_and_failures_carry_the_correlation(
    pair: Pair,
) -> None:
    tally, _ = pair
    answer = await tally.http.post("/bugs", headers=CLICK)
    assert answer.status_code == 500
    await eventually(lambda: "http.bug" in tally.log().rpartition("\n")[0])  # with its whole line
    entries = [json.loads(line) for line in tally.log().rpartition("\n")[0].splitlines()]
    assert {entry["service"] for entry in entries} == {"tally"}
    (bug,) = [entry for entry in entries if entry["event"] == "http.bug"]
    assert (bug["correlation"], bug["error"]) == ("case-7", "KeyError('a secret detail')")
    assert bug["exception"], "the stack is in the log, where it helps"


@pytest.mark.security
async def test_no_secret_is_logged(environment: Environment, tmp_path: Path) -> None:
    hushed = environment.amqp_url.partition("@")[0].rpartition(":")[2]
    async with ServiceProcess(environment, tmp_path, "tally").running() as tally:
        await tally.count("a")
        await tally.http.post("/bugs")
        await tally.http.get("/counters/a", headers={"authorization": "Bearer not.a.token"})
        await asyncio.to_thread(tally.process.stop)
        log = tally.log()
    assert "service.stopped" in log
    for secret in (hushed, tally.http.headers["authorization"].partition(" ")[2], "not.a.token"):
        assert secret not in log


async def grown(served: ServiceProcess, before: str, line: str) -> float:
    """By how much the figure of this line of the metrics is greater than before."""
    now = (await served.http.get("/metrics")).text
    found = [
        [float(one.rpartition(" ")[2]) for one in text.splitlines() if one.startswith(line)] for text in (now, before)
    ]
    return sum(found[0]) - sum(found[1])


async def test_metrics_count_commands_facts_and_effects(pair: Pair) -> None:
    tally, echo = pair
    before = {one.service: (await one.http.get("/metrics")).text for one in pair}
    for _ in range(2):
        await tally.count("m", key="k1")
    await told_of(echo, "m")

    async def measured() -> bool:  # looked at once in a while: it may have seen the fact a moment before it was told
        return "brandmatrix_outbox_oldest_seconds 0.0" in (await tally.http.get("/metrics")).text

    await eventually(measured)
    for one, line, more in (
        (tally, 'brandmatrix_commands_total{collection="counters",outcome="done"}', 1),
        (tally, 'brandmatrix_commands_total{collection="counters",outcome="repeated"}', 1),
        (tally, f'brandmatrix_events_published_total{{type="{Counted.type}"}}', 1),
        (echo, f'brandmatrix_events_handled_total{{outcome="done",type="{Counted.type}"}}', 1),
        (
            tally,
            f'{TAKEN}{{method="POST",route="/counters/{{key}}/steps",status="200"}}',
            2,
        ),
    ):
        assert await grown(one, before[one.service], line) == more, line


async def test_parked_messages_that_wait_for_a_person_are_a_gauge(pair: Pair) -> None:
    _, echo = pair
    keeper = Keeper(echo.mongo)
    kept = [ParkedMessage.of(body, {"x-origin": "echo.decisions"}) for body in (b"a", b"b")]

    async def open_ones(number: int) -> bool:
        return f"brandmatrix_messages_parked_open {number}.0" in (await echo.http.get("/metrics")).text

    await eventually(partial(open_ones, 0))
    await keeper.save(kept)
    await eventually(partial(open_ones, 2))
    await keeper.dismiss(kept[0].id, "a trial")
    await eventually(partial(open_ones, 1))
    await keeper._mark(kept[1].id, redriven_at=kept[1].at)
    await eventually(partial(open_ones, 0))
