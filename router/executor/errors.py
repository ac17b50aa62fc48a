"""Subgraph errors on their way to the client: what they say, and at which positions of the merged tree they belong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from router.errors import SubgraphFailure, TooLarge
from router.executor.occurrences import Occurrence, Position
from router.plan import Fetch, PathKey

Asked: TypeAlias = Mapping[str, Sequence[Sequence[Occurrence]]]
"""For each `_entities` field of a request, by its response key, the occurrences of each representation."""


@dataclass(frozen=True, slots=True)
class SubgraphError:
    """One error of a subgraph.

    It stands at every position of `positions`; the report shows the first few and remembers the others. `nulls` are the places
    that are null because of it: above `positions` where the subgraph's own types let the null bubble.
    """

    message: str
    extensions: Mapping[str, Any]
    positions: tuple[Position, ...]
    nulls: tuple[Position, ...] = ()


def failed_fetch(fetch: Fetch, failure: SubgraphFailure) -> SubgraphError:
    """The single error of a fetch that got no GraphQL answer."""
    return SubgraphError(str(failure), _extensions(fetch, {"code": failure.code}), (anchor(fetch),))


def malformed_entities(fetch: Fetch) -> SubgraphError:
    """`_entities` is not a list with an element per representation, and no error of the subgraph says why."""
    message = f'Subgraph "{fetch.subgraph}" did not answer one entity per representation.'
    return SubgraphError(message, _extensions(fetch, {}), (anchor(fetch),))


def too_many_contexts(fetch: Fetch) -> SubgraphError:
    """The arguments that a fetch takes from contexts have more values than requests are made for one fetch."""
    message = (
        f'Subgraph "{fetch.subgraph}" was not asked about everything: arguments from a context have too many values.'
    )
    return SubgraphError(message, _extensions(fetch, {"code": TooLarge.code}), (anchor(fetch),))


def answered_error(
    fetch: Fetch, error: Mapping[str, Any], data: Mapping[str, Any] | None, asked: Asked
) -> SubgraphError:
    """An error out of a subgraph's answer, put at the positions it speaks of.

    `data` is what came with it. `asked[key][i]` are the occurrences of representation i of the entities under `key`; for a root
    fetch there is a single group, of the objects it was merged into. Message and extensions are kept; `locations` are dropped, for
    they point into a document the client never wrote.
    """
    message = error.get("message")
    extensions = error.get("extensions")
    path = error.get("path")
    return SubgraphError(
        message if isinstance(message, str) else f'Subgraph "{fetch.subgraph}" reported an error without a message.',
        _extensions(fetch, extensions if isinstance(extensions, Mapping) else {}),
        _positions(fetch, path, asked),
        _positions(fetch, _null_above(path, data), asked),
    )


def anchor(fetch: Fetch) -> Position:
    """Where an error without a usable path belongs: the fetch's own path, or that of its only anchor, up to its first list."""
    position: list[str] = []
    path = fetch.anchors[0].path if len(fetch.anchors) == 1 else fetch.path
    for step in path:
        if not isinstance(step, PathKey):
            break
        position.append(step.key)
    return tuple(position)


def _positions(fetch: Fetch, path: Any, asked: Asked) -> tuple[Position, ...]:
    match path:
        case [str(key), int(index), *rest] if key in asked and 0 <= index < len(asked[key]) and _is_path(rest):
            return tuple((*occurrence.position, *rest) for occurrence in asked[key][index])
        case list() if not fetch.entities and _is_path(path):
            return tuple((*occurrence.position, *path) for group in asked[""] for occurrence in group)
        case _:
            return (anchor(fetch),)


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
