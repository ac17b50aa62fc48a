"""What can change between two schemas, and how much each change matters to clients that exist.

The severities are those on which graphql-js and the schema checks built on it agree, with what they leave out: a default that
goes from a required argument, a change of who may ask, and everything that only a supergraph can tell.
"""

from __future__ import annotations

from enum import Enum, StrEnum


class Severity(StrEnum):
    """BREAKING: operations that worked fail, or get what they cannot expect. DANGEROUS: they may behave otherwise."""

    BREAKING = "breaking"
    DANGEROUS = "dangerous"
    SAFE = "safe"


_B, _D, _S = Severity.BREAKING, Severity.DANGEROUS, Severity.SAFE


class Kind(Enum):
    """A kind of change: the member's name is for tools, its value (severity, what happened)."""

    # Types.
    TYPE_REMOVED = (_B, "A type is gone.")
    TYPE_ADDED = (_S, "A type is new.")
    TYPE_KIND_CHANGED = (_B, "A type is of another kind, e.g. an interface that was an object.")
    ROOT_TYPE_CHANGED = (_B, "Another type is the root of queries, mutations or subscriptions, or none is.")
    UNION_MEMBER_REMOVED = (_B, "A union has one type less.")
    UNION_MEMBER_ADDED = (_D, "A union has one type more, which clients may not expect in an answer.")
    ENUM_VALUE_REMOVED = (_B, "An enum has one value less.")
    ENUM_VALUE_ADDED = (_D, "An enum has one value more, which clients may not expect in an answer.")
    INPUT_ENUM_VALUE_ADDED = (_S, "An enum that is never answered has one value more.")
    INTERFACE_REMOVED = (_B, "A type no longer implements an interface.")
    INTERFACE_ADDED = (_D, "A type implements an interface: one more that clients may not expect in an answer.")
    ONE_OF_ADDED = (_B, "An input object wants exactly one of its fields.")
    ONE_OF_REMOVED = (_S, "An input object no longer wants exactly one of its fields.")
    SPECIFIED_BY_CHANGED = (_D, "A scalar is specified otherwise; its values may look different.")
    # Fields.
    FIELD_REMOVED = (_B, "A field is gone.")
    FIELD_ADDED = (_S, "A field is new.")
    FIELD_TYPE_CHANGED = (_B, "A field answers what clients of the old type cannot read, null included.")
    FIELD_TYPE_NARROWED = (_S, "A field promises more than before, e.g. that it is not null.")
    # Arguments, of fields and of directives.
    ARGUMENT_REMOVED = (_B, "An argument is gone.")
    REQUIRED_ARGUMENT_ADDED = (_B, "An argument is new and must be given.")
    OPTIONAL_ARGUMENT_ADDED = (_D, "An argument is new; what happens without it may differ from before.")
    ARGUMENT_BECAME_REQUIRED = (_B, "An argument has lost its default and must be given.")
    ARGUMENT_TYPE_CHANGED = (_B, "An argument no longer takes all it took.")
    ARGUMENT_TYPE_WIDENED = (_S, "An argument takes all it took, and more.")
    ARGUMENT_DEFAULT_CHANGED = (_D, "An argument that is not given has another value.")
    # Input fields.
    INPUT_FIELD_REMOVED = (_B, "An input field is gone.")
    REQUIRED_INPUT_FIELD_ADDED = (_B, "An input field is new and must be given.")
    OPTIONAL_INPUT_FIELD_ADDED = (_D, "An input field is new; what happens without it may differ from before.")
    INPUT_FIELD_BECAME_REQUIRED = (_B, "An input field has lost its default and must be given.")
    INPUT_FIELD_TYPE_CHANGED = (_B, "An input field no longer takes all it took.")
    INPUT_FIELD_TYPE_WIDENED = (_S, "An input field takes all it took, and more.")
    INPUT_FIELD_DEFAULT_CHANGED = (_D, "An input field that is not given has another value.")
    # Directives that operations may carry.
    DIRECTIVE_REMOVED = (_B, "A directive is gone.")
    DIRECTIVE_ADDED = (_S, "A directive is new.")
    DIRECTIVE_LOCATION_REMOVED = (_B, "A directive may no longer stand at a place.")
    DIRECTIVE_LOCATION_ADDED = (_S, "A directive may stand at one more place.")
    DIRECTIVE_REPEATABLE_REMOVED = (_B, "A directive may no longer be repeated.")
    DIRECTIVE_REPEATABLE_ADDED = (_S, "A directive may be repeated.")
    # What people read.
    DESCRIPTION_CHANGED = (_S, "A description is new, gone or different.")
    DEPRECATION_ADDED = (_S, "Something is deprecated.")
    DEPRECATION_REMOVED = (_S, "Something is no longer deprecated.")
    DEPRECATION_REASON_CHANGED = (_S, "Something is deprecated for another reason.")
    # Who may ask.
    AUTHORIZATION_ADDED = (_D, "Callers must have rights that they needed not have before.")
    AUTHORIZATION_REMOVED = (_S, "Callers need fewer rights than before.")
    # Who answers: clients see nothing of it.
    SUBGRAPH_ADDED = (_S, "A subgraph is new.")
    SUBGRAPH_REMOVED = (_S, "A subgraph is gone.")
    FIELD_MOVED = (_S, "Another subgraph resolves a field.")
    FIELD_RESOLVER_ADDED = (_S, "One more subgraph resolves a field.")
    FIELD_RESOLVER_REMOVED = (_S, "One subgraph less resolves a field.")
    OVERRIDE_CHANGED = (_S, "An @override of a field is new, gone or different.")

    @property
    def severity(self) -> Severity:
        return self.value[0]

    @property
    def meaning(self) -> str:
        """What happened, in a sentence."""
        return self.value[1]
