"""Writes fetches: each request becomes an operation text with the variables it uses, and its place in the plan."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from graphql import VariableDefinitionNode, print_ast, strip_ignored_characters

from router.operation.model import Operation
from router.plan import Anchor, ContextRead, Entities, Fetch, Representation, RepresentationField
from router.plan.nodes import OperationKind
from router.planner.requests import Request, waits_of
from router.planner.selected import Selected
from router.planner.sites import Group, Input


def written(requests: Sequence[Request], operation: Operation) -> tuple[Fetch, ...]:
    """The requests as fetches, numbered from 0."""
    writer = _Writer(operation)
    return tuple(
        writer.fetch(number, request, after)
        for number, (request, after) in enumerate(zip(requests, waits_of(requests), strict=True))
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    operation: Operation

    def fetch(self, number: int, request: Request, after: tuple[int, ...]) -> Fetch:
        first = request.first
        asked = self._asked(request) if first.is_entity else ()
        read = {name: above.type for group in request.groups for name, above in group.contexts.items()}
        used = {name for same in request.asked for name in same[0].selected.variables()}
        variables = tuple(sorted(used - read.keys()))
        name = _name(self.operation.name, first.graph, number)
        declared = [f"${entities.variable}:[_Any!]!" for entities in asked]
        declared += [f"${name}:{type_}" for name, type_ in read.items()]
        declared += _declared(variables, self.operation.variables)
        kind = self._kind(first)
        return Fetch(
            id=number,
            subgraph=first.graph,
            kind=kind,
            operation=_head(kind, name, declared) + _body(request, asked),
            operation_name=name,
            variables=variables,
            path=() if first.is_entity else first.site.path,
            entities=asked,
            after=after,
        )

    def _kind(self, group: Group) -> OperationKind:
        return self.operation.kind if not group.is_entity and group.site.path == () else "query"

    def _asked(self, request: Request) -> tuple[Entities, ...]:
        alone = len(request.asked) == 1
        return tuple(
            Entities(_anchors(same), key="_entities" if alone else f"_e{index}", variable=variable)
            for index, (same, variable) in enumerate(zip(request.asked, self._free_names(), strict=False))
        )

    def _free_names(self) -> Iterator[str]:
        """Names for the variables of representations, none of which the client uses."""
        taken = {definition.variable.name.value for definition in self.operation.variables}
        names = ("representations" if number == 0 else f"representations_{number}" for number in count())
        return (name for name in names if name not in taken)


def _anchors(groups: Iterable[Group]) -> tuple[Anchor, ...]:
    """Where the objects stand: groups that ask for objects of other types at one path stand at one anchor."""
    anchors: list[Anchor] = []
    for found in map(_anchor, groups):
        index = next((index for index, known in enumerate(anchors) if _may_join(known, found)), None)
        if index is None:
            anchors.append(found)
        else:
            known = anchors[index]
            anchors[index] = replace(known, representations=known.representations + found.representations)
    return tuple(anchors)


def _may_join(one: Anchor, other: Anchor) -> bool:
    types = {representation.on for representation in one.representations}
    return (
        one.path == other.path
        and one.contexts == other.contexts
        and not any(representation.on in types for representation in other.representations)
    )


def _anchor(group: Group) -> Anchor:
    representations = (
        Representation(type_, group.typenames[type_], _fields(inputs.values()))
        for type_, inputs in group.inputs.items()
    )
    contexts = (
        ContextRead(
            variable, len(above.site.path), tuple(sorted(above.keys.items())), nullable=not above.type.endswith("!")
        )
        for variable, above in group.contexts.items()
    )
    return Anchor(group.path, tuple(representations), tuple(contexts))


# ── text ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _body(request: Request, asked: Sequence[Entities]) -> str:
    if not asked:
        return request.first.selected.text()
    fields = (
        f"{'' if entities.key == '_entities' else entities.key + ':'}"
        f"_entities(representations:${entities.variable}){_entity_text(same[0].selected)}"
        for entities, same in zip(asked, request.asked, strict=True)
    )
    return "{" + " ".join(fields) + "}"


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
