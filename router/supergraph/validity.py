"""What graphql-core objects to in a schema, less what it demands ahead of the others."""

from __future__ import annotations

from graphql import GraphQLError, GraphQLSchema, validate_schema

# graphql-core 3.3 wants an interface's field deprecated where an implementation's is. No released specification says so, and
# schemas that are served everywhere do otherwise.
_AHEAD = "must not be deprecated."


def schema_errors(schema: GraphQLSchema) -> list[GraphQLError]:
    """Every error of the schema's types and directive definitions."""
    return [error for error in validate_schema(schema) if not error.message.endswith(_AHEAD)]
