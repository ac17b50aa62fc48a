"""Differences that only some wordings of an operation meet: the reference answers those wrongly or not at all."""

from __future__ import annotations

import re
from dataclasses import replace

from graphql import DirectiveNode, FieldNode, NameNode, SelectionNode, VariableNode

from router.supergraph.model import Type
from tests.conformance.execution.case import Case
from tests.conformance.execution.differences.difference import Rephrased
from tests.conformance.execution.differences.documents import flattened, reworded, supergraph_of

APART = "apart_"


def _aliases_apart(case: Case) -> tuple[Case, ...]:
    """Aliases that are no field's name."""

    def change(selections: tuple[SelectionNode, ...], _: str) -> tuple[SelectionNode, ...]:
        return tuple(_with_alias_apart(each) if isinstance(each, FieldNode) else each for each in selections)

    return reworded(case, change)


def _with_alias_apart(field: FieldNode) -> FieldNode:
    if field.alias is None or field.alias.value == field.name.value:
        return field
    return replace(field, alias=NameNode(value=f"{APART}{field.alias.value}"))


def _variables_apart(case: Case) -> tuple[Case, ...]:
    """No variable by the name that requests for entities use."""
    operation = re.sub(r"\$representations\b", f"${APART}representations", case.operation)
    variables = {
        f"{APART}{name}" if name == "representations" else name: value for name, value in case.variables.items()
    }
    return () if operation == case.operation else (replace(case, operation=operation, variables=variables),)


def _fragments_flat(case: Case) -> tuple[Case, ...]:
    """No fragment around another one where the outer one holds anyway."""
    return reworded(case, lambda selections, type_: flattened(selections, type_, case))


def _types_of_implementations(case: Case) -> tuple[Case, ...]:
    """`__typename` nowhere among what is asked of one implementation of an interface that some subgraph knows as an object."""
    supergraph = supergraph_of(case)
    unnamed = [type_ for type_ in supergraph.types.values() if type_.interface_object_in]
    implementations = frozenset[str]().union(*(type_.possible for type_ in unnamed))

    def change(selections: tuple[SelectionNode, ...], type_: str) -> tuple[SelectionNode, ...]:
        if type_ not in implementations:
            return selections
        return tuple(each for each in selections if not _is_typename(each)) or (_a_leaf(supergraph.types[type_]),)

    return reworded(case, change)


def _is_typename(selection: SelectionNode) -> bool:
    return isinstance(selection, FieldNode) and selection.name.value == "__typename"


def _a_leaf(type_: Type) -> FieldNode:
    """The type's key, or some other field of it."""
    names = ["id", *type_.fields]
    return FieldNode(name=NameNode(value=next(name for name in names if name in type_.fields)))


def _subgraphs_apart(case: Case) -> tuple[Case, ...]:
    """Subgraphs whose names differ in letters and digits."""
    plain = [_plain(subgraph.name) for subgraph in case.subgraphs]
    alike = {subgraph.name for subgraph in case.subgraphs if plain.count(_plain(subgraph.name)) > 1}
    names = {name: f"{APART}{number}" for number, name in enumerate(sorted(alike))}
    subgraphs = tuple(
        replace(
            subgraph,
            name=names.get(subgraph.name, subgraph.name),
            sdl=re.sub(r'from: "([^"]*)"', lambda found: f'from: "{names.get(found[1], found[1])}"', subgraph.sdl),
        )
        for subgraph in case.subgraphs
    )
    return (replace(case, subgraphs=subgraphs),) if alike else ()


def _plain(name: str) -> str:
    return re.sub(r"\W", "_", name)


def _decided(case: Case) -> tuple[Case, ...]:
    """The operation as its conditions leave it."""

    def change(selections: tuple[SelectionNode, ...], _: str) -> tuple[SelectionNode, ...]:
        kept = [each for each in selections if all(_lets_in(condition, case) for condition in each.directives or ())]
        return tuple(replace(each, directives=()) for each in kept) or (FieldNode(name=NameNode(value="__typename")),)

    return reworded(case, change)


def _lets_in(condition: DirectiveNode, case: Case) -> bool:
    """Whether a @skip or @include keeps what it stands at."""
    (argument,) = condition.arguments or ()
    value = argument.value
    given = case.variables[value.name.value] if isinstance(value, VariableNode) else getattr(value, "value", None)
    return (given is True) == (condition.name.value == "include")


OF_WORDINGS = (
    Rephrased("Variables named representations", _variables_apart),
    Rephrased("Conditions", _decided),  # before the fragments: those with conditions cannot be left out
    Rephrased("Aliases by the names of inputs", _aliases_apart),
    Rephrased("Fragments around fragments", _fragments_flat),
    Rephrased("Type names within implementations", _types_of_implementations),
    Rephrased("Subgraphs of like names", _subgraphs_apart),
)
