"""What generated code calls: everything that needs no code of its own for each plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from msgspec import UNSET, Struct

from router.executor.execution import Deopt

INCOMPLETE: Final = object()
"""Stands for a value that keeps its object out of a fetch."""


class Nested(NamedTuple):
    """An input within a composite input; see RepresentationField. `attribute` is what classes call its key."""

    name: str
    attribute: str
    fields: tuple[Nested, ...]
    on: tuple[str, ...]
    nullable: bool
    is_key: bool


def nested(value: Any, fields: tuple[Nested, ...], typename: str) -> Any:
    """The listed fields of an object; lists keep their shape and their nulls. `typename` is the attribute that tells its type."""
    if isinstance(value, list):
        elements = [nested(element, fields, typename) for element in value]
        return INCOMPLETE if any(element is INCOMPLETE for element in elements) else elements
    if value is None:
        return None
    if not isinstance(value, Struct):
        return INCOMPLETE
    known = getattr(value, typename, UNSET)
    found = {w.name: _read(value, w, typename) for w in fields if not w.on or known in w.on}
    return INCOMPLETE if any(part is INCOMPLETE for part in found.values()) else found


def _read(node: Struct, wanted: Nested, typename: str) -> Any:
    value = getattr(node, wanted.attribute, UNSET)
    if value is UNSET and wanted.is_key:
        return INCOMPLETE
    if value is None or value is UNSET:
        return None if wanted.nullable else INCOMPLETE
    return nested(value, wanted.fields, typename) if wanted.fields else value


def own(value: Any) -> Any:
    """A copy of decoded objects that shares none with `value`."""
    if isinstance(value, list):
        return [own(element) for element in value]
    if isinstance(value, Struct):
        return type(value)(**{name: own(getattr(value, name)) for name in value.__struct_fields__})
    return value


def merged(present: Any, value: Any, typename: str, interfaces: frozenset[str]) -> Any:
    """Two answers to one key, as the generic engine merges them; `typename` is the attribute that tells a type.

    Lists that disagree in length, and values whose meaning only their scalar knows, are left to that engine.
    """
    if value is UNSET or value is None:
        return present if present is not UNSET else value
    if present is UNSET or present is None:
        return value
    if isinstance(present, Struct) and isinstance(value, Struct):
        _merge(present, value, typename, interfaces)
        return present
    if isinstance(present, list) and isinstance(value, list):
        if len(present) != len(value):
            raise Deopt("shape")
        return [merged(one, other, typename, interfaces) for one, other in zip(present, value, strict=True)]
    if isinstance(present, list | dict | Struct) or isinstance(value, list | dict | Struct):
        raise Deopt("shape")
    return value


def _merge(target: Struct, source: Struct, typename: str, interfaces: frozenset[str]) -> None:
    for name in source.__struct_fields__:
        present, value = getattr(target, name), getattr(source, name)
        if name == typename:
            setattr(target, name, merged_name(present, value, interfaces))
        else:
            setattr(target, name, merged(present, value, typename, interfaces))


def merged_name(present: Any, value: Any, interfaces: frozenset[str]) -> Any:
    """A concrete type replaces the interface's name that an @interfaceObject answers; the first concrete one stays."""
    if value is UNSET or value is None:
        return present
    return value if present is UNSET or present is None or present in interfaces else present


def replaced(present: Any, value: Any) -> Any:
    """Two answers to a custom scalar: the later one, unless it is null."""
    return present if value is None or value is UNSET else value


def needed(value: Any) -> Any:
    """A value where the client was promised one."""
    if value is None or value is UNSET:
        raise Deopt("null")
    return value


def fits(value: Any, levels: Sequence[bool]) -> Any:
    """A list that decoding was lenient with; for each level of lists, `levels` says whether elements may be null."""
    if value is None or value is UNSET or not levels:
        return value
    for element in value:
        if not levels[0] and element is None:
            raise Deopt("null")
        fits(element, levels[1:])
    return value
