"""The operations a subgraph has seen: each is parsed and validated once, and then known by its text.

Strawberry's own caches do the same by the document, whose hash is computed anew each time from every node of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from graphql import DocumentNode, GraphQLError, parse
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import validate_document

# The router and the other services ask the same few operations again and again.
OPERATIONS_MAX = 500


@dataclass(slots=True)
class Operation:
    """A text that parsed. `errors` is None until it has been validated, and empty where it is valid."""

    document: DocumentNode
    errors: list[GraphQLError] | None = None


class KnownOperations:
    """The latest OPERATIONS_MAX operations of one schema; makes the extension that looks them up."""

    def __init__(self) -> None:
        self.of_text = lru_cache(OPERATIONS_MAX)(_parsed)

    def extension(self) -> SchemaExtension:
        """For one request."""
        return _LookUp(self)


class _LookUp(SchemaExtension):
    def __init__(self, known: KnownOperations) -> None:
        self._known = known
        self._operation: Operation | None = None

    def on_parse(self) -> Iterator[None]:
        """Raises GraphQLSyntaxError, as parsing does."""
        query = self.execution_context.query
        if query is not None and self.execution_context.graphql_document is None:
            self._operation = self._known.of_text(query)
            self.execution_context.graphql_document = self._operation.document
        yield

    def on_validate(self) -> Iterator[None]:
        operation, context = self._operation, self.execution_context
        if operation is not None:
            if operation.errors is None:
                schema = context.schema._schema
                operation.errors = validate_document(schema, operation.document, context.validation_rules)
            context.pre_execution_errors = operation.errors
        yield


def _parsed(text: str) -> Operation:
    return Operation(parse(text))
