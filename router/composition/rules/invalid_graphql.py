"""INVALID_GRAPHQL: each subgraph's SDL is valid GraphQL, and so is the schema that their merge gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from graphql import GraphQLError, SourceLocation, StringValueNode, ValueNode

from router.composition.codes import Code
from router.composition.model.alternatives import RIGHTS, items_of
from router.composition.model.outcome import Place
from router.composition.model.report import Report
from router.composition.model.subgraph import Subgraph


def report_subgraph(error: GraphQLError, report: Report, *, subgraph: str, advice: str = "") -> None:
    """Report what GraphQL objects to in a subgraph, at its place in the SDL; `advice` continues the message."""
    source = error.source.name if error.source is not None else subgraph
    report.error(
        Code.INVALID_GRAPHQL,
        f"[{subgraph}] {_sentence(error.message)}{advice}",
        subgraphs=[subgraph],
        places=_places(error.locations or (), subgraph=subgraph, source=source),
    )


def check_rights(subgraph: Subgraph, report: Report) -> None:
    """Report scopes and policies that are no strings: their scalars take any literal, but rights compare by their names."""
    applied = [name for name in RIGHTS if name in subgraph.schema.local_names]
    for element in subgraph.schema.elements() if applied else ():
        for name in applied:
            for directive in element.applied(name):
                if not all(isinstance(item, StringValueNode) for item in _rights(directive.arguments[RIGHTS[name]])):
                    report.error(
                        Code.INVALID_GRAPHQL,
                        f'[{subgraph.name}] {directive} on "{element.coordinate}": scopes and policies are strings.',
                        coordinates=[element.coordinate],
                        places=[directive.place],
                    )


def _rights(value: ValueNode) -> Iterator[ValueNode]:
    return (item for every in items_of(value) for item in items_of(every))


def report_merged(
    message: str, subgraphs: Sequence[Subgraph], report: Report, *, coordinates: Iterable[str] = ()
) -> None:
    """Report what is wrong with the merged schema only: each subgraph is valid by itself."""
    at = list(coordinates)
    report.error(
        Code.INVALID_GRAPHQL,
        f"The subgraphs are valid, but not the schema that they merge to: {message}",
        coordinates=at,
        places=[subgraph.place(coordinate) for coordinate in at for subgraph in subgraphs],
    )


def report_too_long_a_chain(report: Report, *, subgraph: str | None = None) -> None:
    """Report types that refer to one another in longer chains than can be followed; GraphQL itself sets no bound."""
    problem = "Types or defaults refer to one another in a chain too long to follow: break it into shorter ones."
    message = f"[{subgraph}] {problem}" if subgraph is not None else problem
    report.error(Code.INVALID_GRAPHQL, message, subgraphs=[subgraph] if subgraph is not None else [])


def _sentence(message: str) -> str:
    """graphql-core ends some messages with the value that it objects to."""
    return message if message.endswith((".", "?", "!")) else f"{message}."


def _places(locations: Iterable[SourceLocation], *, subgraph: str, source: str) -> list[Place | None]:
    return [Place(subgraph, source, location.line, location.column) for location in locations]
