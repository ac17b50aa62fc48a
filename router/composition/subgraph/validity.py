"""Whether a subgraph's document is valid GraphQL, directive arguments included, with advice on federation directives."""

from __future__ import annotations

from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    TypeDefinitionNode,
    Visitor,
    build_ast_schema,
    print_ast,
    visit,
)
from graphql.utilities.validate_input_value import validate_input_literal

from router.composition import wording
from router.composition.model.links import Links
from router.composition.model.report import Report
from router.composition.model.schema import BUILT_IN_SCALARS, Schema
from router.composition.rules import invalid_graphql
from router.composition.spec import federation
from router.composition.subgraph.grammar import document_errors
from router.composition.subgraph.plain import SCHEMA_PARTS, is_plain
from router.composition.subgraph.roots import operation_types
from router.supergraph.validity import schema_errors


def check_graphql(document: DocumentNode, schema: Schema, links: Links, *, subgraph: str, report: Report) -> bool:
    """Report everything that GraphQL itself objects to as INVALID_GRAPHQL, at its place in the SDL; whether there is nothing."""
    if is_plain(document, schema):
        return True
    errors = graphql_errors(document)
    for error in errors:
        advice = _advice(error.message, links)
        invalid_graphql.report_subgraph(error, report, subgraph=subgraph, advice=advice)
    return not errors


def graphql_errors(document: DocumentNode) -> list[GraphQLError]:
    """Everything that graphql-core objects to, in the order it looks: the document first, then the schema it makes."""
    errors = [*_strangers(document), *_built_in_scalars(document), *document_errors(document)]
    if errors:
        return errors
    try:
        schema = build_ast_schema(document, assume_valid_sdl=True)
    except (GraphQLError, TypeError) as error:
        return [_located(error)]
    return _schema_errors(document, schema)


def _located(error: Exception) -> GraphQLError:
    """The error that knows a place: graphql-core wraps it where a type is resolved late."""
    cause = error.__cause__
    if isinstance(cause, GraphQLError) and cause.locations:
        return cause
    return error if isinstance(error, GraphQLError) else GraphQLError(str(error))


def _strangers(document: DocumentNode) -> list[GraphQLError]:
    return [
        GraphQLError(
            "A schema document holds definitions of types and directives only, no operations or fragments.", node
        )
        for node in document.definitions
        if not isinstance(node, SCHEMA_PARTS)
    ]


def _built_in_scalars(document: DocumentNode) -> list[GraphQLError]:
    return [
        GraphQLError(f'"{node.name.value}" is a built-in scalar, and can be no other type.', node)
        for node in document.definitions
        if isinstance(node, TypeDefinitionNode) and node.name.value in BUILT_IN_SCALARS
    ]


def _schema_errors(document: DocumentNode, schema: GraphQLSchema) -> list[GraphQLError]:
    errors = [error for error in schema_errors(schema) if not _is_about_no_root(error.message, document)]
    directives = _Directives(schema)
    visit(document, directives)
    return [*errors, *directives.errors]


def _is_about_no_root(message: str, document: DocumentNode) -> bool:
    """A subgraph need not have queries, and where it names its roots, another type of a standard name is none."""
    if message == "Query root type must be provided.":
        return True
    named = {operation.operation.value.capitalize() for operation in operation_types(document)}
    standard, found, _ = message.partition(" root type must be Object type")
    return bool(found) and standard in named and message.endswith(f"cannot be {standard}.")


class _Directives(Visitor):
    """Checks the arguments of applied directives, which GraphQL's own rules for schemas leave open."""

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


def _advice(message: str, links: Links) -> str:
    """How to name a federation directive that the SDL uses under a name it does not have."""
    for name in sorted(federation.DIRECTIVE_NAMES):
        if not message.startswith(f"Unknown directive '@{name}'"):
            continue
        feature = links.federation
        if feature is None or feature.url.version == federation.FEDERATION_1:
            return f" It is a directive of federation 2, which the schema does not link: {wording.link_to_add(name)}."
        if not any(name == directive.name for directive in federation.directives(feature.url.version)):
            return f" Federation {feature.url.version}, which the schema links, does not have it yet."
        return f' Write "@{feature.directive_name(name)}", or add "@{name}" to the import of the @link to federation.'
    return ""
