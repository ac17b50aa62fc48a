"""An API schema as text, to be compared with one that was written down."""

from __future__ import annotations

from copy import copy

from graphql import GraphQLDeferDirective, GraphQLSchema, print_schema


def printed(schema: GraphQLSchema) -> str:
    """The schema without @defer, which every API schema has and nobody writes down."""
    written = copy(schema)
    written.directives = tuple(each for each in schema.directives if each.name != GraphQLDeferDirective.name)
    return print_schema(written)
