"""LIST_SIZE_*: @listSize sizes a list, by integer arguments that exist, with sizes that are not negative."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import IntValueNode, ListValueNode, StringValueNode

from router.composition.codes import Code
from router.composition.model.schema import COMPOSITE_KINDS, Applied, Field
from router.composition.model.subgraph import Subgraph
from router.composition.model.typeref import Named, NonNull, base_name, is_list
from router.composition.report import Report


def check(subgraph: Subgraph, report: Report) -> None:
    """Check every @listSize of a subgraph."""
    for type_ in subgraph.schema.types.values():
        for field in type_.fields.values():
            for directive in field.applied("listSize"):
                for code, problem in _problems(field, directive, subgraph):
                    report.error(
                        code,
                        f'[{subgraph.name}] @listSize on "{field.coordinate}": {problem}.',
                        coordinates=[field.coordinate],
                        places=[directive.place],
                    )


def _problems(field: Field, directive: Applied, subgraph: Subgraph) -> Iterator[tuple[Code, str]]:
    sized_fields = _strings(directive, "sizedFields")
    if not sized_fields and not is_list(field.type):
        yield Code.LIST_SIZE_APPLIED_TO_NON_LIST, f'the field is of type "{field.type}", which is not a list'
    assumed = directive.arguments.get("assumedSize")
    if isinstance(assumed, IntValueNode) and int(assumed.value) < 0:
        yield Code.LIST_SIZE_INVALID_ASSUMED_SIZE, f"the assumed size {assumed.value} is negative"
    for name in _strings(directive, "slicingArguments"):
        yield from _slicing_problems(field, name)
    yield from _sized_field_problems(field, sized_fields, subgraph)


def _slicing_problems(field: Field, name: str) -> Iterator[tuple[Code, str]]:
    argument = field.arguments.get(name)
    if argument is None:
        yield Code.LIST_SIZE_INVALID_SLICING_ARGUMENT, f'the field has no argument "{name}"'
    elif argument.type not in (Named("Int"), NonNull(Named("Int"))):
        yield Code.LIST_SIZE_INVALID_SLICING_ARGUMENT, f'the argument "{name}" is of type "{argument.type}", not Int'


def _sized_field_problems(field: Field, names: list[str], subgraph: Subgraph) -> Iterator[tuple[Code, str]]:
    target = subgraph.type(base_name(field.type))
    if names and (target is None or target.kind not in COMPOSITE_KINDS):
        yield Code.LIST_SIZE_INVALID_SIZED_FIELD, f'type "{field.type}" has no fields to size'
        return
    for name in names:
        sized = target.fields.get(name) if target is not None else None
        if sized is None:
            yield Code.LIST_SIZE_INVALID_SIZED_FIELD, f'type "{field.type}" has no field "{name}"'
        elif not is_list(sized.type):
            yield Code.LIST_SIZE_APPLIED_TO_NON_LIST, f'the sized field "{sized.coordinate}" is not a list'


def _strings(directive: Applied, argument: str) -> list[str]:
    value = directive.arguments.get(argument)
    items = value.values if isinstance(value, ListValueNode) else [value]
    return [item.value for item in items if isinstance(item, StringValueNode)]
