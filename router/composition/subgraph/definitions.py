"""A subgraph's own definitions of what the linked specifications define: allowed, as long as they say the same or less."""

from __future__ import annotations

from graphql import DirectiveDefinitionNode, DocumentNode, TypeDefinitionNode

from router.composition.model.links import Links
from router.composition.model.report import Report
from router.composition.rules import directive_definition_invalid, type_definition_invalid
from router.composition.subgraph.machinery import MachineryNode, machinery


def check_definitions(document: DocumentNode, links: Links, *, subgraph: str, report: Report) -> bool:
    """Report own definitions that contradict the specification; whether there is none."""
    brought = machinery(links, but_link=links.defines_link)
    expected = {(isinstance(node, TypeDefinitionNode), node.name.value): node for node in brought}
    fits = True
    for node in document.definitions:
        if isinstance(node, TypeDefinitionNode | DirectiveDefinitionNode):
            wanted = expected.get((isinstance(node, TypeDefinitionNode), node.name.value))
            if wanted is not None:
                fits &= _check(node, wanted, subgraph=subgraph, report=report)
    return fits


def _check(own: MachineryNode, expected: MachineryNode, *, subgraph: str, report: Report) -> bool:
    if isinstance(own, TypeDefinitionNode):
        assert isinstance(expected, TypeDefinitionNode)
        return type_definition_invalid.check(own, expected, report, subgraph=subgraph)
    assert isinstance(expected, DirectiveDefinitionNode)
    return directive_definition_invalid.check(own, expected, report, subgraph=subgraph)
