"""Whether a schema is plainly valid GraphQL, told in one pass over it.

Building and validating a schema with graphql-core costs more than the rest of composition. So it is only done where this pass
has a doubt, however small: then the library decides, and words what is wrong. The pass must never miss what the library would
report. Source: the type validation rules of the GraphQL specification, section 3.
"""

from __future__ import annotations

from collections.abc import Mapping

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
)

from router.composition.model.schema import BUILT_IN_SCALARS, Argument, DirectiveDefinition, Field, Schema, Type
from router.composition.model.typeref import ListOf, NonNull, TypeRef, base_name, is_subtype

_INPUT = frozenset({"SCALAR", "ENUM", "INPUT_OBJECT"})
_OUTPUT = frozenset({"SCALAR", "ENUM", "OBJECT", "INTERFACE", "UNION"})
_NO_ENUM_VALUES = frozenset({"true", "false", "null"})
_INT_LIMIT = 2**31
_LITERALS: Mapping[str, tuple[type[ValueNode], ...]] = {
    "Float": (IntValueNode, FloatValueNode),
    "String": (StringValueNode,),
    "Boolean": (BooleanValueNode,),
    "ID": (StringValueNode, IntValueNode),
}


class Soundness:
    """The pass over one schema.

    `others` are leaf types that the schema has besides its own: the values of an enum, None for a scalar.
    """

    def __init__(self, schema: Schema, others: Mapping[str, frozenset[str] | None] | None = None) -> None:
        self.schema = schema
        self.others = others or {}
        self.kinds = dict.fromkeys(BUILT_IN_SCALARS, "SCALAR") | {n: t.kind for n, t in schema.types.items()}

    def is_plain(self) -> bool:
        """False wherever there might be anything to object to."""
        return (
            all(self.type(type_) for type_ in self.schema.types.values())
            and all(self.definition(definition) for definition in self.schema.definitions.values())
            and not self.may_nest_forever()
        )

    def type(self, type_: Type) -> bool:
        if type_.name.startswith("__"):
            return False
        match type_.kind:
            case "OBJECT" | "INTERFACE":
                return self.composite(type_)
            case "UNION":
                return bool(type_.members) and all(self.kinds.get(member) == "OBJECT" for member in type_.members)
            case "ENUM":
                return bool(type_.values) and all(
                    not name.startswith("__") and name not in _NO_ENUM_VALUES for name in type_.values
                )
            case "INPUT_OBJECT":
                return self.input_object(type_)
        return True

    # ── output ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def composite(self, type_: Type) -> bool:
        if not type_.fields and not _is_bare_root(type_):
            return False
        return all(self.field(field) for field in type_.fields.values()) and all(
            self.implements(type_, interface) for interface in type_.interfaces
        )

    def field(self, field: Field) -> bool:
        if field.name.startswith("__") or self.kinds.get(base_name(field.type)) not in _OUTPUT:
            return False
        return all(self.argument(argument) for argument in field.arguments.values())

    def implements(self, type_: Type, name: str) -> bool:
        interface = self.schema.types.get(name)
        if interface is None or interface.kind != "INTERFACE" or name == type_.name:
            return False
        return set(interface.interfaces) <= set(type_.interfaces) and all(
            self.fulfils(type_.fields.get(field.name), field) for field in interface.fields.values()
        )

    def fulfils(self, own: Field | None, demanded: Field) -> bool:
        if own is None or not is_subtype(own.type, demanded.type, is_member=self.schema.is_member):
            return False
        same = all(
            (given := own.arguments.get(name)) is not None and given.type == argument.type
            for name, argument in demanded.arguments.items()
        )
        return same and not any(
            argument.required and name not in demanded.arguments for name, argument in own.arguments.items()
        )

    # ── input ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def argument(self, argument: Argument | Field) -> bool:
        if argument.name.startswith("__") or self.kinds.get(base_name(argument.type)) not in _INPUT:
            return False
        if argument.required and argument.has("deprecated"):
            return False
        return argument.default is None or self.fits(argument.default, argument.type)

    def definition(self, definition: DirectiveDefinition) -> bool:
        return not definition.name.startswith("__") and all(
            self.argument(argument) for argument in definition.arguments.values()
        )

    def input_object(self, type_: Type) -> bool:
        if not type_.fields or not all(self.argument(field) for field in type_.fields.values()):
            return False
        if type_.has("oneOf"):
            return all(self.choice(field) for field in type_.fields.values())
        # A default that is an object may apply other defaults, and those this one again.
        return not any(_has_object(field.default) for field in type_.fields.values())

    def choice(self, field: Field) -> bool:
        nullable = not isinstance(field.type, NonNull) and field.default is None
        return nullable and self.kinds[base_name(field.type)] != "INPUT_OBJECT"

    def fits(self, value: ValueNode, type_: TypeRef) -> bool:
        """Whether a literal is a value of a type."""
        if isinstance(type_, NonNull):
            return not isinstance(value, NullValueNode) and self.fits(value, type_.of)
        if isinstance(value, NullValueNode):
            return True
        if isinstance(type_, ListOf):
            items = value.values if isinstance(value, ListValueNode) else (value,)
            return all(self.fits(item, type_.of) for item in items)
        return self.fits_named(value, type_.name)

    def fits_named(self, value: ValueNode, name: str) -> bool:
        if name == "Int":
            return isinstance(value, IntValueNode) and -_INT_LIMIT <= int(value.value) < _INT_LIMIT
        if name in _LITERALS:
            return isinstance(value, _LITERALS[name])
        type_ = self.schema.types.get(name)
        if type_ is None:
            return self.fits_other(value, name)
        if type_.kind == "ENUM":
            return isinstance(value, EnumValueNode) and value.value in type_.values
        if type_.kind == "INPUT_OBJECT":
            return isinstance(value, ObjectValueNode) and self.fits_object(value, type_)
        return type_.kind == "SCALAR"

    def fits_other(self, value: ValueNode, name: str) -> bool:
        if name not in self.others:
            return False
        values = self.others[name]
        return values is None or (isinstance(value, EnumValueNode) and value.value in values)

    def fits_object(self, value: ObjectValueNode, type_: Type) -> bool:
        given = {entry.name.value: entry.value for entry in value.fields}
        if type_.has("oneOf") or len(given) < len(value.fields) or not given.keys() <= type_.fields.keys():
            return False
        return all(
            self.fits(given[name], field.type) if name in given else not field.required
            for name, field in type_.fields.items()
        )

    def may_nest_forever(self) -> bool:
        """Whether some input object demands itself, at whatever depth."""
        demands = {
            type_.name: {
                base_name(field.type)
                for field in type_.fields.values()
                if isinstance(field.type, NonNull) and not isinstance(field.type.of, ListOf)
            }
            for type_ in self.schema.types.values()
            if type_.kind == "INPUT_OBJECT"
        }
        while finite := [name for name, needed in demands.items() if not needed & demands.keys()]:
            for name in finite:
                del demands[name]
        return bool(demands)


def _is_bare_root(type_: Type) -> bool:
    """The query root that federation gives to a subgraph without queries is of our making, and has no place."""
    return type_.name == "Query" and type_.place is None


def _has_object(value: ValueNode | None) -> bool:
    if isinstance(value, ListValueNode):
        return any(map(_has_object, value.values))
    return isinstance(value, ObjectValueNode)
