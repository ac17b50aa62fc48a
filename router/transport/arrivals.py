"""What came back with the answers of one client's request, beside their bodies: for those who pass some of it on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any, NamedTuple

import msgspec

from router.errors import SubgraphFailure
from router.transport.base import SubgraphAnswer, SubgraphRequest, SubgraphResponse, Transport


class Arrival(NamedTuple):
    """One answer, or none: then its status is 0. `place` orders the answers as the plan asks for them, whenever they arrived."""

    place: tuple[int, int]
    subgraph: str
    status: int = 0
    headers: tuple[tuple[bytes, bytes], ...] = ()
    extensions: Mapping[str, Any] = {}


class Arrivals:
    """Collects them for one request. `with_extensions`, also what stands under that name in each body."""

    def __init__(self, *, with_extensions: bool = False) -> None:
        self._with_extensions = with_extensions
        self._arrived: list[Arrival] = []
        self._asked = 0

    def transport(self, inner: Transport) -> ObservedTransport:
        """The way to the subgraphs, on which answers are noted."""
        return ObservedTransport(inner, self)

    def asked(self, request: SubgraphRequest) -> tuple[int, int]:
        """The place of a request that goes out now."""
        self._asked += 1
        return (request.fetch, self._asked)

    def note(self, place: tuple[int, int], subgraph: str, answer: SubgraphAnswer | None) -> None:
        """Note what came of the request at that place."""
        if answer is None:
            self._arrived.append(Arrival(place, subgraph))
            return
        extensions = _extensions(answer.body) if self._with_extensions else {}
        self._arrived.append(Arrival(place, subgraph, answer.status, answer.headers, extensions))

    def in_order(self) -> list[Arrival]:
        """All of them, in the order of the plan."""
        return sorted(self._arrived, key=lambda arrival: arrival.place)


class ObservedTransport:
    """A transport for one client's request that notes what comes back."""

    def __init__(self, inner: Transport, arrivals: Arrivals) -> None:
        self._inner = inner
        self._arrivals = arrivals

    async def send(self, request: SubgraphRequest) -> SubgraphAnswer:
        """Ask, and note the answer."""
        place = self._arrivals.asked(request)
        try:
            answer = await self._inner.send(request)
        except SubgraphFailure:
            self._arrivals.note(place, request.subgraph, None)
            raise
        self._arrivals.note(place, request.subgraph, answer)
        return answer

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """Events bring no headers."""
        return self._inner.subscribe(request)

    async def close(self) -> None:
        """Nothing of its own to close."""


class _Extended(msgspec.Struct):
    extensions: Any = None


_EXTENDED = msgspec.json.Decoder(_Extended)


def _extensions(body: bytes) -> Mapping[str, Any]:
    """The member of that name, where the body has one; everything else is skipped over."""
    try:
        found = _EXTENDED.decode(body).extensions
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
