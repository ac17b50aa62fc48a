"""Documents parsed once: one operation is looked at many times by tests. Nobody changes them."""

from __future__ import annotations

from functools import lru_cache

from graphql import DocumentNode, OperationDefinitionNode, parse


@lru_cache(maxsize=512)
def parsed(text: str) -> DocumentNode:
    """The document of a text."""
    return parse(text)


def operation_in(text: str) -> OperationDefinitionNode:
    """The only definition of a text, which is an operation: as requests of plans are."""
    (definition,) = parsed(text).definitions
    assert isinstance(definition, OperationDefinitionNode)
    return definition
