"""The port between an engine that works an operation out and whatever sends its requests: no I/O, no clock, no event loop.

An engine hands out what is to be asked, is given each answer in whatever order they come, and says what may be asked next. So the
same engine runs over any transport, over recorded answers, and in a test without either.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, TypeAlias

import msgspec

from router.errors import SubgraphFailure
from router.plan import Fetch
from router.transport.base import SubgraphAnswer

Answered: TypeAlias = SubgraphAnswer | SubgraphFailure
"""What came of a request: an answer not yet looked at, or why there is none."""


class Ask:
    """A request that is ready to go out: the JSON body for the subgraph of `fetch`. Each is itself only: compared by identity."""

    __slots__ = ("body", "fetch")

    def __init__(self, fetch: Fetch, body: bytes) -> None:
        self.fetch = fetch
        self.body = body

    def __repr__(self) -> str:
        return f"Ask({self.fetch.id}, {self.fetch.subgraph}, {self.body!r})"


class Deopt(Exception):
    """An engine that was made for one plan met something it was not made for, and gives up.

    It may be raised by any method of an Execution; what was asked and answered so far stays good. `reason` is one of a few words.
    """

    def __init__(self, reason: str = "answer") -> None:
        super().__init__(reason)
        self.reason = reason


class ExecutionResult(msgspec.Struct, frozen=True):
    """GraphQL's `data` as JSON, and `errors`. An empty `errors` is left out of the response."""

    json: bytes
    errors: tuple[dict[str, Any], ...] = ()

    @classmethod
    def of(cls, data: Mapping[str, Any] | None, errors: tuple[dict[str, Any], ...] = ()) -> ExecutionResult:
        """The result with this `data`."""
        return cls(msgspec.json.encode(data), errors)

    @property
    def data(self) -> dict[str, Any] | None:
        """`data` decoded, anew each time."""
        decoded: dict[str, Any] | None = msgspec.json.decode(self.json)
        return decoded


class Execution(Protocol):
    """One run of one plan.

    `start` is called once and first; every Ask that comes out of it or of `answered` is given to `answered` once. When none is
    outstanding, `finish` is called once. A fetch is asked as soon as all that it comes `after` is answered, however slow others are.
    One fetch may take several Asks (@fromContext), or none (there is no object to ask about).
    """

    def start(self) -> list[Ask]:
        """What can be asked at once."""
        ...

    def answered(self, ask: Ask, answer: Answered) -> list[Ask]:
        """Take what came of a request; returns what can be asked now that could not before."""
        ...

    def finish(self) -> ExecutionResult:
        """The result."""
        ...
