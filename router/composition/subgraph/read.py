"""Reading subgraphs: each SDL parsed, its links resolved, its GraphQL checked, its schema under canonical names."""

from __future__ import annotations

from collections.abc import Sequence

from graphql import DocumentNode, GraphQLSyntaxError, Source, parse

from router.composition.codes import Code
from router.composition.model.facts import find_facts
from router.composition.model.outcome import Place, SubgraphInput
from router.composition.model.subgraph import Subgraph
from router.composition.report import Report
from router.composition.rules import invalid_subgraph_name
from router.composition.spec.join import graph_names
from router.composition.subgraph.convert import convert
from router.composition.subgraph.document import prepare
from router.composition.subgraph.federation_1 import (
    check_upgradable,
    link_federation_1,
    own_federation_2_directives,
    without_loose_definitions,
)
from router.composition.subgraph.links import read_links
from router.composition.subgraph.validity import check_graphql


def read_subgraphs(inputs: Sequence[SubgraphInput], report: Report) -> tuple[Subgraph, ...]:
    """Read them all, in the order of their names; those that are not valid are reported and left out."""
    ordered = sorted(inputs, key=lambda given: given.name)
    names = [given.name for given in ordered]
    graphs = graph_names(names)
    invalid_subgraph_name.check(names, graphs, report)
    found = (_read(given, graphs[given.name], report) for given in ordered)
    return tuple(subgraph for subgraph in found if subgraph is not None)


def _read(given: SubgraphInput, graph: str, report: Report) -> Subgraph | None:
    document = _parse(given, report)
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
    if not check_graphql(prepared.whole, schema, links, subgraph=given.name, report=report):
        return None
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


def _parse(given: SubgraphInput, report: Report) -> DocumentNode | None:
    source = given.source or given.name
    try:
        return parse(Source(given.sdl, source))
    except GraphQLSyntaxError as error:
        places = [Place(given.name, source, location.line, location.column) for location in error.locations or ()]
        problem = error.message
        if _is_blank(given.sdl):
            problem = "The SDL is empty: a subgraph has at least one type, such as `type Query { version: String }`."
        report.error(Code.INVALID_GRAPHQL, f"[{given.name}] {problem}", subgraphs=[given.name], places=places)
        return None


def _is_blank(sdl: str) -> bool:
    """Whether there is nothing but spaces, commas and comments."""
    lines = (line.strip(" \t,\ufeff") for line in sdl.splitlines())
    return all(not line or line.startswith("#") for line in lines)
