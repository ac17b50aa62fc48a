"""What a supergraph says of caching: @cacheControl, where subgraphs compose it, and federation's @cacheTag.

Sources: https://www.apollographql.com/docs/apollo-server/performance/caching for the meaning of static hints,
https://specs.apollo.dev/join/v0.5/ for @join__directive, which carries @cacheTag.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, cast

from graphql import ConstDirectiveNode, DefinitionNode, DocumentNode, GraphQLNamedType

from router.supergraph.features import Features, arguments_of, linked_features
from router.supergraph.model import Supergraph

CACHE_TAG: Final = "federation__cacheTag"
_CACHE_CONTROL: Final = "cacheControl"

Formats: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hint:
    """One @cacheControl. With `inherits`, a field without a `max_age` does not hold up what stands above it."""

    max_age: float | None = None
    scope: str | None = None
    inherits: bool = False

    def over(self, other: Hint) -> Hint:
        """This one, and what it leaves open as the other says."""
        return Hint(
            other.max_age if self.max_age is None else self.max_age,
            self.scope or other.scope,
            self.inherits or other.inherits,
        )


NO_HINT: Final = Hint()


class CachingSchema:
    """One supergraph, as far as caching is concerned."""

    def __init__(self, supergraph: Supergraph) -> None:
        self.supergraph = supergraph
        schema = supergraph.full
        nodes = [node for node in (schema.ast_node, *(schema.extension_ast_nodes or ())) if node is not None]
        features = linked_features(DocumentNode(definitions=cast("tuple[DefinitionNode, ...]", tuple(nodes))))
        self._cache_control = _local_name(features)
        self._join_directive = features.directive("join", "directive")
        self._graphs = {subgraph.graph: subgraph.name for subgraph in supergraph.subgraphs.values()}

    def type(self, name: str) -> GraphQLNamedType | None:
        """A type of the whole schema."""
        return self.supergraph.full.type_map.get(name)

    def hint(self, node: Any) -> Hint:
        """What a definition says by @cacheControl."""
        for arguments in _applied(node, self._cache_control):
            age = arguments.get("maxAge")
            return Hint(
                None if age is None else float(age), arguments.get("scope"), bool(arguments.get("inheritMaxAge"))
            )
        return NO_HINT

    def formats(self, node: Any, subgraph: str) -> Formats:
        """The formats of the tags that a subgraph gives a definition by @cacheTag."""
        return tuple(
            str(arguments["args"]["format"])
            for arguments in _applied(node, self._join_directive)
            if arguments.get("name") == CACHE_TAG
            and any(self._graphs.get(graph) == subgraph for graph in arguments.get("graphs") or ())
        )

    def every_format(self) -> Iterator[tuple[str, str]]:
        """Each format with the coordinate of what it stands on."""
        for name, type_ in self.supergraph.full.type_map.items():
            for coordinate, node in ((name, type_.ast_node), *_fields(name, type_.ast_node)):
                for arguments in _applied(node, self._join_directive):
                    if arguments.get("name") == CACHE_TAG:
                        yield coordinate, str(arguments["args"]["format"])


def _fields(name: str, node: Any) -> Iterator[tuple[str, Any]]:
    return ((f"{name}.{field.name.value}", field) for field in getattr(node, "fields", None) or ())


def _local_name(features: Features) -> str:
    """@cacheControl is nobody's specification: it goes by the name under which it was imported, or its own."""
    imported = (feature.imports.get(f"@{_CACHE_CONTROL}") for feature in features.by_name.values())
    return next((name for name in imported if name), _CACHE_CONTROL).removeprefix("@")


def _applied(node: Any, directive: str | None) -> Iterator[Mapping[str, Any]]:
    """The arguments of a directive wherever it stands on a definition."""
    directives: tuple[ConstDirectiveNode, ...] = getattr(node, "directives", None) or ()
    return (arguments_of(given) for given in directives if given.name.value == directive)
