"""A plan as text, in the notation of Apollo's query planner: what `plan` prints and what tests compare."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import indent

from graphql import (
    FieldNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
    print_ast,
)

from router.plan.nodes import Fetch, QueryPlan, Representation, RepresentationField
from router.plan.paths import path_items
from router.plan.waves import waves

INDENT = "  "


def show(plan: QueryPlan) -> str:
    """The plan as text, its fetches in waves.

    A key of the merged tree that differs from a field's name is shown as an alias, in operations and in representations alike.
    """
    cut = waves(plan.fetches)
    if plan.kind == "subscription" and cut:
        parts = [_block("Primary:", [_wave(cut[0])])]
        parts += [_block("Rest:", [_sequence(cut[1:])])] if cut[1:] else []
        return _block("QueryPlan", [_block("Subscription", parts)]) + "\n"
    body = [_sequence(cut)] if cut else []
    return _block("QueryPlan", body) + "\n"


def _sequence(cut: Sequence[Sequence[Fetch]]) -> str:
    shown = [_wave(wave) for wave in cut]
    return shown[0] if len(shown) == 1 else _block("Sequence", shown)


def _wave(wave: Sequence[Fetch]) -> str:
    shown = [_located(fetch) for fetch in wave]
    return shown[0] if len(shown) == 1 else _block("Parallel", shown)


def _located(fetch: Fetch) -> str:
    shown = _fetch(fetch)
    path = ".".join(path_items(fetch.anchors[0].path if fetch.anchors else fetch.path))
    return _block(f'Flatten(path: "{path}")', [shown]) if path else shown


def _fetch(fetch: Fetch) -> str:
    head = f'Fetch(service: "{fetch.subgraph}")'
    body = _operation_body(fetch)
    if not fetch.anchors:
        return _block(head, [_lines(body)], separator="")
    needs = _block("", [_representation(choice) for choice in fetch.anchors[0].representations], separator="")
    gets = _block("", [_lines(body)], separator="")
    return _block(head, [f"{needs} =>\n{gets}"], separator="")


def _operation_body(fetch: Fetch) -> SelectionSetNode:
    """The selections of an operation; for an entity fetch, those on the entities."""
    operation = parse(fetch.operation, no_location=True).definitions[0]
    assert isinstance(operation, OperationDefinitionNode), "a fetch is one operation"
    selections = operation.selection_set
    if fetch.entities:
        entities = selections.selections[0]
        assert isinstance(entities, FieldNode), "an entity fetch selects _entities alone"
        assert entities.selection_set is not None, "entities are composite"
        selections = entities.selection_set
    return selections


def _lines(selections: SelectionSetNode) -> str:
    return "\n".join(print_ast(node) for node in selections.selections)


def _representation(choice: Representation) -> str:
    fields = ["__typename", *_field_lines(choice.fields)]
    known_as = f"{choice.on} as {choice.typename}" if choice.typename != choice.on else choice.on
    return _block(f"... on {known_as}", fields, separator="")


def _field_lines(fields: Iterable[RepresentationField]) -> list[str]:
    lines: list[str] = []
    for wanted in fields:
        name = wanted.name if wanted.name == wanted.key else f"{wanted.key}: {wanted.name}"
        shown = _block(name, _field_lines(wanted.fields), separator="") if wanted.fields else name
        lines.append(_block(f"... on {'|'.join(wanted.on)}", [shown], separator="") if wanted.on else shown)
    return lines


def _block(head: str, parts: Sequence[str], *, separator: str = ",") -> str:
    start = f"{head} {{".lstrip()
    if not parts:
        return f"{start}}}"
    body = "\n".join(indent(part + separator, INDENT) for part in parts)
    return f"{start}\n{body}\n}}"
