"""Sets of fields (`id owner { id }`) as texts: reading them, and printing them in canonical form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLSyntaxError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    parse,
    print_ast,
)

from router.composition.model.bounds import too_deep_at
from router.limits import SDL_NESTING_MAX

# Keys repeat: a hundred subgraphs say `id` of thousands of types. Bounded, for a process composes for many graphs.
_REMEMBERED_MAX = 4096


class FieldSetError(ValueError):
    """A field set that does not parse; the message says why."""


@lru_cache(_REMEMBERED_MAX)
def parse_field_set(text: str) -> SelectionSetNode:
    """Parse a field set, with or without outer braces. The nodes are shared: nobody may change them.

    Raises FieldSetError where it does not parse, is empty, or holds more than one selection set.
    """
    if too_deep_at(text) is not None:
        raise FieldSetError(f"it is nested more than {SDL_NESTING_MAX} levels deep")
    body = text.strip()
    if not body.startswith("{"):
        body = f"{{{body}}}"
    try:
        document = parse(body, no_location=True)
    except GraphQLSyntaxError as error:
        raise FieldSetError(error.message) from error
    if len(document.definitions) != 1:
        raise FieldSetError("expected one set of fields")
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    if _has_empty_selection(operation.selection_set):
        raise FieldSetError("a set of fields is empty")
    return operation.selection_set


def _has_empty_selection(selections: SelectionSetNode) -> bool:
    """The parser lets `{}` pass."""
    nested = (nested_in(selection) for selection in selections.selections)
    return not selections.selections or any(_has_empty_selection(inner) for inner in nested if inner is not None)


def nested_in(selection: SelectionNode) -> SelectionSetNode | None:
    """What a selection selects below itself: nothing where it is a leaf or the name of a fragment."""
    return selection.selection_set if isinstance(selection, FieldNode | InlineFragmentNode) else None


def condition_of(fragment: InlineFragmentNode, type_name: str) -> str:
    """The type that a fragment within `type_name` applies to."""
    return fragment.type_condition.name.value if fragment.type_condition else type_name


def directives_in(selections: SelectionSetNode) -> Iterator[str]:
    """The names of all directives that a field set carries."""
    for selection in selections.selections:
        yield from (directive.name.value for directive in selection.directives or ())
        nested = nested_in(selection)
        if nested is not None:
            yield from directives_in(nested)


@lru_cache(_REMEMBERED_MAX)
def normalized(text: str) -> str:
    """The canonical text of a field set: one line, single spaces, no outer braces. Raises FieldSetError."""
    return print_field_set(parse_field_set(text))


def print_field_set(selections: SelectionSetNode) -> str:
    """The set on one line, single spaces, no outer braces."""
    return " ".join(_print_selection(selection) for selection in selections.selections)


def _print_selection(selection: SelectionNode) -> str:
    if isinstance(selection, FieldNode):
        alias = f"{selection.alias.value}: " if selection.alias else ""
        arguments = ", ".join(print_ast(argument) for argument in selection.arguments or ())
        head = f"{alias}{selection.name.value}{f'({arguments})' if arguments else ''}"
    elif isinstance(selection, InlineFragmentNode):
        head = f"... on {selection.type_condition.name.value}" if selection.type_condition else "..."
    else:
        assert isinstance(selection, FragmentSpreadNode)
        head = f"...{selection.name.value}"
    head = " ".join((head, *(print_ast(directive) for directive in selection.directives or ())))
    body = nested_in(selection)
    return f"{head} {{ {print_field_set(body)} }}" if body is not None else head


def rename_conditions(text: str, names: Mapping[str, str]) -> str:
    """The set with other names for the types of its fragments; where there are none to change it stays as written."""
    if "..." not in text or not any(name in text for name, other in names.items() if name != other):
        return text
    try:
        return print_field_set(_renamed(parse_field_set(text), names))
    except FieldSetError:
        return text


def _renamed(selections: SelectionSetNode, names: Mapping[str, str]) -> SelectionSetNode:
    return SelectionSetNode(selections=tuple(_renamed_selection(child, names) for child in selections.selections))


def _renamed_selection(selection: SelectionNode, names: Mapping[str, str]) -> SelectionNode:
    nested = nested_in(selection)
    inner = _renamed(nested, names) if nested is not None else None
    if isinstance(selection, FieldNode):
        return replace(selection, selection_set=inner)
    if not isinstance(selection, InlineFragmentNode) or inner is None:
        return selection
    condition = selection.type_condition
    if condition is not None:
        name = condition.name.value
        condition = replace(condition, name=replace(condition.name, value=names.get(name, name)))
    return replace(selection, type_condition=condition, selection_set=inner)


@lru_cache(_REMEMBERED_MAX)
def unordered(text: str) -> str:
    """A text that two field sets share exactly when they select the same, in whatever order. Raises FieldSetError."""
    return _unordered(parse_field_set(text))


def _unordered(selections: SelectionSetNode) -> str:
    parts: dict[str, list[SelectionSetNode]] = {}
    for selection in selections.selections:
        nested = nested_in(selection)
        parts.setdefault(_head(selection), []).extend([nested] if nested is not None else [])
    return " ".join(sorted(f"{head}{_body(nested)}" for head, nested in parts.items()))


def _head(selection: SelectionNode) -> str:
    """The selection without what it selects below."""
    if isinstance(selection, FieldNode):
        return _print_selection(replace(selection, selection_set=None))
    assert isinstance(selection, InlineFragmentNode)
    return _print_selection(replace(selection, selection_set=SelectionSetNode(selections=())))


def _body(nested: list[SelectionSetNode]) -> str:
    """Selections of one field add up: `owner { id } owner { name }` is `owner { id name }`."""
    merged = SelectionSetNode(selections=tuple(child for node in nested for child in node.selections))
    return f" {{ {_unordered(merged)} }}" if nested else ""
