"""The rules that no merge step owns, one a file.

SUBGRAPH_RULES look at one subgraph before the merge, SUPERGRAPH_RULES at the merged schema, API_RULES at what clients see of
it. To add a rule, add its file and its line here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from router.composition.model.schema import Schema
from router.composition.model.subgraph import Subgraph
from router.composition.report import Report
from router.composition.rules import (
    auth_on_interface,
    cost_on_interface,
    default_value_inaccessible,
    external_on_interface,
    external_unused,
    implemented_by_inaccessible,
    interface_field_no_implem,
    interface_keys,
    interface_object_keys,
    key_fields,
    list_size,
    merged_requires,
    only_inaccessible_children,
    provides_fields,
    query_root_inaccessible,
    referenced_inaccessible,
    required_inaccessible,
    requires_fields,
    shareable_usage,
    transitive_auth,
    unsupported_directives,
    valid_supergraph,
)

SubgraphRule: TypeAlias = Callable[[Subgraph, Report], None]
SupergraphRule: TypeAlias = Callable[[Schema, Sequence[Subgraph], Report], None]

SUBGRAPH_RULES: tuple[SubgraphRule, ...] = (
    unsupported_directives.check,
    key_fields.check,
    requires_fields.check,
    provides_fields.check,
    external_on_interface.check,
    external_unused.check,
    interface_keys.check,
    interface_object_keys.check,
    shareable_usage.check,
    cost_on_interface.check,
    list_size.check,
    auth_on_interface.check,
)
SUPERGRAPH_RULES: tuple[SupergraphRule, ...] = (
    interface_field_no_implem.check,
    merged_requires.check,
    transitive_auth.check,
)
API_RULES: tuple[SupergraphRule, ...] = (
    query_root_inaccessible.check,
    referenced_inaccessible.check,
    only_inaccessible_children.check,
    implemented_by_inaccessible.check,
    required_inaccessible.check,
    default_value_inaccessible.check,
)


def check_subgraphs(subgraphs: Sequence[Subgraph], report: Report) -> None:
    """Run every rule on every subgraph."""
    for subgraph in subgraphs:
        for rule in SUBGRAPH_RULES:
            rule(subgraph, report)


def check_supergraph(supergraph: Schema, subgraphs: Sequence[Subgraph], report: Report) -> None:
    """Run every rule on the merged schema."""
    for rule in SUPERGRAPH_RULES:
        rule(supergraph, subgraphs, report)


def check_printed(supergraph: Schema, sdl: str, report: Report) -> None:
    """Check that the supergraph, as printed, is valid GraphQL."""
    valid_supergraph.check(supergraph, sdl, report)


def check_api(supergraph: Schema, subgraphs: Sequence[Subgraph], report: Report) -> None:
    """Run every rule on what clients see of a valid supergraph."""
    for rule in API_RULES:
        rule(supergraph, subgraphs, report)
