"""Definitions that a @link makes unreachable: by prefix they stand for an element that it imports under another name.

A schema that uses one means its own definition, everybody who reads the link the other.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    DirectiveNode,
    DocumentNode,
    NamedTypeNode,
    TypeDefinitionNode,
    Visitor,
    visit,
)

from router.composition.model.links import Links
from router.composition.model.report import Report, place_of
from router.composition.rules import invalid_link_directive_usage
from router.composition.spec.link import Feature


def check_shadowed(document: DocumentNode, links: Links, *, subgraph: str, report: Report) -> bool:
    """Report definitions that are shadowed and yet used; whether there is none."""
    shadowed = {_coordinate(node): node for node in document.definitions if _shadowing(node, links) is not None}
    if not shadowed:
        return True
    used = _Used()
    for node in document.definitions:
        if _coordinate(node) not in shadowed:
            visit(node, used)
    found = [node for coordinate, node in shadowed.items() if coordinate in used.coordinates]
    for node in found:
        shadowing = _shadowing(node, links)
        assert shadowing is not None
        feature, imported = shadowing
        invalid_link_directive_usage.report(
            f'"{_coordinate(node)}" stands for what "{feature.url.identity}" imports as "{imported}": use that name, and'
            " remove the definition",
            report,
            subgraph=subgraph,
            place=place_of(node, subgraph=subgraph),
            coordinate=_coordinate(node),
        )
    return not found


def _coordinate(node: DefinitionNode) -> str | None:
    if isinstance(node, DirectiveDefinitionNode):
        return f"@{node.name.value}"
    return node.name.value if isinstance(node, TypeDefinitionNode) else None


def _shadowing(node: DefinitionNode, links: Links) -> tuple[Feature, str] | None:
    """The feature that a definition's name seems to belong to, with what the element is imported as."""
    name = _coordinate(node)
    if name is None:
        return None
    for feature in links.features.values():
        for element in _elements(name, feature):
            imported = feature.imports.get(element, name)
            if imported != name:
                return feature, imported
    return None


def _elements(name: str, feature: Feature) -> Iterator[str]:
    if name.startswith("@"):
        prefixed = feature.prefixed_directive(name[1:])
        if prefixed is not None:
            yield f"@{prefixed}"
    elif name.startswith(f"{feature.prefix}__"):
        yield name.removeprefix(f"{feature.prefix}__")


class _Used(Visitor):
    """Collects the directives applied and the types named."""

    def __init__(self) -> None:
        super().__init__()
        self.coordinates: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        self.coordinates.add(f"@{node.name.value}")

    def enter_named_type(self, node: NamedTypeNode, *_: object) -> None:
        self.coordinates.add(node.name.value)
