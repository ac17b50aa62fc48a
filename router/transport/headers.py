"""Which forwarded headers may reach a subgraph: those that describe the client's own connection or body may not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from router.config.barred_headers import NEVER_FORWARDED

MILLISECONDS: Final = 1_000
JSON_HEADERS: Final[Mapping[str, str]] = {
    "accept": "application/graphql-response+json, application/json",
    "content-type": "application/json",
}


class HeadersBySubgraph:
    """Headers that differ from subgraph to subgraph; those of one are worked out when it is first asked."""

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[str], Mapping[str, str]]) -> None:
        self._make = make
        self._made: dict[str, Mapping[str, str]] = {}

    def of(self, subgraph: str) -> Mapping[str, str]:
        """What that subgraph is sent."""
        made = self._made.get(subgraph)
        if made is None:
            made = self._made[subgraph] = self._make(subgraph)
        return made


NO_HEADERS: Final[Mapping[str, str]] = {}

Forwarded: TypeAlias = Mapping[str, str] | HeadersBySubgraph
"""What goes along with an operation: the same to every subgraph, or to each its own."""


def headers_to(subgraph: str, headers: Forwarded) -> Mapping[str, str]:
    """Those for one subgraph."""
    return headers.of(subgraph) if isinstance(headers, HeadersBySubgraph) else headers


def forwarded(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers that a subgraph may see."""
    return {
        name: value
        for name, value in headers.items()
        if name not in NEVER_FORWARDED and not name.startswith("sec-websocket-")
    }


def for_request(headers: Mapping[str, str], *, timeout_header: str | None = None, seconds: float = 0) -> dict[str, str]:
    """The headers of a POST with a GraphQL request in JSON, for whose answer there are so many seconds."""
    told = {} if timeout_header is None else {timeout_header: str(int(seconds * MILLISECONDS))}
    return {**forwarded(headers), **told, **JSON_HEADERS}
