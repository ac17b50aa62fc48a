"""What a schema's own definition of arguments and input fields may say other than the specification: stricter, nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphql import ConstValueNode, InputValueDefinitionNode, print_ast

from router.composition.model.schema import BUILT_IN_SCALARS, value_key
from router.composition.model.typeref import ListOf, Named, NonNull, TypeRef, from_node


def input_problems(
    own: Sequence[InputValueDefinitionNode],
    expected: Sequence[InputValueDefinitionNode],
    *,
    what: str,
    built_in_for_scalar: bool,
) -> Iterator[str]:
    """What is wrong with inputs of the kind `what`, as the end of a sentence about their owner.

    With `built_in_for_scalar` a built-in scalar may stand for one of the specification's own, as old libraries write it.
    """
    own_by_name = {value.name.value: value for value in own}
    for value in expected:
        found = own_by_name.pop(value.name.value, None)
        yield from _problems(found, value, what=what, built_in_for_scalar=built_in_for_scalar)
    for name in own_by_name:
        yield f'it has an unknown {what} "{name}"'


def _problems(
    own: InputValueDefinitionNode | None, expected: InputValueDefinitionNode, *, what: str, built_in_for_scalar: bool
) -> Iterator[str]:
    name, type_ = expected.name.value, from_node(expected.type)
    if own is None:
        if isinstance(type_, NonNull) and expected.default_value is None:
            yield f'it lacks the {what} "{name}"'
        return
    own_type = from_node(own.type)
    stricter = own_type.of if isinstance(own_type, NonNull) and not isinstance(type_, NonNull) else own_type
    if stricter != type_ and not (built_in_for_scalar and _stands_for(stricter, type_)):
        yield f'its {what} "{name}" must be of type "{type_}", not "{own_type}"'
    elif not isinstance(own_type, NonNull) and _key(own.default_value) != _key(expected.default_value):
        default = "no default" if expected.default_value is None else f"the default {print_ast(expected.default_value)}"
        yield f'its {what} "{name}" must have {default}'


def _stands_for(own: TypeRef, expected: TypeRef) -> bool:
    if isinstance(expected, NonNull):
        return isinstance(own, NonNull) and _stands_for(own.of, expected.of)
    if isinstance(expected, ListOf):
        return isinstance(own, ListOf) and _stands_for(own.of, expected.of)
    is_scalar_of_its_own = isinstance(own, Named) and own.name not in BUILT_IN_SCALARS
    return expected.name not in BUILT_IN_SCALARS and not is_scalar_of_its_own


def _key(value: ConstValueNode | None) -> str | None:
    return None if value is None else value_key(value)
