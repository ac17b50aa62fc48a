"""Whether the arguments of applied directives are values of their types, which GraphQL's own rules for schemas leave open."""

from __future__ import annotations

from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    Visitor,
    print_ast,
    visit,
)
from graphql.utilities.validate_input_value import validate_input_literal


def check_directive_values(document: DocumentNode, schema: GraphQLSchema) -> list[GraphQLError]:
    """The arguments that do not fit, each as an error at its place."""
    visitor = _Directives(schema)
    visit(document, visitor)
    return visitor.errors


class _Directives(Visitor):
    def __init__(self, schema: GraphQLSchema) -> None:
        super().__init__()
        self.schema = schema
        self.errors: list[GraphQLError] = []

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        definition = self.schema.get_directive(node.name.value)
        for given in node.arguments or ():
            argument = definition.args.get(given.name.value) if definition is not None else None
            if argument is None:
                continue
            problems: list[GraphQLError] = []
            validate_input_literal(given.value, argument.type, lambda error, _path: problems.append(error))  # noqa: B023  # called at once
            if problems:
                message = (
                    f'Invalid value for "@{node.name.value}({given.name.value}:)" of type "{argument.type}":'
                    f" {print_ast(given.value)}. {problems[0].message}"
                )
                self.errors.append(GraphQLError(message, given))
