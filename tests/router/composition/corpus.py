"""The corpus of composition cases, and supergraphs in a form by which they compare."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from graphql import (
    REMOVE,
    DirectiveDefinitionNode,
    DirectiveNode,
    DocumentNode,
    Node,
    SchemaDefinitionNode,
    StringValueNode,
    Visitor,
    parse,
    print_ast,
    visit,
)

from router.composition import SubgraphInput
from router.composition.model.fieldset import normalized

CASES = Path(__file__).parent / "cases"
EXPECTED = "expected.graphql"
CODES = "expected.codes"


@dataclass(frozen=True)
class Case:
    """Subgraphs with the supergraph, or the error codes, that they must give."""

    name: str
    subgraphs: tuple[SubgraphInput, ...]
    supergraph: str | None
    codes: tuple[str, ...]


def load_case(folder: Path) -> Case:
    files = sorted(file for file in folder.glob("*.graphql") if file.name != EXPECTED)
    expected, codes = folder / EXPECTED, folder / CODES
    return Case(
        name=folder.name,
        subgraphs=tuple(_subgraph(file) for file in files),
        supergraph=expected.read_text() if expected.exists() else None,
        codes=tuple(codes.read_text().split()) if codes.exists() else (),
    )


def _subgraph(file: Path) -> SubgraphInput:
    name = file.name.removesuffix(".graphql")
    return SubgraphInput(name, file.read_text(), f"http://{name}.test/graphql", file.name)


ALL = [load_case(folder) for folder in sorted(CASES.iterdir())]
COMPOSING = [case for case in ALL if case.supergraph is not None]
REJECTED = [case for case in ALL if case.codes]


def canonical(sdl: str) -> list[str]:
    """The definitions of a supergraph, sorted, without what may differ: machinery, @oneOf, spacing of field sets, order of links."""
    document: DocumentNode = visit(parse(sdl, no_location=True), _Canonical())
    return sorted(print_ast(node) for node in document.definitions if not _is_machinery(node))


def _is_machinery(node: Node) -> bool:
    name = getattr(getattr(node, "name", None), "value", "")
    is_graph_enum = name == "join__Graph"
    return name.startswith(("join__", "link__")) and not is_graph_enum


class _Canonical(Visitor):
    """Rewrites what is equal in meaning to the same text."""

    def enter_directive_definition(self, node: DirectiveDefinitionNode, *_: Any) -> Any:
        return REMOVE if node.name.value == "oneOf" else None

    def enter_directive(self, node: DirectiveNode, *_: Any) -> Any:
        if node.name.value == "oneOf":
            return REMOVE
        texts = {a.name.value: a.value.value for a in node.arguments or () if isinstance(a.value, StringValueNode)}
        if node.name.value == "link" and "/join/" in texts["url"]:
            return REMOVE
        return None

    def leave_schema_definition(self, node: SchemaDefinitionNode, *_: Any) -> Any:
        return replace(node, directives=tuple(sorted(node.directives or (), key=print_ast)))

    def leave_argument(self, node: Any, *_: Any) -> Any:
        if node.name.value in ("key", "requires", "provides") and isinstance(node.value, StringValueNode):
            return type(node)(name=node.name, value=StringValueNode(value=normalized(node.value.value)))
        return None
