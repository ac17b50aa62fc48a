"""Reading subgraphs: each SDL parsed, its links resolved, its GraphQL checked, its schema under canonical names."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition.model.facts import find_facts
from router.composition.model.outcome import SubgraphInput
from router.composition.model.report import Report
from router.composition.model.subgraph import Subgraph
from router.composition.rules import invalid_graphql, invalid_subgraph_name
from router.composition.spec.join import graph_names
from router.composition.subgraph.convert import convert
from router.composition.subgraph.cycles import check_directive_cycles
from router.composition.subgraph.document import prepare
from router.composition.subgraph.federation_1 import (
    check_upgradable,
    link_federation_1,
    own_federation_2_directives,
    without_loose_definitions,
)
from router.composition.subgraph.links import read_links
from router.composition.subgraph.parsing import parse_sdl
from router.composition.subgraph.roots import check_roots
from router.composition.subgraph.validity import check_graphql


def read_subgraphs(inputs: Sequence[SubgraphInput], report: Report) -> tuple[Subgraph, ...]:
    """Read them all, in the order of their names; those that are not valid, or not well named, are reported and left out."""
    ordered = sorted(inputs, key=lambda given: given.name)
    names = [given.name for given in ordered]
    graphs = graph_names(names)
    unfit = invalid_subgraph_name.check(names, graphs, report)
    found = (_read_bounded(given, graphs[given.name], report) for given in ordered if given.name not in unfit)
    return tuple(subgraph for subgraph in found if subgraph is not None)


def _read_bounded(given: SubgraphInput, graph: str, report: Report) -> Subgraph | None:
    try:
        return _read(given, graph, report)
    except RecursionError:
        invalid_graphql.report_too_long_a_chain(report, subgraph=given.name)
        return None


def _read(given: SubgraphInput, graph: str, report: Report) -> Subgraph | None:
    document = parse_sdl(given, report)
    if document is None:
        return None
    errors_before = len(report.errors)
    links = read_links(document, subgraph=given.name, report=report)
    if len(report.errors) > errors_before:
        return None
    own: dict[str, str] = {}
    federation_1 = links.federation is None
    if federation_1:
        own = own_federation_2_directives(document)
        if not check_upgradable(document, links, subgraph=given.name, report=report):
            return None
        document, links = without_loose_definitions(document), link_federation_1(links)
    prepared = prepare(document, links, subgraph=given.name, report=report)
    if prepared is None:
        return None
    canonical = links.canonical_directives() | own
    schema = convert(prepared, canonical, subgraph=given.name)
    valid = check_graphql(prepared.whole, schema, links, subgraph=given.name, report=report)
    if not (check_directive_cycles(document, subgraph=given.name, report=report) and valid):
        return None
    check_roots(document, subgraph=given.name, report=report)
    assert links.federation is not None
    return Subgraph(
        name=given.name,
        url=given.url,
        graph=graph,
        version=links.federation.url.version,
        schema=schema,
        facts=find_facts(schema),
        names={name: local for local, name in canonical.items()},
        links=links,
        federation_1=federation_1,
    )
