"""Writes fetches: each group becomes an operation text with the variables it uses, and its place in the plan."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from graphql import VariableDefinitionNode, print_ast, strip_ignored_characters

from router.operation.model import Operation
from router.plan import Anchor, Entities, Fetch, Representation, RepresentationField
from router.plan.nodes import OperationKind
from router.planner.selected import Selected
from router.planner.sites import Group, Input


def written(groups: Sequence[Group], operation: Operation) -> tuple[Fetch, ...]:
    """The groups as fetches, earliest first, numbered from 0."""
    ordered = sorted(groups, key=lambda group: (group.stage, group.number))
    ids = {group.number: index for index, group in enumerate(ordered)}
    return tuple(_fetch(group, ids, operation) for group in ordered)


def _fetch(group: Group, ids: dict[int, int], operation: Operation) -> Fetch:
    number = ids[group.number]
    kind = _kind(group, operation)
    variables = tuple(sorted(set(group.selected.variables())))
    variable = _representations_name(operation)
    name = _name(operation.name, group.graph, number)
    declared = _declared(variables, operation.variables)
    if group.is_entity:
        declared = [f"${variable}:[_Any!]!", *declared]
        body = f"{{_entities(representations:${variable}){_entity_text(group.selected)}}}"
    else:
        body = group.selected.text()
    return Fetch(
        id=number,
        subgraph=group.graph,
        kind=kind,
        operation=_head(kind, name, declared) + body,
        operation_name=name,
        variables=variables,
        path=() if group.is_entity else group.site.path,
        entities=(Entities((_anchor(group),), variable=variable),) if group.is_entity else (),
        after=tuple(sorted(ids[number] for number in direct_dependencies(group))),
    )


def _anchor(group: Group) -> Anchor:
    representations = (
        Representation(type_, group.typenames[type_], _fields(inputs.values()))
        for type_, inputs in group.inputs.items()
    )
    return Anchor(group.site.path, tuple(representations))


def _kind(group: Group, operation: Operation) -> OperationKind:
    return operation.kind if not group.is_entity and group.site.path == () else "query"


def direct_dependencies(group: Group) -> set[int]:
    """What a group waits for, less what it would wait for anyway because something else does."""
    implied: set[int] = set()
    for group_before in group.after.values():
        implied |= _all_before(group_before)
    return group.after.keys() - implied


def _all_before(group: Group) -> set[int]:
    before: set[int] = set()
    pending = list(group.after.values())
    while pending:
        earlier = pending.pop()
        if earlier.number not in before:
            before.add(earlier.number)
            pending.extend(earlier.after.values())
    return before


# ── text ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _entity_text(selected: Selected) -> str:
    # An entity whose fields are all someone else's still has to be asked something.
    for inner in selected.on.values():
        inner.typename = inner.typename or inner.is_empty()
    return selected.text()


def _head(kind: OperationKind, name: str | None, declared: list[str]) -> str:
    variables = f"({','.join(declared)})" if declared else ""
    if kind == "query" and name is None and not variables:
        return ""
    return f"{kind} {name}{variables}" if name else f"{kind}{variables}"


def _declared(variables: Iterable[str], definitions: Iterable[VariableDefinitionNode]) -> list[str]:
    by_name = {definition.variable.name.value: definition for definition in definitions}
    return [strip_ignored_characters(print_ast(by_name[name])) for name in variables]


def _name(operation: str | None, subgraph: str, number: int) -> str | None:
    """What the request is called in a subgraph's logs: the client's operation, the subgraph, the fetch."""
    if operation is None:
        return None
    return f"{operation}__{re.sub(r'[^_0-9A-Za-z]', '_', subgraph)}__{number}"


def _representations_name(operation: Operation) -> str:
    taken = {definition.variable.name.value for definition in operation.variables}
    name = "representations"
    while name in taken:
        name += "_"
    return name


# ── representations ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _fields(inputs: Iterable[Input]) -> tuple[RepresentationField, ...]:
    """Inputs as representation fields; equal ones of several types become one with a wider guard."""
    fields: dict[RepresentationField, tuple[str, ...]] = {}
    for given in inputs:
        plain = RepresentationField(
            given.name, given.key, _fields(given.below), nullable=given.nullable, is_key=given.is_key
        )
        fields[plain] = (*fields.get(plain, ()), *given.on)
    return tuple(
        RepresentationField(
            plain.name, plain.key, plain.fields, tuple(sorted(on)), nullable=plain.nullable, is_key=plain.is_key
        )
        for plain, on in fields.items()
    )
