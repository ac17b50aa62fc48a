"""What a supergraph says, as tables for people: its subgraphs, its types, and all that is known of one type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from router.graph.graph import Graph
from router.graph.model import Entry
from router.graph.tables import table
from router.supergraph.model import Field, Joined, SubgraphField, Type


def show_subgraphs(supergraph: Joined) -> str:
    """The subgraphs with their addresses, the types they know, and the entities among those that they can be asked for."""
    rows = [("subgraph", "types", "entities", "address")]
    for name, subgraph in sorted(supergraph.subgraphs.items()):
        known = [type_ for type_ in supergraph.types.values() if name in type_.subgraphs]
        entities = [type_ for type_ in known if any(key.resolvable for key in type_.keys.get(name, ()))]
        rows.append((name, str(len(known)), str(len(entities)), subgraph.url))
    return "\n".join(table(rows))


def show_types(supergraph: Joined) -> str:
    """Every type with the subgraphs that know it and the keys it has there."""
    rows = [("type", "kind", "subgraphs")]
    rows += [(name, _kind(type_), _places(type_)) for name, type_ in sorted(supergraph.types.items())]
    return "\n".join(table(rows))


def show_type(graph: Graph, name: str) -> str:
    """One type: who knows it, who resolves its fields on which conditions, and by which ways its objects can be entered."""
    type_ = graph.type(name)
    parts = [
        [f"{name}: {_kind(type_)}{', inaccessible' if type_.inaccessible else ''}"],
        _section("subgraphs", _subgraph_rows(type_)),
        _section("fields", [_field_row(field) for field in type_.fields.values()]),
        _section("ways in", [_entry_row(entry) for entry in _entries(graph, type_)]),
        _section("sets contexts", [(context,) for context in sorted(graph.contexts(name))]),
    ]
    return "\n".join(line for part in parts for line in part)


def _kind(type_: Type) -> str:
    return type_.kind.lower().replace("_", " ")


def _places(type_: Type) -> str:
    return ", ".join(f"{name}{''.join(f' ({key})' for key in _keys(type_, name))}" for name in sorted(type_.subgraphs))


def _keys(type_: Type, subgraph: str) -> list[str]:
    return [f"{key.fields.text}{'' if key.resolvable else ', not resolvable'}" for key in type_.keys.get(subgraph, ())]


def _subgraph_rows(type_: Type) -> Iterator[Sequence[str]]:
    for name in sorted(type_.subgraphs):
        notes = [f"key ({key})" for key in _keys(type_, name)]
        if name in type_.interface_object_in:
            notes.append("knows it as an object")
        if type_.kind in ("INTERFACE", "UNION") and name not in type_.interface_object_in:
            notes.append(f"returns {', '.join(sorted(type_.members.get(name, ()))) or 'nothing'}")
        yield (name, "; ".join(notes))


def _field_row(field: Field) -> Sequence[str]:
    said = (_said(resolved, field) for _, resolved in sorted(field.by_subgraph.items()))
    return (f"{field.name}: {field.type}", "; ".join(said) or "no subgraph: by its interface alone")


def _said(resolved: SubgraphField, field: Field) -> str:
    notes = [
        f"as {resolved.type}" if resolved.type != field.type else "",
        "external" if resolved.external else "",
        f"requires ({resolved.requires.text})" if resolved.requires else "",
        f"provides ({resolved.provides.text})" if resolved.provides else "",
        f"overrides {resolved.override}" if resolved.override else "",
        f"by label {resolved.override_label}" if resolved.override_label else "",
        "overridden" if resolved.overridden else "",
        *(f"{taken.name} from ${taken.context}" for taken in resolved.context_arguments),
    ]
    return " ".join((resolved.subgraph, *filter(None, notes)))


def _entries(graph: Graph, type_: Type) -> Iterable[Entry]:
    if type_.kind == "OBJECT":
        return graph.entries(type_.name)
    return graph.interface_entries(type_.name) if type_.kind == "INTERFACE" else ()


def _entry_row(entry: Entry) -> Sequence[str]:
    known_as = "" if entry.typename == entry.type else f"as {entry.typename} "
    return (entry.graph, f"{known_as}with ({entry.key.fields.text})" if entry.key else "freely: a root type")


# ── tables ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _section(title: str, rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [f"  {line}" for line in table(list(rows))]
    return ["", title, *lines] if lines else []
