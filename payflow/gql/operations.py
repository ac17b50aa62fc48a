"""The operations a subgraph has seen: each is parsed and validated once, and then known by its text.

Strawberry's own caches do the same by the document, whose hash is computed anew each time from every node of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from graphql import DocumentNode, GraphQLError, GraphQLSchema, parse
from graphql.validation import specified_rules
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import validate_document
from strawberry.types.graphql import OperationType
from strawberry.utils.operation import get_operation_type

# The router and the other services ask the same few operations again and again.
OPERATIONS_MAX = 500


class Operation:
    """A text that parsed. Whether it is valid is found out once."""

    __slots__ = ("_errors", "document")

    def __init__(self, document: DocumentNode) -> None:
        self.document = document
        self._errors: list[GraphQLError] | None = None

    def type(self, name: str | None) -> OperationType:
        """Of the operation of that name, or of the first. Raises RuntimeError where there is none."""
        return get_operation_type(self.document, name)

    def errors(self, schema: GraphQLSchema) -> list[GraphQLError]:
        """What is wrong with it; `schema` is the same each time."""
        if self._errors is None:
            self._errors = validate_document(schema, self.document, tuple(specified_rules))
        return self._errors


class KnownOperations:
    """The latest OPERATIONS_MAX operations of one schema; makes the extension that looks them up."""

    def __init__(self) -> None:
        self.of_text = lru_cache(OPERATIONS_MAX)(_parsed)

    def extension(self) -> SchemaExtension:
        """For one request of those that Strawberry executes itself."""
        return _LookUp(self)


class _LookUp(SchemaExtension):
    def __init__(self, known: KnownOperations) -> None:
        self._known = known
        self._operation: Operation | None = None

    def on_parse(self) -> Iterator[None]:
        """Raises GraphQLError where the text does not parse."""
        query = self.execution_context.query
        if query is not None and self.execution_context.graphql_document is None:
            self._operation = self._known.of_text(query)
            self.execution_context.graphql_document = self._operation.document
        yield

    def on_validate(self) -> Iterator[None]:
        if self._operation is not None:
            context = self.execution_context
            context.pre_execution_errors = self._operation.errors(context.schema._schema)
        yield


def _parsed(text: str) -> Operation:
    return Operation(parse(text))
