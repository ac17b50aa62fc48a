"""Whether a value written in a field set fits the type of the argument that it is for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graphql import (
    BooleanValueNode,
    EnumValueNode,
    FloatValueNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
    VariableNode,
)

from router.composition.model.schema import Schema, Type, print_value
from router.composition.model.typeref import ListOf, NonNull, TypeRef

_INT_LIMIT = 2**31
_BUILT_IN: Mapping[str, tuple[type[ValueNode], ...]] = {
    "Int": (IntValueNode,),
    "Float": (IntValueNode, FloatValueNode),
    "String": (StringValueNode,),
    "Boolean": (BooleanValueNode,),
    "ID": (StringValueNode, IntValueNode),
}


def misfit(schema: Schema, type_: TypeRef, value: ValueNode) -> str | None:
    """Why the value is none of the type; None where it fits. Custom scalars take every value, nothing takes a variable."""
    if isinstance(value, VariableNode):
        return f'the variable "${value.name.value}" cannot be used here'
    if isinstance(type_, NonNull):
        return f'null is no "{type_}"' if isinstance(value, NullValueNode) else misfit(schema, type_.of, value)
    if isinstance(value, NullValueNode):
        return None
    if isinstance(type_, ListOf):
        items = value.values if isinstance(value, ListValueNode) else (value,)
        return _first(misfit(schema, type_.of, item) for item in items)
    return _named_misfit(schema, type_.name, value)


def _named_misfit(schema: Schema, name: str, value: ValueNode) -> str | None:
    declared = schema.types.get(name)
    if name in _BUILT_IN:
        fits = isinstance(value, _BUILT_IN[name]) and not _overflows(name, value)
    elif declared is not None and declared.kind == "ENUM":
        # A quoted value is what Apollo's composition lets pass.
        fits = isinstance(value, EnumValueNode | StringValueNode) and value.value in declared.values
    elif declared is not None and declared.kind == "INPUT_OBJECT" and isinstance(value, ObjectValueNode):
        return _object_misfit(schema, declared, value)
    else:
        fits = declared is None or declared.kind == "SCALAR"
    return None if fits else f'{print_value(value)} is no "{name}"'


def _overflows(name: str, value: ValueNode) -> bool:
    return name == "Int" and isinstance(value, IntValueNode) and not -_INT_LIMIT <= int(value.value) < _INT_LIMIT


def _object_misfit(schema: Schema, declared: Type, value: ObjectValueNode) -> str | None:
    given = {entry.name.value: entry.value for entry in value.fields}
    unknown = [f'"{declared.name}" has no field "{name}"' for name in given if name not in declared.fields]
    missing = [
        f'the field "{field.coordinate}" is required'
        for field in declared.fields.values()
        if field.required and field.name not in given
    ]
    inner = (
        misfit(schema, declared.fields[name].type, node) for name, node in given.items() if name in declared.fields
    )
    return _first([*unknown, *missing, *inner])


def _first(problems: Iterable[str | None]) -> str | None:
    return next((problem for problem in problems if problem is not None), None)
