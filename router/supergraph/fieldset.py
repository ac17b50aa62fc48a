"""Parses the field sets of @key, @requires and @provides."""

from __future__ import annotations

from graphql import (
    FieldNode,
    GraphQLError,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
    print_ast,
    strip_ignored_characters,
)

from router.errors import SupergraphError
from router.supergraph.model import FieldSet


def parse_field_set(text: str, where: str) -> FieldSet:
    """Parse a field set such as `id berth { code }`. Raises SupergraphError naming `where` it stands.

    The canonical text has its fields sorted, so that `a b` and `b a` are the same key.
    """
    body = text.strip()
    if not (body.startswith("{") and body.endswith("}")):
        body = f"{{{body}}}"
    try:
        document = parse(body, no_location=True)
    except GraphQLError as error:
        raise SupergraphError(f'{where} has the unreadable field set "{text}": {error.message}') from error
    operation = document.definitions[0]
    if len(document.definitions) != 1 or not isinstance(operation, OperationDefinitionNode):
        raise SupergraphError(f'{where} has the unreadable field set "{text}".')
    return FieldSet(canonical(operation.selection_set), operation.selection_set)


def canonical(selections: SelectionSetNode) -> str:
    """A print of a selection set that does not depend on spacing or order."""
    return " ".join(sorted(_print(selection) for selection in selections.selections))


def _print(node: object) -> str:
    children = getattr(node, "selection_set", None)
    body = f"{{{canonical(children)}}}" if children else ""
    if isinstance(node, FieldNode):
        arguments = ",".join(sorted(strip_ignored_characters(print_ast(a)) for a in node.arguments or ()))
        return f"{node.name.value}({arguments}){body}" if arguments else f"{node.name.value}{body}"
    condition = getattr(node, "type_condition", None)
    return f"...on {condition.name.value}{body}" if condition else f"...{body}"
