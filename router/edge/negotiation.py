"""Which media type a client reads, and which one it sent. Source: the GraphQL-over-HTTP specification, and RFC 9110."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Literal, TypeAlias

MediaType: TypeAlias = Literal["application/json", "application/graphql-response+json"]

JSON: Final = "application/json"
GRAPHQL_RESPONSE: Final = "application/graphql-response+json"

# What is answered to each media range. A client that accepts anything gets
# plain JSON, which every tool shows.
_RANGES: Final[dict[str, MediaType]] = {
    GRAPHQL_RESPONSE: "application/graphql-response+json",
    JSON: "application/json",
    "application/*": "application/json",
    "*/*": "application/json",
}


HEADERS_KEPT: Final = 256  # clients differ in a few dozen Accept headers; others are read anew


@lru_cache(maxsize=HEADERS_KEPT)
def response_type(accept: str | None) -> MediaType | None:
    """The media type to answer in; None where the client reads neither."""
    if accept is None or not accept.strip():
        return "application/json"
    offers = [(_weight(parameters), media_range) for media_range, parameters in map(_split, accept.split(","))]
    refused = {media_range for weight, media_range in offers if weight == 0}
    accepted = [(weight, media_range) for weight, media_range in offers if weight > 0 and media_range in _RANGES]
    # A stable sort keeps, among equals, what the client named first.
    for _, media_range in sorted(accepted, key=lambda offer: -offer[0]):
        if _RANGES[media_range] not in refused:
            return _RANGES[media_range]
    return None


@lru_cache(maxsize=HEADERS_KEPT)
def is_json(content_type: str | None) -> bool:
    """Whether a request body says that it is JSON in UTF-8."""
    media_type, parameters = _split(content_type or "")
    return media_type == JSON and parameters.get("charset", "utf-8").lower() in ("utf-8", "utf8")


def _split(header: str) -> tuple[str, dict[str, str]]:
    media_type, *rest = (part.strip() for part in header.split(";"))
    pairs = (part.partition("=") for part in rest)
    return media_type.lower(), {name.strip().lower(): value.strip().strip('"') for name, _, value in pairs}


def _weight(parameters: dict[str, str]) -> float:
    try:
        return float(parameters.get("q", "1"))
    except ValueError:
        return 0.0
