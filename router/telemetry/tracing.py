"""The spans of a router: a request, the stages that it needs, and what subgraphs are asked.

Only a router that traces imports this module, and OpenTelemetry with it. Names are those of the semantic conventions for HTTP and
GraphQL (https://opentelemetry.io/docs/specs/semconv/). No span has a document, a variable, a token or a message of an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Final, Protocol

from opentelemetry import trace
from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.context import Context, attach, detach
from opentelemetry.propagators.composite import CompositePropagator
from opentelemetry.propagators.textmap import TextMapPropagator
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.semconv._incubating.attributes.graphql_attributes import (
    GRAPHQL_OPERATION_NAME,
    GRAPHQL_OPERATION_TYPE,
)
from opentelemetry.semconv.attributes.error_attributes import ERROR_TYPE
from opentelemetry.semconv.attributes.http_attributes import (
    HTTP_REQUEST_METHOD,
    HTTP_RESPONSE_STATUS_CODE,
    HTTP_ROUTE,
)
from opentelemetry.trace import Link, Span, SpanContext, SpanKind, Status, StatusCode, format_trace_id
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

SUBGRAPH: Final = "graphql.subgraph.name"
ERROR_CODES: Final = "graphql.error.codes"


class Closing(Protocol):
    """What has to be closed with the spans."""

    async def close(self) -> None: ...


class Tracing:
    """Begins spans. `exporting` is what sends them, to be closed in the end; contexts are passed on by contextvars."""

    def __init__(self, provider: TracerProvider, *, baggage: bool = False, exporting: Closing | None = None) -> None:
        self._tracer = provider.get_tracer("router")
        self._propagator = _propagator(baggage=baggage)
        self._exporting = exporting

    async def close(self) -> None:
        """Send what waits."""
        if self._exporting is not None:
            await self._exporting.close()

    @contextmanager
    def request(self, method: str, route: str, headers: Mapping[str, str]) -> Iterator[RequestSpan]:
        """The span of a request, a child of what the headers name."""
        attributes = {HTTP_REQUEST_METHOD: method, HTTP_ROUTE: route}
        with self._within(headers), self._span(f"{method} {route}", SpanKind.SERVER, attributes=attributes) as span:
            yield RequestSpan(span)

    @contextmanager
    def operation(self, headers: Mapping[str, str]) -> Iterator[RequestSpan]:
        """The span of an operation on a socket, a child of what the headers of its handshake name."""
        with self._within(headers), self._span("operation", SpanKind.SERVER) as span:
            yield RequestSpan(span)

    @contextmanager
    def event(self, subscribed: SpanContext | None) -> Iterator[None]:
        """The span of an event: a trace of its own, for a subscription lasts for hours, with a link to its beginning."""
        links = [Link(subscribed)] if subscribed is not None and subscribed.is_valid else []
        with self._span("subscription event", SpanKind.INTERNAL, context=Context(), links=links):
            yield

    @contextmanager
    def stage(self, stage: str, timed: AbstractContextManager[None]) -> Iterator[None]:
        """The span of a stage, which is also measured."""
        with timed, self._inner_span(stage, SpanKind.INTERNAL):
            yield

    @contextmanager
    def fetch(self, subgraph: str, headers: Mapping[str, str]) -> Iterator[FetchSpan]:
        """The span of what a subgraph is asked, and the headers that let it continue the trace."""
        attributes = {HTTP_REQUEST_METHOD: "POST", SUBGRAPH: subgraph}
        with self._inner_span(f"POST {subgraph}", SpanKind.CLIENT, attributes) as span:
            yield FetchSpan(span, self.told(headers))

    def here(self) -> SpanContext:
        """Where we are, to be linked to later."""
        return trace.get_current_span().get_span_context()

    def retried(self, reason: str) -> None:
        """What the current span is about is tried again."""
        trace.get_current_span().add_event("retry", {"reason": reason})

    def told(self, headers: Mapping[str, str]) -> dict[str, str]:
        """The headers with those of the current span, which replace the client's own."""
        carrier = dict(headers)
        self._propagator.inject(carrier)
        return carrier

    @contextmanager
    def _within(self, headers: Mapping[str, str]) -> Iterator[None]:
        """In the context that the headers of a client tell of, and no other."""
        token = attach(self._propagator.extract(headers, context=Context()))
        try:
            yield
        finally:
            detach(token)

    def _inner_span(
        self, name: str, kind: SpanKind, attributes: Mapping[str, str] | None = None
    ) -> AbstractContextManager[Span]:
        """A span within one that is kept; within one that is not, that one, for nobody would see another."""
        around = trace.get_current_span()
        return self._span(name, kind, attributes=attributes) if around.is_recording() else nullcontext(around)

    def _span(
        self,
        name: str,
        kind: SpanKind,
        *,
        context: Context | None = None,
        attributes: Mapping[str, str] | None = None,
        links: list[Link] | None = None,
    ) -> CurrentSpan:
        return CurrentSpan(
            self._tracer.start_span(
                name,
                context,
                kind,
                attributes,
                links,
                record_exception=False,
                set_status_on_exception=False,
            )
        )


class CurrentSpan:
    """A span that is the current one within a block. Of an error it says its type only: messages may quote what a client sent."""

    __slots__ = ("_span", "_token")

    def __init__(self, span: Span) -> None:
        self._span = span

    def __enter__(self) -> Span:
        self._token = attach(trace.set_span_in_context(self._span))
        return self._span

    def __exit__(self, _: type[BaseException] | None, error: BaseException | None, __: object) -> None:
        detach(self._token)
        if isinstance(error, Exception):
            self._span.set_attribute(ERROR_TYPE, type(error).__name__)
            self._span.set_status(Status(StatusCode.ERROR))
        self._span.end()


class RequestSpan:
    """What becomes known of a request on its way."""

    def __init__(self, span: Span) -> None:
        self._span = span

    @property
    def trace_id(self) -> str:
        """By which the trace is found."""
        return format_trace_id(self._span.get_span_context().trace_id)

    def answered(self, status: int | None, codes: tuple[str, ...]) -> None:
        """The answer, by its HTTP status and the codes of its errors."""
        if status is not None:
            self._span.set_attribute(HTTP_RESPONSE_STATUS_CODE, status)
        if codes:
            self._span.set_attribute(ERROR_CODES, codes)
        if status is not None and status >= 500:
            self._span.set_attribute(ERROR_TYPE, str(status))
            self._span.set_status(Status(StatusCode.ERROR))

    def operation(self, kind: str, name: str | None) -> None:
        """What was asked for."""
        self._span.set_attribute(GRAPHQL_OPERATION_TYPE, kind)
        if name is not None:
            self._span.set_attribute(GRAPHQL_OPERATION_NAME, name)

    def client(self, name: str | None, version: str | None) -> None:
        """The program that asks."""
        if name is not None:
            self._span.set_attribute("graphql.client.name", name)
        if version is not None:
            self._span.set_attribute("graphql.client.version", version)


class FetchSpan:
    """What becomes known of a fetch; `headers` are to be sent with it."""

    def __init__(self, span: Span, headers: dict[str, str]) -> None:
        self._span = span
        self.headers = headers

    def answered(self, status: int) -> None:
        """The subgraph has answered."""
        self._span.set_attribute(HTTP_RESPONSE_STATUS_CODE, status)
        if status >= 400:
            self._span.set_attribute(ERROR_TYPE, str(status))
            self._span.set_status(Status(StatusCode.ERROR))


def _propagator(*, baggage: bool) -> TextMapPropagator:
    context = TraceContextTextMapPropagator()
    return CompositePropagator([context, W3CBaggagePropagator()]) if baggage else context
