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
from tests.conftest import Ground
from tests.support.served import Document, Served
from tests.support.tally import Counted
from tests.support.tally_service import Noted
from tests.support.waiting import eventually

pytestmark = pytest.mark.timeout(400)
TRACE = "0af7651916cd43dd8448eb211c80319c"
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


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join(10)


@pytest.fixture
async def pair(ground: Ground, collector: Collector, tmp_path: Path) -> AsyncIterator[tuple[Served, Served]]:
    """Tally and echo, both exporting their spans."""
    async with AsyncExitStack() as stack:
        served = [Served(ground, tmp_path, name) for name in ("echo", "tally")]
        for one in served:
            one.environ |= {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_BSP_SCHEDULE_DELAY": "100"}
            await stack.enter_async_context(one.running())
        yield served[1], served[0]


async def only(served: Served) -> Document:
    """The one fact that this service told."""
    await eventually(partial(_has_told, served))
    (fact,) = await served.told()
    return fact


async def _has_told(served: Served) -> bool:
    return bool(await served.told())


async def test_one_click_is_one_trace_up_to_the_fact_that_its_effect_causes(
    pair: tuple[Served, Served], collector: Collector
) -> None:
    tally, echo = pair
    answer = await tally.http.post("/counters/a/steps", json={}, headers=CLICK)
    counted, noted = await only(tally), await only(echo)
    assert answer.headers["x-correlation-id"] == counted["correlationid"] == noted["correlationid"] == "case-7"
    assert [fact["traceparent"].split("-")[1] for fact in (counted, noted)] == [TRACE, TRACE]
    assert counted["traceparent"] != noted["traceparent"] != CLICK["traceparent"], "each step is a span of its own"
    assert (noted["causationid"], counted["type"], noted["type"]) == (counted["_id"], Counted.type, Noted.type)
    mine = {
        ("brandmatrix.tally", "POST /counters/a/steps", TRACE),
        ("brandmatrix.echo", f"decide {Counted.type}", TRACE),
    }
    await eventually(lambda: mine <= set(collector.spans))


async def test_without_a_traceparent_each_click_begins_a_trace_of_its_own(pair: tuple[Served, Served]) -> None:
    tally, echo = pair
    await asyncio.gather(*(tally.count(counter) for counter in "abc"))
    for one in pair:  # a journal is written after the publish: either may be the later one
        await eventually(partial(_all_told, one))
    traces = [fact["traceparent"].split("-")[1] for fact in await tally.told()]
    assert len(set(traces)) == 3
    assert sorted(traces) == sorted(fact["traceparent"].split("-")[1] for fact in await echo.told())


async def _all_told(served: Served) -> bool:
    return len(await served.told()) == 3


async def test_what_travels_is_a_cloudevent_that_says_everything_itself(
    ground: Ground, pair: tuple[Served, Served]
) -> None:
    tally, _ = pair
    async with await aio_pika.connect(ground.amqp_url) as connection:
        queue = await (await connection.channel()).declare_queue(exclusive=True)
        await queue.bind("brand.events", Counted.type)
        await tally.http.post("/counters/a/steps", json={}, headers=CLICK)
        message = await anext(aiter(queue.iterator(timeout=60)))
    event = JSONFormat().read(CloudEvent, message.body)
    assert (message.content_type, message.message_id, message.routing_key) == (
        CONTENT_TYPE,
        event.get_id(),
        Counted.type,
    )
    assert message.delivery_mode == aio_pika.DeliveryMode.PERSISTENT
    assert (event.get_source(), event.get_subject(), event.get_type()) == ("brandmatrix/tally", "a", Counted.type)
    assert (event.get_data(), event.get_extension("sequence")) == ({"counter": "a", "total": 1, "step": 1}, 1)
    assert message.headers["traceparent"] == event.get_extension("traceparent")


async def test_every_line_of_the_log_is_json_and_failures_carry_the_correlation(pair: tuple[Served, Served]) -> None:
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
async def test_no_secret_is_logged(ground: Ground, tmp_path: Path) -> None:
    hushed = ground.amqp_url.partition("@")[0].rpartition(":")[2]
    async with Served(ground, tmp_path, "tally").running() as tally:
        await tally.count("a")
        await tally.http.post("/bugs")
        await tally.http.get("/counters/a", headers={"authorization": "Bearer not.a.token"})
        await asyncio.to_thread(tally.process.stop)
        log = tally.log()
    assert "service.stopped" in log
    for secret in (hushed, tally.http.headers["authorization"].partition(" ")[2], "not.a.token"):
        assert secret not in log


async def test_metrics_count_commands_facts_and_effects(pair: tuple[Served, Served]) -> None:
    tally, echo = pair
    for _ in range(2):
        await tally.count("a", key="k1")
    await only(echo)

    async def measured() -> bool:  # looked at once in a while: it may have seen the fact a moment before it was told
        return "brandmatrix_outbox_oldest_seconds 0.0" in (await tally.http.get("/metrics")).text

    await eventually(measured)
    told, heard = [(await served.http.get("/metrics")).text for served in pair]
    assert 'brandmatrix_commands_total{collection="counters",outcome="done"} 1.0' in told
    assert 'brandmatrix_commands_total{collection="counters",outcome="repeated"} 1.0' in told
    assert f'brandmatrix_events_published_total{{type="{Counted.type}"}} 1.0' in told
    assert f'brandmatrix_events_handled_total{{outcome="done",type="{Counted.type}"}} 1.0' in heard
    assert "brandmatrix_outbox_oldest_seconds 0.0" in told
    assert (
        'brandmatrix_http_request_duration_seconds_count{method="POST",route="/counters/{key}/steps",status="200"} 2.0'
        in told
    )
