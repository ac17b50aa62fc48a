"""What graphql-core objects to in a schema, less what it demands ahead of the others."""

from __future__ import annotations

from graphql import GraphQLError, GraphQLSchema
from graphql.type.validate import SchemaValidationContext

# graphql-core 3.3 wants an interface's field deprecated where an implementation's is. No released specification says so, and
# schemas that are served everywhere do otherwise.
_AHEAD = "must not be deprecated."


def schema_errors(schema: GraphQLSchema) -> list[GraphQLError]:
    """Every error of the schema's types and directive definitions."""
    context = SchemaValidationContext(schema)
    try:
        context.validate_root_types()
        context.validate_directives()
        context.validate_types()
    except GraphQLError as error:  # what it resolves late, such as the arguments of @deprecated on an enum value
        context.errors.append(error)
    except TypeError as error:  # it stumbles over the default of an argument whose type it has just refused
        if not context.errors:
            context.report_error(str(error))
    return [error for error in context.errors if not error.message.endswith(_AHEAD)]
