"""graphql-core's rules for schema documents, with a bound on its search for what an unknown name might have meant.

That search compares each unknown name with every name there is: minutes, where thousands of both are to be found.
"""

from __future__ import annotations

from typing import Final

from graphql import DocumentNode, GraphQLError, ParallelVisitor, visit
from graphql.validation import SDLValidationContext
from graphql.validation.specified_rules import specified_sdl_rules

_SUGGESTIONS_MAX: Final = 20  # errors; whoever has more sees from the first where the mistake lies


def document_errors(document: DocumentNode) -> list[GraphQLError]:
    """Everything that the rules object to, in the order of the document."""
    errors: list[GraphQLError] = []
    context = _Context(document, errors)
    visit(document, ParallelVisitor([rule(context) for rule in specified_sdl_rules]))
    return errors


class _Context(SDLValidationContext):
    def __init__(self, document: DocumentNode, errors: list[GraphQLError]) -> None:
        super().__init__(document, None, errors.append)
        self._errors = errors

    @property
    def hide_suggestions(self) -> bool:
        """Whether to leave out the suggestions."""
        return len(self._errors) >= _SUGGESTIONS_MAX
