"""In which ways a client takes an answer: whole as JSON, as server-sent events, or as multipart.

Sources: RFC 9110, section 12.5.1; Apollo's multipart subscription protocol (subscriptionSpec=1.0) and the incremental delivery of
2022-08-24 (deferSpec=20220824), which name themselves by parameters of multipart/mixed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from router.edge.streams import multipart, sse

Way: TypeAlias = Literal["json", "events", "subscription_parts", "deferred_parts"]

HEADERS_KEPT: Final = 256  # clients differ in a few dozen Accept headers; others are read anew

_JSON_RANGES: Final = frozenset(
    {"application/json", "application/graphql-response+json", "application/*", "*/*"},
)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The ways that a client takes, the one it likes best first."""

    ways: tuple[Way, ...]
    only_json: bool = field(init=False)
    """Whether no answer can come in pieces."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "only_json", self.ways in ((), ("json",)))

    @property
    def for_subscription(self) -> Way | None:
        """How the results of a subscription are sent."""
        return self._first("events", "subscription_parts")

    @property
    def for_deferred(self) -> Way | None:
        """How an answer in parts is sent."""
        return self._first("events", "deferred_parts")

    @property
    def for_whole(self) -> Way:
        """How one result is sent. As a lone part only to a client that takes nothing else that one result could come as."""
        return self._first("json", "events") or self._first("deferred_parts") or "json"

    def _first(self, *fitting: Way) -> Way | None:
        return next((way for way in self.ways if way in fitting), None)


@lru_cache(maxsize=HEADERS_KEPT)
def accepted(accept: str | None) -> Accepted:
    """What an Accept header says. Without one a client takes JSON."""
    if accept is None or not accept.strip():
        return Accepted(("json",))
    ranges = [_read(media_range) for media_range in accept.split(",")]
    liked = sorted((each for each in ranges if each[0] > 0), key=lambda each: -each[0])
    return Accepted(tuple(dict.fromkeys(way for _, name, parameters in liked for way in _ways(name, parameters))))


def _ways(name: str, parameters: dict[str, str]) -> Iterator[Way]:
    if name in _JSON_RANGES:
        yield "json"
    elif name == sse.MEDIA_TYPE:
        yield "events"
    elif name == multipart.MEDIA_TYPE:
        if (spec := parameters.get("subscriptionspec")) is not None:
            if spec == "1.0":
                yield "subscription_parts"
        # A client that names no version takes whichever one the server speaks.
        elif parameters.get("deferspec", "20220824") == "20220824":
            yield "deferred_parts"


def _read(media_range: str) -> tuple[float, str, dict[str, str]]:
    name, *rest = (part.strip() for part in media_range.split(";"))
    pairs = (part.partition("=") for part in rest)
    parameters = {key.strip().lower(): value.strip().strip("\"'") for key, _, value in pairs}
    try:
        return float(parameters.pop("q", "1")), name.lower(), parameters
    except ValueError:
        return 0.0, name.lower(), parameters
