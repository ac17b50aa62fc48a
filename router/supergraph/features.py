"""The features that a supergraph links (@link), and the names their elements carry in this document.

A feature may be linked under another name (`as:`) and its elements imported under others, so nothing else in the package
looks for a literal `join__`. Source: https://specs.apollo.dev/link/v1.0/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    ConstDirectiveNode,
    DefinitionNode,
    DirectiveDefinitionNode,
    DocumentNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    TypeDefinitionNode,
    value_from_ast_untyped,
)

from router.errors import SupergraphError

# What this router reads or knows to be safe to ignore: a field with a connector is asked of its subgraph's address like any
# other, so whatever runs the connectors must answer there. A feature outside this set that says it is needed `for: EXECUTION`
# or `for: SECURITY` makes the supergraph unusable.
KNOWN = frozenset(
    [
        "link",
        "core",
        "join",
        "inaccessible",
        "tag",
        "authenticated",
        "requiresScopes",
        "policy",
        "cost",
        "context",
        "cacheTag",
        "connect",
    ]
)
JOIN_VERSIONS = frozenset({"v0.1", "v0.2", "v0.3", "v0.4", "v0.5"})
_URL = re.compile(r"^(?P<identity>.*/(?P<name>[A-Za-z][A-Za-z0-9_-]*))/(?P<version>v\d+\.\d+)/?$")


@dataclass(frozen=True, slots=True)
class Feature:
    """One @link: `prefix` is what its elements start with, `imports` maps element names to their local names."""

    name: str
    version: str
    prefix: str
    purpose: str | None = None
    imports: Mapping[str, str] = field(default_factory=dict)

    def directive(self, element: str) -> str:
        """The local name of the directive `@element`; the one named like the feature itself needs no prefix."""
        imported = self.imports.get(f"@{element}")
        if imported is not None:
            return imported.removeprefix("@")
        return self.prefix if element == self.name else f"{self.prefix}__{element}"

    def type(self, element: str) -> str:
        """The local name of the type `element`."""
        return self.imports.get(element, f"{self.prefix}__{element}")

    def owns(self, definition: DefinitionNode) -> bool:
        """Whether the feature brought this definition into the document."""
        if not isinstance(definition, DirectiveDefinitionNode | TypeDefinitionNode):
            return False
        name = definition.name.value
        local = f"@{name}" if isinstance(definition, DirectiveDefinitionNode) else name
        own = isinstance(definition, DirectiveDefinitionNode) and name == self.prefix
        return own or name.startswith(f"{self.prefix}__") or local in self.imports.values()


@dataclass(frozen=True, slots=True)
class Features:
    """Every linked feature by its specification name."""

    by_name: Mapping[str, Feature]

    def directive(self, feature: str, element: str) -> str | None:
        """The local name of a directive, or None where the feature is not linked."""
        linked = self.by_name.get(feature)
        return linked.directive(element) if linked else None

    def owns(self, definition: DefinitionNode) -> bool:
        """Whether some feature brought this definition: it is machinery, no part of anybody's schema."""
        return any(feature.owns(definition) for feature in self.by_name.values())


def linked_features(document: DocumentNode) -> Features:
    """Read the links of a supergraph. Raises SupergraphError for an unknown feature that must be understood."""
    features = {feature.name: feature for feature in map(_feature, _links(document))}
    features.setdefault("link", Feature("link", "v1.0", "link"))
    join = features.get("join")
    if join is None:
        raise SupergraphError(
            "This SDL is not a supergraph: its schema does not @link the join specification. Compose the subgraphs first."
        )
    if join.version not in JOIN_VERSIONS:
        known = ", ".join(sorted(JOIN_VERSIONS))
        raise SupergraphError(f"join {join.version} is not supported (known: {known}).")
    for feature in features.values():
        if feature.purpose in ("EXECUTION", "SECURITY") and feature.name not in KNOWN:
            raise SupergraphError(
                f'The supergraph links "{feature.name}" {feature.version} for {feature.purpose}, which this router does not know.'
            )
    return Features(features)


def _links(document: DocumentNode) -> Iterator[Mapping[str, Any]]:
    for definition in document.definitions:
        if isinstance(definition, SchemaDefinitionNode | SchemaExtensionNode):
            applied = [(directive.name.value, arguments_of(directive)) for directive in definition.directives or ()]
            yield from (link for name, link in applied if name in _names_of_links(applied))


def _names_of_links(applied: list[tuple[str, dict[str, Any]]]) -> set[str]:
    """What links are called here: the link that links itself may do so under another name."""
    own = {name for name, link in applied if (match := _URL.match(_url(link))) and match["name"] in ("link", "core")}
    return own or {"link", "core"}


def _url(link: Mapping[str, Any]) -> str:
    return str(link.get("url") or link.get("feature") or "")


def _feature(link: Mapping[str, Any]) -> Feature:
    url = _url(link)
    match = _URL.match(url)
    if match is None:
        raise SupergraphError(f'@link(url: "{url}") does not end in a feature name and a version such as /join/v0.5.')
    imports: dict[str, str] = {}
    for element in link.get("import") or ():
        name, local = (element, element) if isinstance(element, str) else (element["name"], element.get("as"))
        imports[name] = local or name
    name = match["name"]
    return Feature(name, match["version"], link.get("as") or name, link.get("for"), imports)


def arguments_of(directive: ConstDirectiveNode) -> dict[str, Any]:
    """The arguments of an applied directive as plain values; enum values come as their names."""
    return {argument.name.value: value_from_ast_untyped(argument.value) for argument in directive.arguments or ()}
