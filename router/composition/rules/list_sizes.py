"""What the rules on @listSize have in common: where it stands, what it names, and how they report."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import ListValueNode, StringValueNode

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.schema import COMPOSITE_KINDS, Applied, Field, Type
from router.composition.model.subgraph import Subgraph
from router.composition.model.typeref import base_name


def list_sizes(subgraph: Subgraph) -> Iterator[tuple[Field, Applied]]:
    """Every @listSize with its field."""
    for type_ in subgraph.schema.types.values():
        for field in type_.fields.values():
            for directive in field.directives:
                if directive.name == "listSize":
                    yield field, directive


def strings(directive: Applied, argument: str) -> list[str]:
    """A list of names; one where a list is expected stands for the list of it."""
    value = directive.arguments.get(argument)
    items = value.values if isinstance(value, ListValueNode) else [value]
    return [item.value for item in items if isinstance(item, StringValueNode)]


def composite_target(field: Field, subgraph: Subgraph) -> Type | None:
    """The type that a field returns, or lists, where that is an object, interface or union."""
    target = subgraph.type(base_name(field.type))
    return target if target is not None and target.kind in COMPOSITE_KINDS else None


def report_list_size(
    code: Code, problem: str, subgraph: Subgraph, report: Report, *, field: Field, directive: Applied
) -> None:
    """Report a problem of a @listSize at the directive."""
    report.error(
        code,
        f'[{subgraph.name}] @listSize on "{field.coordinate}": {problem}.',
        coordinates=[field.coordinate],
        places=[directive.place],
        subgraphs=[subgraph.name],
    )
