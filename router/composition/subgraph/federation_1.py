"""Reading a schema that links no federation: what it may say, and what its directives mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from graphql import DefinitionNode, DirectiveDefinitionNode, DocumentNode, print_ast

from router.composition import wording
from router.composition.model.links import Links
from router.composition.model.report import Report
from router.composition.rules import invalid_link_directive_usage
from router.composition.spec.federation_1 import KNOWN_WHERE_DEFINED, federation_1, upgraded
from router.composition.spec.link import FEDERATION, Feature
from router.composition.subgraph.definitions import check_definitions

_WITH_FIELDS = frozenset({"key", "requires", "provides"})
_LOOSE_FIELD_SETS = frozenset({"String", "_FieldSet", "FieldSet"})


def link_federation_1(links: Links) -> Links:
    """The links of the schema, with the one to federation that is understood."""
    return _with(federation_1(), links)


def own_federation_2_directives(document: DocumentNode) -> dict[str, str]:
    """The directives of federation 2 that the schema defines itself, each by its own name."""
    return {name: name for name in _defined_directives(document) if name in KNOWN_WHERE_DEFINED}


def check_upgradable(document: DocumentNode, links: Links, *, subgraph: str, report: Report) -> bool:
    """Report links and definitions that contradict the federation 2 that the schema becomes; whether there is none."""
    errors_before = len(report.errors)
    own = Links({FEDERATION: upgraded(own_federation_2_directives(document))})
    check_definitions(without_loose_definitions(document), own, subgraph=subgraph, report=report)
    for feature in links.features.values():
        place = links.place(feature.url.identity)
        invalid_link_directive_usage.check(feature, [upgraded()], report, subgraph=subgraph, place=place)
    report.annotate(errors_before, wording.read_as_federation_1(subgraph))
    return len(report.errors) == errors_before


def without_loose_definitions(document: DocumentNode) -> DocumentNode:
    """The document without the definitions of @key, @requires and @provides that old libraries got slightly wrong.

    They define no argument, or let `fields` be null; federation 1 took them for what they mean.
    """
    return replace(document, definitions=tuple(node for node in document.definitions if not _is_loose(node)))


def _is_loose(node: DefinitionNode) -> bool:
    if not isinstance(node, DirectiveDefinitionNode) or node.name.value not in _WITH_FIELDS:
        return False
    arguments = node.arguments or ()
    if len(arguments) != 1:
        return not arguments
    return arguments[0].name.value == "fields" and print_ast(arguments[0].type) in _LOOSE_FIELD_SETS


def _with(federation: Feature, links: Links) -> Links:
    return replace(links, features={**links.features, FEDERATION: federation})


def _defined_directives(document: DocumentNode) -> Iterator[str]:
    return (node.name.value for node in document.definitions if isinstance(node, DirectiveDefinitionNode))
