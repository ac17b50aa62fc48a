"""The contexts of a subgraph: the types that set them (@context), and the arguments taken from them (@fromContext)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from router.composition.model.fieldset import FieldSetError, parse_field_set
from router.composition.model.schema import Applied, Argument, Field, Schema, Type
from router.composition.model.selected import select
from router.composition.model.uses import implementations

_IGNORED = r"(?:[\n\r\t ,]|#[^\n\r]*(?![^\n\r]))*"
_VALUE = re.compile(rf"{_IGNORED}\${_IGNORED}([A-Za-z_]\w*)(?!\w)(.+)", re.ASCII | re.DOTALL)


@dataclass(frozen=True, slots=True)
class ContextValue:
    """`$context { selection }`: what to take from where; the selection is as written."""

    context: str
    selection: str


@dataclass(frozen=True, slots=True)
class ContextUse:
    """An argument that its subgraph takes from a context.

    type, field  what has the argument; None where it is one of a directive
    value        None where what the directive says names no context, or selects nothing from it
    """

    directive: Applied
    argument: Argument
    type: Type | None
    field: Field | None
    value: ContextValue | None


@dataclass(frozen=True, slots=True)
class Contexts:
    """The types that set each context, by its name, and the uses, in source order."""

    setters: Mapping[str, tuple[Type, ...]]
    uses: tuple[ContextUse, ...]

    def covered(self, schema: Schema) -> Iterator[str]:
        """The coordinates of the fields that the uses read, for interface fields those of the implementations too."""
        for use in self.uses:
            if use.value is None:
                continue
            for setter in self.setters.get(use.value.context, ()):
                yield from _read_fields(schema, setter, use.value.selection)


def find_contexts(schema: Schema) -> Contexts:
    """Read the contexts off a schema; what is wrong with them is for the rules to report."""
    setters: dict[str, dict[str, Type]] = {}
    for type_ in schema.types.values():
        for applied in type_.applied("context"):
            setters.setdefault(applied.string("name") or "", {})[type_.name] = type_
    return Contexts({name: tuple(types.values()) for name, types in setters.items()}, tuple(_uses(schema)))


def read_value(text: str | None) -> ContextValue | None:
    """Read `$context { selection }`; None where there is no context, or nothing behind it."""
    match = _VALUE.fullmatch(text or "")
    return ContextValue(match[1], match[2]) if match is not None else None


def value_of(argument: Argument) -> ContextValue | None:
    """What an argument is taken from; None where clients give it."""
    applied = next((directive for directive in argument.directives if directive.name == "fromContext"), None)
    return read_value(applied.string("field")) if applied is not None else None


def _uses(schema: Schema) -> Iterator[ContextUse]:
    for definition in schema.definitions.values():
        yield from (use for argument in definition.arguments.values() for use in _use(argument, None, None))
    for type_ in schema.types.values():
        for field in type_.fields.values():
            yield from (use for argument in field.arguments.values() for use in _use(argument, type_, field))


def _use(argument: Argument, type_: Type | None, field: Field | None) -> Iterator[ContextUse]:
    for directive in argument.directives:
        if directive.name == "fromContext":
            yield ContextUse(directive, argument, type_, field, read_value(directive.string("field")))


def _read_fields(schema: Schema, setter: Type, selection: str) -> Iterator[str]:
    try:
        selections = parse_field_set(selection)
    except FieldSetError:
        return
    for selected in select(schema, setter.name, selections):
        if selected.field is not None:
            yield selected.field.coordinate
            if schema.types[selected.parent].kind == "INTERFACE":
                yield from implementations(schema, selected.field)
