"""Recorded operations held against both schemas: which break, by which changes, and which say nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    parse,
    separate_operations,
    validate,
)

from router.changes.change import Change
from router.changes.kinds import Kind, Severity
from router.changes.usage import Usage
from router.limits import DOCUMENT_TOKENS_MAX, OPERATION_ERRORS_MAX

# What an operation says of arguments and directives is all in its text: it breaks exactly if it is no longer valid.
_SEEN_IN_THE_TEXT: Final = frozenset(
    {
        Kind.ARGUMENT_REMOVED,
        Kind.REQUIRED_ARGUMENT_ADDED,
        Kind.ARGUMENT_BECAME_REQUIRED,
        Kind.ARGUMENT_TYPE_CHANGED,
        Kind.DIRECTIVE_LOCATION_REMOVED,
        Kind.DIRECTIVE_REPEATABLE_REMOVED,
    }
)


@dataclass(frozen=True, slots=True)
class RecordedOperation:
    """An operation that clients have sent, `count` times. `source` says where the recording stands."""

    query: str
    operation_name: str | None = None
    count: int = 1
    source: str = ""

    @property
    def name(self) -> str:
        """What people call it."""
        return self.operation_name or self.source or "anonymous operation"


@dataclass(frozen=True, slots=True)
class Checked:
    """An operation that was valid against the old schema.

    `errors` say why it is no longer valid; `changes` are all that it meets, of any severity.
    """

    operation: RecordedOperation
    errors: tuple[str, ...]
    changes: tuple[Change, ...]

    @property
    def breaks(self) -> bool:
        """Whether it is refused now, or meets a breaking change: a valid operation may still get null for what never was."""
        return bool(self.errors) or any(change.kind.severity is Severity.BREAKING for change in self.changes)

    def as_dict(self) -> dict[str, Any]:
        breaking = (change for change in self.changes if change.kind.severity is Severity.BREAKING)
        return {
            "name": self.operation.name,
            "source": self.operation.source,
            "count": self.operation.count,
            "breaks": self.breaks,
            "errors": list(self.errors),
            "breakingChanges": [change.as_dict() for change in breaking],
        }


@dataclass(frozen=True, slots=True)
class Ignored:
    """An operation that was not valid against the old schema, and so tells nothing about the new one."""

    operation: RecordedOperation
    reason: str

    def as_dict(self) -> dict[str, Any]:
        return {"name": self.operation.name, "source": self.operation.source, "reason": self.reason}


def check_operations(
    old: GraphQLSchema, new: GraphQLSchema, operations: Iterable[RecordedOperation], changes: Sequence[Change]
) -> tuple[tuple[Checked, ...], tuple[Ignored, ...]]:
    """Look at each distinct operation once; recordings of the same text are counted together."""
    usage = Usage(old)
    checked, ignored = [], []
    for operation in _distinct(operations):
        found = _check(operation, old, new, usage, changes)
        if isinstance(found, Checked):
            checked.append(found)
        else:
            ignored.append(found)
    return tuple(checked), tuple(ignored)


def _distinct(operations: Iterable[RecordedOperation]) -> list[RecordedOperation]:
    found: dict[tuple[str, str | None], RecordedOperation] = {}
    for operation in operations:
        key = (operation.query, operation.operation_name)
        known = found.get(key)
        count = operation.count + (known.count if known else 0)
        source = known.source if known else operation.source
        found[key] = RecordedOperation(operation.query, operation.operation_name, count, source)
    return list(found.values())


def _check(
    operation: RecordedOperation, old: GraphQLSchema, new: GraphQLSchema, usage: Usage, changes: Sequence[Change]
) -> Checked | Ignored:
    try:
        document = _document(operation)
    except GraphQLError as error:
        return Ignored(operation, error.message)
    errors = validate(old, document, max_errors=1)
    if errors:
        return Ignored(operation, errors[0].message)
    used = usage.of(document)
    now = validate(new, document, max_errors=OPERATION_ERRORS_MAX)
    met = (change for change in changes if change.concerns & used and (now or change.kind not in _SEEN_IN_THE_TEXT))
    return Checked(operation, tuple(error.message for error in now), tuple(met))


def _document(operation: RecordedOperation) -> DocumentNode:
    """The operation with its fragments, without others of the same document. Raises GraphQLError."""
    document = parse(operation.query, max_tokens=DOCUMENT_TOKENS_MAX)
    if operation.operation_name is None:
        return document
    named = separate_operations(document).get(operation.operation_name)
    if named is None:
        raise GraphQLError(f'The document has no operation "{operation.operation_name}".')
    return named


def operations_in(text: str, *, source: str) -> list[RecordedOperation]:
    """Each operation of a document; the whole document where it does not parse, so that the check can say so."""
    try:
        document = parse(text, max_tokens=DOCUMENT_TOKENS_MAX)
    except GraphQLError:
        return [RecordedOperation(text, source=source)]
    names = [
        node.name.value if node.name else None
        for node in document.definitions
        if isinstance(node, OperationDefinitionNode)
    ]
    return [RecordedOperation(text, name, source=source) for name in names]
