"""Logs, metrics and traces: one line of JSON a happening, one counter a promise, one trace from click to effect.

Traces follow the W3C ``traceparent``: HTTP header → fact in the outbox → message → handler. They are exported when
``OTEL_EXPORTER_OTLP_ENDPOINT`` is set, and cost almost nothing when it is not.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from prometheus_client import Counter, Gauge, Histogram

from infra.kernel.settings import Settings

bound = structlog.contextvars.bound_contextvars
"""Every log line inside ``with bound(…)`` carries these values."""
log: structlog.stdlib.BoundLogger = structlog.get_logger("brandmatrix")

COMMANDS = Counter("brandmatrix_commands", "Writes decided, by collection and outcome", ["collection", "outcome"])
PUBLISHED = Counter("brandmatrix_events_published", "Facts confirmed by the broker", ["type"])
OUTBOX_AGE = Gauge("brandmatrix_outbox_oldest_seconds", "Age of the oldest fact not yet published; 0 = none waits")
HANDLED = Counter("brandmatrix_events_handled", "Messages worked off, by outcome", ["type", "outcome"])
DELAY = Histogram(
    "brandmatrix_event_delay_seconds",
    "From the moment a fact was written to its effect here",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600),
)
PARKED = Counter("brandmatrix_messages_parked", "Messages put aside for a person, by queue", ["queue"])
PARKED_OPEN = Gauge("brandmatrix_messages_parked_open", "Parked messages that nobody has redriven or dismissed yet")
REQUESTS = Histogram("brandmatrix_http_request_duration_seconds", "HTTP requests", ["method", "route", "status"])

_propagator = TraceContextTextMapPropagator()


def set_up(settings: Settings) -> None:
    """Configure this process once: log format, level, and the export of traces where an endpoint is configured."""
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer()
        if settings.log_format == "console"
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    level = logging.getLevelNamesMapping().get(settings.log_level.upper(), logging.INFO)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # without the frames' locals: they hold documents, and with them masked values and people
            structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.bind_contextvars(service=settings.service)
    for noisy in ("aio_pika", "aiormq", "faststream", "httpx"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    provider = TracerProvider(resource=Resource.create({"service.name": f"brandmatrix.{settings.service}"}))
    if os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):  # OpenTelemetry's own standard variable
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - heavy
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 - heavy

        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)


@contextmanager
def span(name: str, traceparent: str | None = None, kind: SpanKind = SpanKind.INTERNAL) -> Iterator[None]:
    """Run the block in a span that continues ``traceparent`` (or starts a trace of its own)."""
    parent = _propagator.extract({"traceparent": traceparent}) if traceparent else None
    with trace.get_tracer("brandmatrix").start_as_current_span(name, context=parent, kind=kind):
        yield


def current_traceparent() -> str | None:
    """The W3C ``traceparent`` of the span that runs now."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent")
