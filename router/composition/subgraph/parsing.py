"""From text to document: the SDL of a subgraph within its bounds, or one clear reason why it cannot be read."""

from __future__ import annotations

from graphql import DocumentNode, GraphQLError, GraphQLSyntaxError, Source, parse

from router.composition.model.bounds import is_too_large, too_deep_at
from router.composition.model.outcome import SubgraphInput
from router.composition.model.report import Report
from router.composition.rules import invalid_graphql
from router.limits import SDL_BYTES_MAX, SDL_NESTING_MAX


def parse_sdl(given: SubgraphInput, report: Report) -> DocumentNode | None:
    """Parse the SDL of a subgraph; None where that cannot be done, which is reported."""
    name = given.source or given.name
    try:
        return _parse(given.sdl, name)
    except GraphQLError as error:
        invalid_graphql.report_subgraph(error, report, subgraph=given.name)
        return None


def _parse(sdl: str, name: str) -> DocumentNode:
    if is_too_large(sdl):
        message = f"The SDL has more than {SDL_BYTES_MAX / 1_000_000:g} MB, the most that is read."
        raise GraphQLError(message, source=Source("", name))
    source = Source(sdl, name)
    deep = too_deep_at(sdl)
    if deep is not None:
        message = f"The SDL is nested too deeply here: brackets stand within more than {SDL_NESTING_MAX} others."
        raise GraphQLError(message, source=source, positions=[deep])
    try:
        return parse(source)
    except GraphQLSyntaxError as error:
        if not _is_blank(sdl):
            raise
        message = "The SDL is empty: a subgraph has at least one type, such as `type Query { version: String }`."
        raise GraphQLError(message, source=source, positions=error.positions) from None


def _is_blank(sdl: str) -> bool:
    """Whether there is nothing but spaces, commas and comments."""
    lines = (line.strip(" \t,\ufeff") for line in sdl.splitlines())
    return all(not line or line.startswith("#") for line in lines)
