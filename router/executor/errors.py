"""Subgraph errors on their way to the client: what they say, and at which positions of the merged tree they belong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from typing import Any, TypeAlias

from graphql import FieldNode, InlineFragmentNode, OperationDefinitionNode, SelectionSetNode, parse

from router.errors import SubgraphFailure, TooLarge
from router.executor.occurrences import Occurrence, Position
from router.limits import PLAN_CACHE_ENTRIES_MAX
from router.plan import Fetch, Path, PathKey

Asked: TypeAlias = Mapping[str, Sequence[Sequence[Occurrence]]]
"""For each `_entities` field of a request, by its response key, the occurrences of each representation.

For a root fetch there is a single group under "", of the objects that it is merged into."""


@dataclass(frozen=True, slots=True)
class SubgraphError:
    """One error of a subgraph.

    It stands at every position of `positions`; the report shows the first few and remembers the others. `nulls` are the places
    that are null because of it: above `positions` where the subgraph's own types let the null bubble. `fetch` is whose error it is.
    """

    message: str
    extensions: Mapping[str, Any]
    positions: tuple[Position, ...]
    nulls: tuple[Position, ...] = ()
    fetch: int | None = None


def failed_fetch(fetch: Fetch, failure: SubgraphFailure, asked: Asked) -> SubgraphError:
    """The error of a fetch that got no GraphQL answer."""
    told = _extensions(fetch, {"code": failure.code, **failure.extensions})
    return SubgraphError(str(failure), told, _whole(fetch, asked), fetch=fetch.id)


def failed_source(fetch: Fetch, failure: SubgraphFailure) -> SubgraphError:
    """The error of a subscription that got no event, so that there is no field that it could stand at."""
    return SubgraphError(str(failure), _extensions(fetch, {"code": failure.code, **failure.extensions}), ((),))


def malformed_entities(fetch: Fetch) -> SubgraphError:
    """`_entities` is not a list with an element per representation, and no error of the subgraph says why."""
    message = f'Subgraph "{fetch.subgraph}" did not answer one entity per representation.'
    return SubgraphError(message, _extensions(fetch, {}), _anchors(fetch), fetch=fetch.id)


def too_many_contexts(fetch: Fetch) -> SubgraphError:
    """The arguments that a fetch takes from contexts have more values than requests are made for one fetch."""
    message = (
        f'Subgraph "{fetch.subgraph}" was not asked about everything: arguments from a context have too many values.'
    )
    return SubgraphError(message, _extensions(fetch, {"code": TooLarge.code}), _anchors(fetch), fetch=fetch.id)


def answered_error(
    fetch: Fetch, error: Mapping[str, Any], data: Mapping[str, Any] | None, asked: Asked
) -> SubgraphError:
    """An error out of a subgraph's answer, put at the positions it speaks of; `data` is what came with it.

    Message and extensions are kept; `locations` are dropped, for they point into a document the client never wrote.
    """
    message = error.get("message")
    extensions = error.get("extensions")
    path = error.get("path")
    # Beside data, an error of a root fetch that says no path could be about anything.
    whole = _whole(fetch, asked) if fetch.entities or data is None else ((),)
    return SubgraphError(
        message if isinstance(message, str) else f'Subgraph "{fetch.subgraph}" reported an error without a message.',
        _extensions(fetch, extensions if isinstance(extensions, Mapping) else {}),
        _positions(fetch, path, asked) or whole,
        _positions(fetch, _null_above(path, data), asked) or whole,
        fetch.id,
    )


def _positions(fetch: Fetch, path: Any, asked: Asked) -> tuple[Position, ...]:
    """Where an error with this path stands; nowhere, if it is no path through the answer."""
    match path:
        case [str(key), int(index), *rest] if key in asked and 0 <= index < len(asked[key]) and _is_path(rest):
            return tuple((*occurrence.position, *rest) for occurrence in asked[key][index])
        case [_, *_] if not fetch.entities and _is_path(path):
            return tuple((*occurrence.position, *path) for group in asked[""] for occurrence in group)
        case _:
            return ()


def _whole(fetch: Fetch, asked: Asked) -> tuple[Position, ...]:
    """Where an error stands that is about all of a fetch: its anchors, or each root field it should have answered.

    A server that resolves the fields itself reports each that fails, and clients look for a field's error under its path.
    """
    if fetch.entities:
        return _anchors(fetch)
    targets = [occurrence.position for group in asked[""] for occurrence in group]
    return tuple((*position, key) for position in targets for key in _root_keys(fetch.operation))


def _anchors(fetch: Fetch) -> tuple[Position, ...]:
    """The path to each anchor, up to its first list."""
    return tuple(dict.fromkeys(_to_first_list(anchor.path) for anchor in fetch.anchors))


def _to_first_list(path: Path) -> Position:
    return tuple(
        step.key for step in takewhile(lambda step: isinstance(step, PathKey), path) if isinstance(step, PathKey)
    )


@lru_cache(maxsize=PLAN_CACHE_ENTRIES_MAX)
def _root_keys(operation: str) -> tuple[str, ...]:
    """The response keys at the root of an operation."""
    (definition,) = parse(operation, no_location=True).definitions
    assert isinstance(definition, OperationDefinitionNode)
    return tuple(dict.fromkeys(_response_keys(definition.selection_set)))


def _response_keys(selected: SelectionSetNode) -> Iterator[str]:
    for node in selected.selections:
        if isinstance(node, FieldNode):
            yield (node.alias or node.name).value
        elif isinstance(node, InlineFragmentNode):
            yield from _response_keys(node.selection_set)


def _null_above(path: Any, data: Any) -> Any:
    """The part of an error's path that leads to the first null of the answer: what the error cost."""
    for length, part in enumerate(path if isinstance(path, list) else ()):
        if data is None:
            return path[:length]
        try:
            data = data[part]
        except (LookupError, TypeError):
            break
    return path


def _is_path(path: Sequence[Any]) -> bool:
    return all(isinstance(part, str | int) and not isinstance(part, bool) for part in path)


def _extensions(fetch: Fetch, given: Mapping[str, Any]) -> dict[str, Any]:
    return {"code": SubgraphFailure.code, **given, "serviceName": fetch.subgraph}
