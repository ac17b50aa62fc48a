"""A plan as text, in the notation of Apollo's query planner: what `plan` prints and what tests compare.

Where one request asks for objects at several paths, `Flatten` stands inside of it, around what the objects at those paths are
named by; several `=>` are several `_entities` fields. A variable filled from a `@context` is shown with where its value stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import indent

from graphql import SelectionSetNode, print_ast

from router.plan.nodes import (
    Anchor,
    ContextRead,
    Entities,
    Fetch,
    Path,
    PathKey,
    QueryPlan,
    Representation,
    RepresentationField,
)
from router.plan.paths import path_items
from router.plan.single import is_batch, selections_of
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
    if is_batch(fetch):
        return _block(_head(fetch), [_asked(fetch, asked) for asked in fetch.entities])
    shown = _fetch(fetch)
    path = fetch.anchors[0].path if fetch.anchors else fetch.path
    return _block(_flatten([path]), [shown]) if path else shown


def _head(fetch: Fetch) -> str:
    return f'Fetch(service: "{fetch.subgraph}")'


def _flatten(paths: Iterable[Path]) -> str:
    quoted = (f'"{_dotted(path)}"' for path in paths)
    return f"Flatten(path: {' & '.join(quoted)})"


def _dotted(path: Path) -> str:
    return ".".join(path_items(path))


def _fetch(fetch: Fetch) -> str:
    if not fetch.entities:
        return _block(_head(fetch), [_lines(selections_of(fetch))], separator="")
    asked = fetch.entities[0]
    return _block(_head(fetch), [_given(_inputs(asked.anchors[0]), fetch, asked)], separator="")


def _asked(fetch: Fetch, asked: Entities) -> str:
    """One `_entities` field of a batch: paths whose objects are named alike are told together."""
    alike: dict[tuple[str, ...], list[Path]] = {}
    for anchor in asked.anchors:
        alike.setdefault(_inputs(anchor), []).append(anchor.path)
    places = [_block(_flatten(paths), inputs, separator="") for inputs, paths in alike.items()]
    return _given(places, fetch, asked)


def _given(inputs: Sequence[str], fetch: Fetch, asked: Entities) -> str:
    gets = _block("", [_lines(selections_of(fetch, asked))], separator="")
    return f"{_block('', inputs, separator='')} =>\n{gets}"


def _lines(selections: SelectionSetNode) -> str:
    return "\n".join(print_ast(node) for node in selections.selections)


# ── inputs ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _inputs(anchor: Anchor) -> tuple[str, ...]:
    contexts = (_context(read, anchor.path) for read in anchor.contexts)
    return (*map(_representation, anchor.representations), *contexts)


def _representation(choice: Representation) -> str:
    fields = ["__typename", *_field_lines(choice.fields)]
    known_as = f"{choice.on} as {choice.typename}" if choice.typename != choice.on else choice.on
    return _block(f"... on {known_as}", fields, separator="")


def _context(read: ContextRead, path: Path) -> str:
    """A variable and the places its value may stand at, by the type of the object that sets the context."""
    at = path[: read.at]
    places = (_dotted((*at, PathKey(keys[0], (type_,)), *map(PathKey, keys[1:]))) for type_, keys in read.keys)
    return f"${read.variable}: {' or '.join(places)}"


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
