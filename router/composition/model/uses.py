"""Every @key, @requires and @provides of a schema, its set of fields parsed once, for all rules to look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import BooleanValueNode, SelectionSetNode

from router.composition.model.fieldset import FieldSetError, parse_field_set
from router.composition.model.schema import ABSTRACT_KINDS, COMPOSITE_KINDS, Applied, Field, Schema, Type
from router.composition.model.selected import Selected, problems, select
from router.composition.model.typeref import base_name


@dataclass(frozen=True, slots=True)
class FieldSetUse:
    """A directive with a field set, and what the set comes to.

    type        the type that the directive stands on or in
    field       the field that it stands on; None for a @key
    target      the type that the set selects from; None where a @provides stands on a field without fields below it
    selections  the parsed set; None where there is no string that parses
    selected    the fields that it names
    problems    what makes the set unfit, in words
    """

    directive: Applied
    type: Type
    field: Field | None
    target: Type | None
    selections: SelectionSetNode | None
    selected: tuple[Selected, ...]
    problems: tuple[str, ...]

    @property
    def coordinate(self) -> str:
        return self.type.coordinate if self.field is None else self.field.coordinate

    @property
    def fit(self) -> bool:
        """Whether the set parses and fits its type; only then is there more to say of it."""
        return self.selections is not None and not self.problems

    @property
    def fields(self) -> str | None:
        """The set as written; None where the argument is no string."""
        return self.directive.string("fields")

    def covered(self, schema: Schema) -> Iterator[str]:
        """The coordinates of the fields that the set names, for interface fields those of the implementations too."""
        for selected in self.selected:
            if selected.field is None:
                continue
            yield selected.field.coordinate
            if schema.types[selected.parent].kind == "INTERFACE":
                yield from implementations(schema, selected.field)


@dataclass(frozen=True, slots=True)
class FieldSetUses:
    """The uses in source order."""

    keys: tuple[FieldSetUse, ...]
    requires: tuple[FieldSetUse, ...]
    provides: tuple[FieldSetUse, ...]


def find_uses(schema: Schema) -> FieldSetUses:
    """Read the field sets of a schema; what is wrong with them is noted, and for the rules to report."""
    keys: list[FieldSetUse] = []
    requires: list[FieldSetUse] = []
    provides: list[FieldSetUse] = []
    for type_ in schema.types.values():
        if type_.kind not in COMPOSITE_KINDS:
            continue
        keys += (_use(schema, applied, type_, None, type_) for applied in type_.applied("key"))
        for field in type_.fields.values():
            for applied in field.directives:
                if applied.name == "requires":
                    requires.append(_use(schema, applied, type_, field, type_))
                elif applied.name == "provides":
                    provides.append(_use(schema, applied, type_, field, _provider(schema, field)))
    return FieldSetUses(tuple(keys), tuple(requires), tuple(provides))


def _provider(schema: Schema, field: Field) -> Type | None:
    target = schema.types.get(base_name(field.type))
    return target if target is not None and target.kind in COMPOSITE_KINDS else None


def _use(schema: Schema, directive: Applied, type_: Type, field: Field | None, target: Type | None) -> FieldSetUse:
    text = directive.string("fields")
    if text is None or target is None:
        return FieldSetUse(directive, type_, field, target, None, (), ())
    try:
        selections = parse_field_set(text)
    except FieldSetError as error:
        return FieldSetUse(directive, type_, field, target, None, (), (f"the fields do not parse: {error}",))
    return FieldSetUse(
        directive,
        type_,
        field,
        target,
        selections,
        tuple(select(schema, target.name, selections)),
        tuple(problems(schema, target.name, selections, abstract_ends=field is None)),
    )


def is_resolvable(key: Applied) -> bool:
    """Whether the subgraph resolves entities by the key."""
    value = key.arguments.get("resolvable")
    return not (isinstance(value, BooleanValueNode) and not value.value)


def abstract_fields(use: FieldSetUse, schema: Schema) -> list[Field]:
    """The fields of interface or union type that the set names."""
    return [
        selected.field
        for selected in use.selected
        if selected.field is not None
        and (target := schema.types.get(base_name(selected.field.type))) is not None
        and target.kind in ABSTRACT_KINDS
    ]


def implementations(schema: Schema, field: Field) -> Iterator[str]:
    """The coordinates that a field of an interface has on the implementations."""
    for concrete in schema.possible(field.parent):
        implementation = schema.find_field(concrete, field.name)
        if implementation is not None:
            yield implementation.coordinate
