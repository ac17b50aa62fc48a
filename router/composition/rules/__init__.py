"""The rules that no merge step owns, one a file.

SUBGRAPH_RULES look at one subgraph before the merge, SUPERGRAPH_RULES at the merged schema, API_RULES at what clients see of
it. To add a rule, add its file and its line here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from router.composition.model.report import Report
from router.composition.model.schema import Schema
from router.composition.model.subgraph import Subgraph
from router.composition.rules import (
    auth_requirements_applied_on_interface,
    composed_directive_use,
    context_invalid_selection,
    context_name_invalid,
    context_no_resolvable_key,
    context_not_set,
    cost_applied_to_interface_field,
    default_value_uses_inaccessible,
    disallowed_inaccessible,
    external_collision_with_another_directive,
    external_on_interface,
    external_unused,
    implemented_by_inaccessible,
    interface_field_no_implem,
    interface_key_not_on_implementation,
    interface_object_usage_error,
    invalid_graphql,
    invalid_shareable_usage,
    key_directive_in_fields_arg,
    key_fields_has_args,
    key_fields_select_invalid_type,
    key_invalid_fields,
    key_invalid_fields_type,
    key_unsupported_on_interface,
    list_size_applied_to_non_list,
    list_size_invalid_assumed_size,
    list_size_invalid_sized_field,
    list_size_invalid_slicing_argument,
    missing_transitive_auth_requirements,
    no_context_in_selection,
    only_inaccessible_children,
    provides_directive_in_fields_arg,
    provides_fields_has_args,
    provides_fields_missing_external,
    provides_invalid_fields,
    provides_invalid_fields_type,
    provides_on_non_object_field,
    provides_unsupported_on_interface,
    query_root_type_inaccessible,
    referenced_inaccessible,
    required_inaccessible,
    requires_directive_in_fields_arg,
    requires_fields_missing_external,
    requires_invalid_fields,
    requires_invalid_fields_type,
    requires_unsupported_on_interface,
    unsupported_linked_feature,
    valid_supergraph,
)
from router.composition.rules.visibility import hides_anything
from router.composition.spec.link import Feature

SubgraphRule: TypeAlias = Callable[[Subgraph, Report], None]
SupergraphRule: TypeAlias = Callable[[Schema, Sequence[Subgraph], Report], None]

SUBGRAPH_RULES: tuple[SubgraphRule, ...] = (
    unsupported_linked_feature.check,
    invalid_graphql.check_rights,
    key_unsupported_on_interface.check,
    key_invalid_fields_type.check,
    key_invalid_fields.check,
    key_fields_select_invalid_type.check,
    key_directive_in_fields_arg.check,
    key_fields_has_args.check,
    requires_unsupported_on_interface.check,
    requires_invalid_fields_type.check,
    requires_invalid_fields.check,
    requires_directive_in_fields_arg.check,
    requires_fields_missing_external.check,
    external_collision_with_another_directive.check,
    provides_on_non_object_field.check,
    provides_unsupported_on_interface.check,
    provides_invalid_fields_type.check,
    provides_invalid_fields.check,
    provides_directive_in_fields_arg.check,
    provides_fields_has_args.check,
    provides_fields_missing_external.check,
    context_name_invalid.check,
    context_not_set.check,
    no_context_in_selection.check,
    context_invalid_selection.check,
    context_no_resolvable_key.check,
    external_on_interface.check,
    external_unused.check,
    interface_key_not_on_implementation.check,
    interface_object_usage_error.check,
    invalid_shareable_usage.check,
    cost_applied_to_interface_field.check,
    list_size_applied_to_non_list.check,
    list_size_invalid_assumed_size.check,
    list_size_invalid_slicing_argument.check,
    list_size_invalid_sized_field.check,
    auth_requirements_applied_on_interface.check,
)
SUPERGRAPH_RULES: tuple[SupergraphRule, ...] = (
    interface_field_no_implem.check,
    requires_invalid_fields.check_merged,
    cost_applied_to_interface_field.check_merged,
    list_size_invalid_slicing_argument.check_merged,
    missing_transitive_auth_requirements.check,
)
API_RULES: tuple[SupergraphRule, ...] = (
    query_root_type_inaccessible.check,
    referenced_inaccessible.check,
    only_inaccessible_children.check,
    implemented_by_inaccessible.check,
    required_inaccessible.check,
    default_value_uses_inaccessible.check,
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


def check_printed(supergraph: Schema, sdl: str, subgraphs: Sequence[Subgraph], report: Report) -> None:
    """Check that the supergraph, as printed, is valid GraphQL."""
    valid_supergraph.check(supergraph, sdl, subgraphs, report)
    composed_directive_use.check(supergraph, subgraphs, report)


def check_api(supergraph: Schema, subgraphs: Sequence[Subgraph], features: Sequence[Feature], report: Report) -> None:
    """Run every rule on what clients see of a valid supergraph, which links the features."""
    if hides_anything(supergraph):
        disallowed_inaccessible.check(supergraph, features, subgraphs, report)
        for rule in API_RULES:
            rule(supergraph, subgraphs, report)
    if not report.errors:
        referenced_inaccessible.check_features(supergraph, features, subgraphs, report)
