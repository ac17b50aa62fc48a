"""What clients can ask for: the fields and object types of the API, with what a search for ways to them needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from router.composition.model.schema import ROOT_TYPES, Schema
from router.composition.model.schema import Field as MergedField
from router.supergraph.model import Field, Joined


@dataclass(frozen=True, slots=True)
class ApiField:
    """A field that clients see. `label` is that of its @override; `is_shared` where several subgraphs resolve it."""

    coordinate: str
    name: str
    target: str
    is_leaf: bool
    has_arguments: bool
    label: str | None
    is_shared: bool


@dataclass(frozen=True)
class Api:
    """The merged schema with clients' eyes."""

    schema: Schema
    joined: Joined

    @cached_property
    def roots(self) -> tuple[str, ...]:
        return tuple(name for name in ROOT_TYPES if name in self.schema.types and not self._hides(name))

    @cached_property
    def fields(self) -> dict[str, tuple[ApiField, ...]]:
        """The fields of each object type."""
        return {
            name: tuple(
                self._field(field, self.joined.types[name].fields[field.name])
                for field in type_.fields.values()
                if not field.has("inaccessible")
            )
            for name, type_ in self.schema.types.items()
            if type_.kind == "OBJECT" and not self._hides(name)
        }

    @cached_property
    def shared_abstract(self) -> dict[str, tuple[ApiField, ...]]:
        """The fields of each object type that several subgraphs resolve and that lead to an abstract type."""
        found = {
            name: tuple(field for field in fields if field.is_shared and field.target in self.members)
            for name, fields in self.fields.items()
        }
        return {name: fields for name, fields in found.items() if fields}

    @cached_property
    def members(self) -> dict[str, tuple[str, ...]]:
        """The object types of each interface and union."""
        return {
            name: tuple(member for member in sorted(type_.possible) if not self._hides(member))
            for name, type_ in self.joined.types.items()
            if type_.kind in ("INTERFACE", "UNION") and not type_.inaccessible
        }

    def _hides(self, name: str) -> bool:
        return self.joined.types[name].inaccessible

    def _field(self, merged: MergedField, field: Field) -> ApiField:
        said = field.by_subgraph.values()
        return ApiField(
            coordinate=merged.coordinate,
            name=merged.name,
            target=field.target,
            is_leaf=self.joined.is_leaf(field.target),
            has_arguments=any(not argument.has("inaccessible") for argument in merged.arguments.values()),
            label=next((one.override_label for one in said if one.override_label is not None), None),
            is_shared=sum(not (one.external or one.overridden) for one in said) > 1,
        )
