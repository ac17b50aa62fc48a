"""Upgrading federation 1: schemas that link no federation, rewritten as the federation 2 schemas that mean the same.

Federation 1 was loose where federation 2 is strict: it ignored what made no sense, told extensions from definitions, and shared
every field that several subgraphs had. The steps below make each of these explicit; the rules of federation 2 then apply.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from router.composition import wording
from router.composition.model.facts import find_facts
from router.composition.model.links import Links
from router.composition.model.report import Report
from router.composition.model.schema import Schema
from router.composition.model.subgraph import Subgraph
from router.composition.rules import check_subgraphs
from router.composition.spec import federation_1
from router.composition.spec.federation import UPGRADED
from router.composition.spec.link import FEDERATION
from router.composition.upgrade.extension_externals import remove_externals_from_extension_keys
from router.composition.upgrade.extensions import check_bases, turn_extensions_into_definitions
from router.composition.upgrade.field_sets import write_field_sets_as_strings
from router.composition.upgrade.inactive import remove_inactive_provides_and_requires
from router.composition.upgrade.inert_directives import remove_inert_directives
from router.composition.upgrade.inert_externals import remove_externals_from_interfaces, remove_externals_from_types
from router.composition.upgrade.interface_keys import check_interface_keys
from router.composition.upgrade.names import forget_directives_that_are_gone
from router.composition.upgrade.sharing import share_what_others_resolve
from router.composition.upgrade.surroundings import Surroundings, find_versions
from router.composition.upgrade.tags import remove_tags_repeated_on_externals
from router.composition.upgrade.unused_externals import remove_unused_externals

Step: TypeAlias = Callable[[Schema, Surroundings], Schema]

STEPS: tuple[Step, ...] = (
    write_field_sets_as_strings,
    remove_externals_from_interfaces,
    remove_externals_from_extension_keys,
    remove_inactive_provides_and_requires,
    turn_extensions_into_definitions,
    remove_inert_directives,
    remove_unused_externals,
    share_what_others_resolve,
    remove_tags_repeated_on_externals,
    forget_directives_that_are_gone,
)


def upgrade(subgraphs: Sequence[Subgraph], report: Report) -> tuple[Subgraph, ...]:
    """The subgraphs, those of federation 1 upgraded and checked; what stands in the way of it is reported."""
    if not any(subgraph.federation_1 for subgraph in subgraphs):
        return tuple(subgraphs)
    originals = tuple(_without_externals_on_types(subgraph) for subgraph in subgraphs)
    versions = find_versions(originals)
    check_interface_keys(versions, report)
    upgraded = [
        _upgrade(subgraph, Surroundings(subgraph, versions, report)) if subgraph.federation_1 else subgraph
        for subgraph in originals
    ]
    return tuple(subgraph for subgraph in upgraded if subgraph is not None)


def _upgrade(subgraph: Subgraph, surroundings: Surroundings) -> Subgraph | None:
    report = surroundings.report
    errors_before = len(report.errors)
    check_bases(subgraph, surroundings)
    schema = subgraph.schema
    for step in STEPS:
        schema = step(schema, surroundings)
    if len(report.errors) > errors_before:
        return None
    upgraded = replace(
        subgraph, schema=schema, facts=find_facts(schema), version=UPGRADED, links=_links(subgraph.links)
    )
    check_subgraphs((upgraded,), report)
    report.annotate(errors_before, wording.read_as_federation_1(subgraph.name))
    return upgraded


def _links(links: Links) -> Links:
    return replace(links, features={**links.features, FEDERATION: federation_1.upgraded()})


def _without_externals_on_types(subgraph: Subgraph) -> Subgraph:
    """First of all, since it decides who resolves what for the neighbours too."""
    if not subgraph.federation_1:
        return subgraph
    schema = remove_externals_from_types(subgraph.schema)
    return subgraph if schema is subgraph.schema else replace(subgraph, schema=schema, facts=find_facts(schema))
