"""Reading subgraphs: each SDL parsed, its links resolved, its GraphQL checked, its schema under canonical names."""

from __future__ import annotations

from collections.abc import Sequence

from graphql import GraphQLSyntaxError, Source, parse

from router.composition.codes import Code
from router.composition.model.facts import find_facts
from router.composition.model.outcome import Place, SubgraphInput
from router.composition.model.subgraph import Subgraph
from router.composition.report import Report
from router.composition.spec.join import graph_names
from router.composition.subgraph.convert import convert
from router.composition.subgraph.document import prepare
from router.composition.subgraph.links import read_links

RESERVED_NAME = "_"


def read_subgraphs(inputs: Sequence[SubgraphInput], report: Report) -> tuple[Subgraph, ...]:
    """Read them all, in the order of their names; those that are not valid are reported and left out."""
    ordered = sorted(inputs, key=lambda given: given.name)
    _check_names(ordered, report)
    graphs = graph_names([given.name for given in ordered])
    found = (_read(given, graphs[given.name], report) for given in ordered)
    return tuple(subgraph for subgraph in found if subgraph is not None)


def _check_names(inputs: Sequence[SubgraphInput], report: Report) -> None:
    names = [given.name for given in inputs]
    for name in dict.fromkeys(names):
        if not name or name == RESERVED_NAME:
            report.error(
                Code.INVALID_SUBGRAPH_NAME,
                f'A subgraph cannot be called "{name}": choose another name.',
                subgraphs=[name],
            )
        elif names.count(name) > 1:
            report.error(
                Code.INVALID_SUBGRAPH_NAME,
                f'Several subgraphs are called "{name}": names must differ.',
                subgraphs=[name],
            )


def _read(given: SubgraphInput, graph: str, report: Report) -> Subgraph | None:
    errors_before = len(report.errors)
    try:
        document = parse(Source(given.sdl, given.source or given.name))
    except GraphQLSyntaxError as error:
        source = given.source or given.name
        places = [Place(given.name, source, location.line, location.column) for location in error.locations or ()]
        message = f"[{given.name}] {error.message}"
        report.error(Code.INVALID_GRAPHQL, message, subgraphs=[given.name], places=places)
        return None
    links = read_links(document, subgraph=given.name, report=report)
    if len(report.errors) > errors_before:
        return None
    if links.federation is None:
        report.error(
            Code.UNSUPPORTED_FEATURE,
            f"[{given.name}] The schema does not link federation 2, and federation 1 schemas are not composed: add"
            ' `extend schema @link(url: "https://specs.apollo.dev/federation/v2.11", import: ["@key", "@shareable"])`.',
            subgraphs=[given.name],
        )
        return None
    prepared = prepare(document, links, subgraph=given.name, report=report)
    if prepared is None:
        return None
    canonical = links.canonical_directives()
    schema = convert(prepared, canonical, subgraph=given.name)
    return Subgraph(
        name=given.name,
        url=given.url,
        graph=graph,
        version=links.federation.url.version,
        schema=schema,
        facts=find_facts(schema),
        names={name: local for local, name in canonical.items()},
    )
