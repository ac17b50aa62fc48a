"""A collector for tests: takes spans by OTLP over HTTP, on a real port, and can be away."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

POLL_S = 0.05


@dataclass(frozen=True)
class Seen:
    """A span as it arrived."""

    service: str
    name: str
    kind: str
    trace_id: str
    span_id: str
    parent_id: str
    attributes: dict[str, Any]
    links: tuple[str, ...]
    is_error: bool
    events: tuple[tuple[str, dict[str, Any]], ...] = ()


@dataclass
class Collector:
    """What arrived. `status` is what it answers with; `headers` are those of the last request."""

    endpoint: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    requests: int = 0
    spans: list[Seen] = field(default_factory=list)

    def take(self, body: bytes) -> None:
        """Keep the spans of a request."""
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            service = _values(resource.resource.attributes)["service.name"]
            for scope in resource.scope_spans:
                self.spans += [_seen(span, service) for span in scope.spans]

    def named(self, name: str) -> list[Seen]:
        """The spans of a name."""
        return [span for span in self.spans if span.name == name]

    def wait_for(self, condition: Callable[[Collector], bool], *, within_s: float = 15) -> None:
        """Wait until it is so. Blocks: call it in a thread beside a running loop."""
        deadline = time.monotonic() + within_s
        while not condition(self):
            assert time.monotonic() < deadline, f"of the spans came {sorted({(s.service, s.name) for s in self.spans})}"
            time.sleep(POLL_S)


@contextmanager
def collecting(port: int = 0) -> Iterator[Collector]:
    """A collector while the block runs."""
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            collector.requests += 1
            collector.headers = {name.lower(): value for name, value in self.headers.items()}
            if collector.status == 200:
                collector.take(gzip.decompress(body) if self.headers["content-encoding"] == "gzip" else body)
            self.send_response(collector.status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    collector.endpoint = f"http://127.0.0.1:{server.server_port}/v1/traces"
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": POLL_S}, daemon=True)
    serving.start()
    try:
        yield collector
    finally:
        server.shutdown()
        server.server_close()
        serving.join()


def _seen(span: Any, service: str) -> Seen:
    return Seen(
        service,
        span.name,
        {1: "internal", 2: "server", 3: "client", 4: "producer", 5: "consumer"}[span.kind],
        span.trace_id.hex(),
        span.span_id.hex(),
        span.parent_span_id.hex(),
        _values(span.attributes),
        tuple(link.span_id.hex() for link in span.links),
        span.status.code == 2,
        tuple((event.name, _values(event.attributes)) for event in span.events),
    )


def _values(attributes: Any) -> dict[str, Any]:
    return {each.key: _value(each.value) for each in attributes}


def _value(value: Any) -> Any:
    kind = value.WhichOneof("value")
    held = getattr(value, kind)
    return [_value(each) for each in held.values] if kind == "array_value" else held
