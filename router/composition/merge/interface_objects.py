"""Fields that an interface object gives to an interface belong to every implementation: here they are added to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from router.composition.merge.directives import merge_inherited_auth
from router.composition.merge.joins import join_field
from router.composition.merge.override import Overrides
from router.composition.merge.sharing import check_sharing
from router.composition.model.merging import Merging
from router.composition.model.schema import Applied, Field, Type
from router.composition.spec.features import AUTH_DIRECTIVES


def add_interface_object_fields(types: Mapping[str, Type], merging: Merging) -> dict[str, Type]:
    """The types, where each implementation also has the fields that interface objects add to its interfaces."""
    if not merging.interface_objects:
        return dict(types)
    return {
        name: _complete(type_, types, merging) if type_.kind == "OBJECT" else type_ for name, type_ in types.items()
    }


def _complete(type_: Type, types: Mapping[str, Type], merging: Merging) -> Type:
    fields = dict(type_.fields)
    for interface in type_.interfaces:
        for field in types[interface].fields.values() if interface in types else ():
            if not _is_provided(interface, field.name, merging):
                continue
            existing = fields.get(field.name)
            if existing is None:
                fields[field.name] = _inherited(type_.name, field, merging)
                check_sharing(type_.name, field.name, (), Overrides(), merging)
            elif _is_all_external(existing):
                directives = (*existing.directives, *_said_of(field, existing.coordinate, merging))
                fields[field.name] = replace(existing, directives=directives)
    return replace(type_, fields=fields) if fields != type_.fields else type_


def _is_provided(interface: str, name: str, merging: Merging) -> bool:
    sources = merging.interface_objects.get(interface, ())
    fields = ((source, source.element.fields.get(name)) for source in sources)
    return any(field is not None and field.coordinate not in source.subgraph.facts.external for source, field in fields)


def _inherited(parent: str, field: Field, merging: Merging) -> Field:
    coordinate = f"{parent}.{field.name}"
    arguments = {
        argument.name: replace(argument, coordinate=f"{coordinate}({argument.name}:)")
        for argument in field.arguments.values()
    }
    directives = (*_said_of(field, coordinate, merging), join_field(None))
    return replace(field, parent=parent, coordinate=coordinate, arguments=arguments, directives=directives)


def _said_of(field: Field, coordinate: str, merging: Merging) -> tuple[Applied, ...]:
    """What the subgraphs say of the interface's field; authorization is taken from those who guard this very field."""
    own = (
        applied
        for applied in field.directives
        if not applied.name.startswith("join__") and applied.name not in AUTH_DIRECTIVES
    )
    return (*merge_inherited_auth(merging, coordinate=coordinate), *own)


def _is_all_external(field: Field) -> bool:
    joins = field.applied("join__field")
    return bool(joins) and all("external" in join.arguments for join in joins)
