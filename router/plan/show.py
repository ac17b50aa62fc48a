"""A plan as text, in the notation of Apollo's query planner: what `plan` prints and what tests compare.

Where one request asks for objects at several paths, `Flatten` stands inside of it, around what the objects at those paths are
named by; several `=>` are several `_entities` fields. A variable filled from a `@context` is shown with where its value stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import indent
from typing import Final

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
from router.plan.parts import Branch, branches_of, depended_on, selection_lines
from router.plan.paths import path_items
from router.plan.single import is_batch, selections_of
from router.plan.waves import waves

INDENT = "  "
NOBODY: Final[frozenset[int]] = frozenset()


def show(plan: QueryPlan) -> str:
    """The plan as text, its fetches in waves.

    A key of the merged tree that differs from a field's name is shown as an alias, in operations and in representations alike.
    """
    if plan.deferred:
        branch = branches_of(plan)
        return _block("QueryPlan", [_defer(branch, depended_on(branch))]) + "\n"
    cut = waves(plan.fetches)
    if plan.kind == "subscription" and cut:
        parts = [_block("Primary:", [_wave(cut[0])])]
        parts += [_block("Rest:", [_sequence(cut[1:])])] if cut[1:] else []
        return _block("QueryPlan", [_block("Subscription", parts)]) + "\n"
    body = [_sequence(cut)] if cut else []
    return _block("QueryPlan", body) + "\n"


def _sequence(cut: Sequence[Sequence[Fetch]], named: frozenset[int] = NOBODY) -> str:
    shown = [_wave(wave, named) for wave in cut]
    return shown[0] if len(shown) == 1 else _block("Sequence", shown)


def _wave(wave: Sequence[Fetch], named: frozenset[int] = NOBODY) -> str:
    shown = [_located(fetch, named) for fetch in wave]
    return shown[0] if len(shown) == 1 else _block("Parallel", shown)


def _located(fetch: Fetch, named: frozenset[int]) -> str:
    head = _head(fetch, named)
    if is_batch(fetch):
        return _block(head, [_asked(fetch, asked) for asked in fetch.entities])
    shown = _fetch(fetch, head)
    path = fetch.anchors[0].path if fetch.anchors else fetch.path
    return _block(_flatten([path]), [shown]) if path else shown


def _head(fetch: Fetch, named: frozenset[int]) -> str:
    number = f", id: {fetch.id}" if fetch.id in named else ""
    return f'Fetch(service: "{fetch.subgraph}"{number})'


def _flatten(paths: Iterable[Path]) -> str:
    quoted = (f'"{_dotted(path)}"' for path in paths)
    return f"Flatten(path: {' & '.join(quoted)})"


def _dotted(path: Path) -> str:
    return ".".join(path_items(path))


def _fetch(fetch: Fetch, head: str) -> str:
    if not fetch.entities:
        return _block(head, [_lines(selections_of(fetch))], separator="")
    asked = fetch.entities[0]
    return _block(head, [_given(_inputs(asked.anchors[0]), fetch, asked)], separator="")


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


# ── deferred parts ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _defer(branch: Branch, named: frozenset[int]) -> str:
    """A branch and what is deferred in it; the fetches that parts depend on are `named` by their ids."""
    primary = _block("Primary", [_shown(branch, named)], separator="")
    parts = "\n".join(indent(_deferred(part, named) + ",", INDENT) for part in branch.within)
    return f"Defer {{\n{indent(f'{primary}, [', INDENT)}\n{indent(parts, INDENT)}\n{INDENT}]\n}}"


def _deferred(branch: Branch, named: frozenset[int]) -> str:
    assert branch.part is not None, "only the primary answer is no part"
    depends = ", ".join(map(str, branch.depends))
    path = ".".join(step.key for step in branch.part.path if isinstance(step, PathKey))
    label = f', label: "{branch.part.label}"' if branch.part.label is not None else ""
    body = _defer(branch, named) if branch.within else _shown(branch, named)
    return _block(f'Deferred(depends: [{depends}], path: "{path}"{label})', [body], separator="")


def _shown(branch: Branch, named: frozenset[int]) -> str:
    """What a branch shows, and the fetches that it takes besides those of the branches around it."""
    shown = _block("", selection_lines(branch.output), separator="")
    cut = waves(branch.fetches)
    return f"{shown}:\n{_sequence(cut, named)}" if cut else shown


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
