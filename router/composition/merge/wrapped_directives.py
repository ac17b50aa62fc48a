"""@join__directive: directives that are carried unread, with the graphs that apply them and exactly as those wrote them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphql import (
    EnumValueNode,
    ListValueNode,
    NameNode,
    ObjectFieldNode,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
)

from router.composition.model.merging import Source
from router.composition.model.schema import Applied, Element
from router.composition.model.subgraph import Subgraph
from router.composition.spec import connect
from router.composition.spec.features import WRAPPED_DIRECTIVES

_CARRIED = WRAPPED_DIRECTIVES | connect.DIRECTIVES | {"link"}


def wrap_directives(sources: Sequence[Source[Element]]) -> Iterator[Applied]:
    """One application for each directive and its arguments, by the directive and then in order of first appearance."""
    found: dict[str, dict[str, tuple[list[str], Applied]]] = {}
    for source in sources:
        for applied in source.element.directives:
            if applied.name in _CARRIED and _is_carried(applied):
                same_name = found.setdefault(_name(applied, source.subgraph), {})
                graphs, _ = same_name.setdefault(applied.key, ([], applied))
                graphs.append(source.subgraph.graph)
    for name, applications in found.items():
        for graphs, applied in applications.values():
            yield _wrap(name, graphs, applied)


def _is_carried(applied: Applied) -> bool:
    """Of links, only those to connectors are."""
    return applied.name != "link" or (applied.string("url") or "").startswith(f"{connect.CONNECT}/")


def _name(applied: Applied, subgraph: Subgraph) -> str:
    """Federation's own directives by a name that is the same for all; others come with the link that explains theirs."""
    if applied.name in WRAPPED_DIRECTIVES:
        return f"federation__{applied.name}"
    return subgraph.names[applied.name]


def _wrap(name: str, graphs: Sequence[str], applied: Applied) -> Applied:
    arguments: dict[str, ValueNode] = {
        "graphs": ListValueNode(values=tuple(EnumValueNode(value=graph) for graph in graphs)),
        "name": StringValueNode(value=name),
        "args": ObjectValueNode(
            fields=tuple(
                ObjectFieldNode(name=NameNode(value=argument), value=value)
                for argument, value in applied.arguments.items()
            )
        ),
    }
    return Applied("join__directive", arguments)
