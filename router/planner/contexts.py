"""Arguments from a @context: which object above sets it, and how a field is given the value.

The value becomes a variable of the request. It is read from the nearest object above that sets the context, which is why what stands
below objects of different types may have to be told apart by them, even where it stands at one place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from graphql import ArgumentNode, NameNode, VariableNode

from router.graph import TYPENAME, Graph
from router.plan import Path, PathKey
from router.planner.scope import Scope
from router.planner.sites import Input, Presence, Site


def contexts_below(at: Presence, types: Iterable[str], graph: Graph) -> Mapping[str, Presence]:
    """The contexts set for what lies below objects of `types`, each with who sets it."""
    own = graph.contexts_of(types) if graph.sets_contexts else None
    return {**at.contexts, **dict.fromkeys(own, replace(at, types=frozenset(types)))} if own else at.contexts


def guarded_path(site: Site, scope: Scope) -> Path:
    """The path to the objects of a scope alone."""
    path = list(site.path)
    assert scope.guards is not None, "presences under contexts are united only where one path leads to all"
    for above, types in scope.guards:
        step = path[len(above.path)]
        if types < above.types and isinstance(step, PathKey):
            path[len(above.path)] = PathKey(step.key, tuple(sorted(types)))
    return tuple(path)


def variable_name(graph: str, number: int) -> str:
    """What the variable of an argument is called in a request."""
    return f"contextualArgument_{re.sub(r'[^_0-9A-Za-z]', '_', graph)}_{number}"


def argument_node(name: str, variable: str) -> ArgumentNode:
    """The argument that passes a variable on."""
    return ArgumentNode(name=NameNode(value=name), value=VariableNode(name=NameNode(value=variable)))


def keys_to(given: Input) -> tuple[str, ...]:
    """The keys that lead to the one leaf of an input."""
    below = [inner for inner in given.below if inner.name != TYPENAME]
    return (given.key, *(keys_to(below[0]) if below else ()))
