"""Prints a normalised operation for people, in GraphQL's own syntax."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import print_ast

from router.operation.model import FieldSelection, FragmentSelection, Operation, Selection


def show(operation: Operation) -> str:
    """The operation as text. A denied field is followed by `# denied`."""
    variables = ", ".join(print_ast(definition) for definition in operation.variables)
    name = f" {operation.name or ''}{f'({variables})' if variables else ''}".rstrip()
    return "\n".join((f"{operation.kind}{name} {{", *_lines(operation.selections, "  "), "}"))


def _lines(selections: tuple[Selection, ...], indent: str) -> Iterator[str]:
    for selection in selections:
        head = _field(selection) if isinstance(selection, FieldSelection) else _fragment(selection)
        note = " # denied" if isinstance(selection, FieldSelection) and selection.denied else ""
        if not selection.selections:
            yield f"{indent}{head}{note}"
            continue
        yield f"{indent}{head} {{{note}"
        yield from _lines(selection.selections, indent + "  ")
        yield f"{indent}}}"


def _fragment(fragment: FragmentSelection) -> str:
    if fragment.defer is None:
        return f"... on {fragment.on}"
    label = f'(label: "{fragment.defer.label}")' if fragment.defer.label is not None else ""
    return f"... on {fragment.on} @defer{label}"


def _field(field: FieldSelection) -> str:
    alias = "" if field.key == field.name else f"{field.key}: "
    arguments = ", ".join(print_ast(argument) for argument in field.arguments)
    directives = "".join(f" {print_ast(directive)}" for directive in field.directives)
    return f"{alias}{field.name}{f'({arguments})' if arguments else ''}{directives}"
