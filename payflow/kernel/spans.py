"""The port of tracing: what makes spans, whoever that is."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Literal, Protocol, TypeAlias

from sqlalchemy import Engine

Kind: TypeAlias = Literal["internal", "server", "client", "producer", "consumer"]
Value: TypeAlias = str | int
Carrier: TypeAlias = Mapping[str, str]
"""Headers of a request, or attributes of an event: where a trace comes from."""


class Span(Protocol):
    """Some work, while it is done."""

    def set(self, name: str, value: Value) -> None:
        """Tell something of it."""
        ...

    def fail(self, reason: str) -> None:
        """It went wrong; `reason` is a code or a type, never a message."""
        ...


class Spans(Protocol):
    """What makes spans and sends them."""

    def begin(
        self, name: str, *, kind: Kind, attributes: Mapping[str, Value], carrier: Carrier | None
    ) -> AbstractContextManager[Span]: ...

    def carried(self) -> dict[str, str]: ...

    def trace_id(self) -> str | None: ...

    def watch(self, engine: Engine) -> None: ...

    async def flush(self) -> None: ...
