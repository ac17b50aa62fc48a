"""The catalogue of composition errors: the member's name is the code that tools match on, its value the meaning.

The codes are those of Apollo's composition, so that existing tooling and documentation apply.
"""

from __future__ import annotations

from enum import Enum, unique


@unique
class Code(Enum):
    """Why subgraphs do not compose."""

    INVALID_GRAPHQL = "The SDL of a subgraph, or the merged schema, is not valid GraphQL."
    DIRECTIVE_DEFINITION_INVALID = (
        "A subgraph's own definition of a federation directive contradicts the specification."
    )
    UNSUPPORTED_FEATURE = "The subgraph uses something that this composition recognises and does not support."
    INVALID_SUBGRAPH_NAME = "The subgraph's name is reserved, empty or given twice."

    UNKNOWN_FEDERATION_LINK_VERSION = "The schema links a federation version that does not exist."
    UNKNOWN_LINK_VERSION = "The schema links an unknown version of the link specification."
    INVALID_LINK_DIRECTIVE_USAGE = "An application of @link is malformed, repeated, or imports what does not exist."
    INVALID_LINK_IDENTIFIER = "The URL, version or alias of a @link is not well formed."
    LINK_IMPORT_NAME_MISMATCH = "A composed directive is imported under different names in different subgraphs."

    KEY_INVALID_FIELDS = "The fields of a @key do not parse or do not exist."
    KEY_INVALID_FIELDS_TYPE = "The fields argument of a @key is not a string."
    KEY_DIRECTIVE_IN_FIELDS_ARG = "The fields of a @key carry directives."
    KEY_FIELDS_HAS_ARGS = "A @key names a field that takes arguments."
    KEY_FIELDS_SELECT_INVALID_TYPE = "A @key names a field of an interface or union type."
    KEY_UNSUPPORTED_ON_INTERFACE = "A @key stands on an interface, which needs federation 2.3."
    REQUIRES_INVALID_FIELDS = "The fields of a @requires do not parse or do not exist."
    REQUIRES_INVALID_FIELDS_TYPE = "The fields argument of a @requires is not a string."
    REQUIRES_DIRECTIVE_IN_FIELDS_ARG = "The fields of a @requires carry directives."
    REQUIRES_FIELDS_MISSING_EXTERNAL = "A @requires names a field that the subgraph resolves itself."
    REQUIRES_UNSUPPORTED_ON_INTERFACE = "A @requires stands on an interface field."
    PROVIDES_INVALID_FIELDS = "The fields of a @provides do not parse or do not exist."
    PROVIDES_INVALID_FIELDS_TYPE = "The fields argument of a @provides is not a string."
    PROVIDES_DIRECTIVE_IN_FIELDS_ARG = "The fields of a @provides carry directives."
    PROVIDES_FIELDS_HAS_ARGS = "A @provides names a field that takes arguments."
    PROVIDES_FIELDS_MISSING_EXTERNAL = "A @provides names a field that the subgraph resolves itself."
    PROVIDES_UNSUPPORTED_ON_INTERFACE = "A @provides stands on an interface field."
    PROVIDES_ON_NON_OBJECT_FIELD = "A @provides stands on a field whose type has no fields."

    EXTERNAL_UNUSED = "An @external field is used by no key, requires, provides or interface."
    EXTERNAL_ON_INTERFACE = "An interface field is marked @external."
    EXTERNAL_MISSING_ON_BASE = "Every subgraph that has the field marks it @external."
    EXTERNAL_TYPE_MISMATCH = "An @external declaration has another type than the field."
    EXTERNAL_ARGUMENT_MISSING = "An @external declaration lacks an argument of the field."
    EXTERNAL_ARGUMENT_TYPE_MISMATCH = "An @external declaration has another type for an argument."
    EXTERNAL_ARGUMENT_DEFAULT_MISMATCH = "An @external declaration has another default for an argument."
    EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE = "A field is marked both @external and @provides."
    MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL = "A directive that reaches the supergraph stands on an @external field."

    OVERRIDE_FROM_SELF_ERROR = "An @override names its own subgraph."
    OVERRIDE_SOURCE_HAS_OVERRIDE = "The subgraph that is overridden overrides the field itself."
    OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE = (
        "An @override meets @external, @requires, @provides or @interfaceObject."
    )
    OVERRIDE_ON_INTERFACE = "An @override stands on an interface field."
    OVERRIDE_LABEL_INVALID = "The label of an @override is neither a name nor percent(0-100)."

    ROOT_QUERY_USED = "A type named Query is not the query root."
    ROOT_MUTATION_USED = "A type named Mutation is not the mutation root."
    ROOT_SUBSCRIPTION_USED = "A type named Subscription is not the subscription root."
    NO_QUERIES = "No subgraph has a query."
    EXTENSION_WITH_NO_BASE = "A type is extended everywhere and defined nowhere."

    TYPE_KIND_MISMATCH = "A type is of different kinds in different subgraphs."
    FIELD_TYPE_MISMATCH = "A field has types that no type covers."
    FIELD_ARGUMENT_TYPE_MISMATCH = "An argument has types that no type satisfies."
    FIELD_ARGUMENT_DEFAULT_MISMATCH = "An argument has different defaults."
    INPUT_FIELD_DEFAULT_MISMATCH = "An input field has different defaults."
    REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH = "An argument required in one subgraph is absent from another."
    REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH = "An input field required in one subgraph is absent from another."
    EMPTY_MERGED_INPUT_TYPE = "No field of an input object is common to all subgraphs."
    EMPTY_MERGED_ENUM_TYPE = "No value of an input enum is common to all subgraphs."
    ENUM_VALUE_MISMATCH = "An enum used for input and output has different values in different subgraphs."
    INVALID_FIELD_SHARING = "Several subgraphs resolve a field that is not @shareable in all of them."
    INVALID_SHAREABLE_USAGE = "@shareable stands where it cannot."
    INTERFACE_FIELD_NO_IMPLEM = "After merging, an implementation lacks a field of its interface."

    INTERFACE_OBJECT_USAGE_ERROR = (
        "@interfaceObject is used without key, beside an implementation, or without interface."
    )
    INTERFACE_KEY_NOT_ON_IMPLEMENTATION = "The key of an interface is missing on an implementation."
    INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE = "A subgraph with a keyed interface does not know all implementations."

    REFERENCED_INACCESSIBLE = "A visible element refers to an inaccessible type."
    DEFAULT_VALUE_USES_INACCESSIBLE = "A visible default value uses an inaccessible element."
    REQUIRED_INACCESSIBLE = "An inaccessible argument or input field is required."
    IMPLEMENTED_BY_INACCESSIBLE = "A visible interface field is implemented by an inaccessible one."
    ONLY_INACCESSIBLE_CHILDREN = "A visible type has only inaccessible parts."
    QUERY_ROOT_TYPE_INACCESSIBLE = "The query root is inaccessible."

    COST_APPLIED_TO_INTERFACE_FIELD = "@cost stands on an interface field."
    LIST_SIZE_APPLIED_TO_NON_LIST = "@listSize stands on, or sizes, a field that is not a list."
    LIST_SIZE_INVALID_ASSUMED_SIZE = "The assumed size of a @listSize is negative."
    LIST_SIZE_INVALID_SLICING_ARGUMENT = "A slicing argument of @listSize is unknown or not an Int."
    LIST_SIZE_INVALID_SIZED_FIELD = "A sized field of @listSize does not exist."

    AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE = (
        "An authorization directive stands on an interface, its field or an interface object."
    )
    MISSING_TRANSITIVE_AUTH_REQUIREMENTS = "A @requires reads guarded data without demanding the same rights."
