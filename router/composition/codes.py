"""The catalogue of composition errors: the member's name is the code that tools match on, its value (meaning, way out).

The codes are those of Apollo's composition, so that existing tooling and documentation apply. Each has its own module in
`router/composition/rules/`, named like it, which decides or words it, and its own test.
"""

from __future__ import annotations

from enum import Enum, unique


@unique
class Code(Enum):
    """Why subgraphs do not compose."""

    # What a subgraph is written in.
    INVALID_GRAPHQL = (
        "The SDL of a subgraph, or the merged schema, is not valid GraphQL.",
        "Mend what the message names; any GraphQL tool reports the same of a subgraph's SDL.",
    )
    DIRECTIVE_DEFINITION_INVALID = (
        "A subgraph's own definition of a federation or built-in directive contradicts the specification.",
        "Leave the definition out: linking the specification brings it. Or write it as the specification does.",
    )
    TYPE_DEFINITION_INVALID = (
        "A subgraph's own definition of a federation or built-in type contradicts the specification.",
        "Leave the definition out, or define the type as the specification does.",
    )
    INVALID_SUBGRAPH_NAME = (
        "The subgraph's name is reserved, empty or given twice.",
        "Choose another name; `_` and the empty name are reserved.",
    )

    # @link.
    UNKNOWN_FEDERATION_LINK_VERSION = (
        "The schema links a federation version that does not exist.",
        "Link a version from v2.0 to v2.14.",
    )
    UNKNOWN_LINK_VERSION = (
        "The schema links an unknown version of the link specification.",
        "Link https://specs.apollo.dev/link/v1.0.",
    )
    UNSUPPORTED_LINKED_FEATURE = (
        "The schema links a feature that says it must be understood (`for:`) and that nobody here understands.",
        "Remove the link, or its `for:` argument if the feature may be ignored.",
    )
    INVALID_LINK_DIRECTIVE_USAGE = (
        "An application of @link is malformed, repeated, or imports what does not exist.",
        "Give `url` a string and `import` a list of names or `{name, as}` objects, and link each feature once.",
    )
    INVALID_LINK_IDENTIFIER = (
        "The URL, version or alias of a @link is not well formed.",
        "Write the URL as https://host/path/name/vX.Y and choose a GraphQL name for the alias.",
    )
    LINK_IMPORT_NAME_MISMATCH = (
        "A composed directive is imported under different names in different subgraphs.",
        "Import it under one name everywhere.",
    )

    # @key, @requires, @provides.
    KEY_INVALID_FIELDS = (
        "The fields of a @key do not parse or do not exist.",
        "Name fields of the type itself, without aliases, with a selection where a field returns an object.",
    )
    KEY_INVALID_FIELDS_TYPE = (
        "The fields argument of a @key is not a string.",
        'Write it as one string, e.g. @key(fields: "id code").',
    )
    KEY_DIRECTIVE_IN_FIELDS_ARG = (
        "The fields of a @key carry directives.",
        "Remove the directives: a key is unconditional.",
    )
    KEY_FIELDS_HAS_ARGS = (
        "A @key names a field that takes arguments.",
        "Use a field without arguments, or add one to the type.",
    )
    KEY_FIELDS_SELECT_INVALID_TYPE = (
        "A @key names a field of an interface or union type.",
        "Name fields of scalar, enum or object type.",
    )
    KEY_UNSUPPORTED_ON_INTERFACE = (
        "A @key stands on an interface in a schema that links a federation version before 2.3.",
        "Link federation v2.3 or later, or move the key to the implementations.",
    )
    REQUIRES_INVALID_FIELDS = (
        "The fields of a @requires do not parse, do not exist, or are not valid in the merged schema.",
        "Name fields of the type, as they are in the supergraph, with the arguments that those require.",
    )
    REQUIRES_INVALID_FIELDS_TYPE = (
        "The fields argument of a @requires is not a string.",
        'Write it as one string, e.g. @requires(fields: "weight").',
    )
    REQUIRES_DIRECTIVE_IN_FIELDS_ARG = (
        "The fields of a @requires carry directives.",
        "Remove the directives: what is required is always fetched.",
    )
    REQUIRES_FIELDS_MISSING_EXTERNAL = (
        "A @requires names a field that the subgraph resolves itself.",
        "Mark the field @external, or remove it from the @requires.",
    )
    REQUIRES_UNSUPPORTED_ON_INTERFACE = (
        "A @requires stands on an interface field.",
        "Put it on the field of each implementation.",
    )
    PROVIDES_INVALID_FIELDS = (
        "The fields of a @provides do not parse or do not exist.",
        "Name fields of the type that the field returns, without aliases.",
    )
    PROVIDES_INVALID_FIELDS_TYPE = (
        "The fields argument of a @provides is not a string.",
        'Write it as one string, e.g. @provides(fields: "name").',
    )
    PROVIDES_DIRECTIVE_IN_FIELDS_ARG = (
        "The fields of a @provides carry directives.",
        "Remove the directives: what is provided is provided always.",
    )
    PROVIDES_FIELDS_HAS_ARGS = (
        "A @provides names a field that takes arguments.",
        "Remove the field from the @provides: the subgraph cannot promise it for every argument.",
    )
    PROVIDES_FIELDS_MISSING_EXTERNAL = (
        "A @provides names a field that the subgraph resolves itself.",
        "Mark the field @external, or remove it from the @provides.",
    )
    PROVIDES_UNSUPPORTED_ON_INTERFACE = (
        "A @provides stands on an interface field.",
        "Put it on the field of each implementation.",
    )
    PROVIDES_ON_NON_OBJECT_FIELD = (
        "A @provides stands on a field whose type has no fields.",
        "Remove it: only objects, interfaces and unions have something to provide.",
    )

    # @external.
    EXTERNAL_UNUSED = (
        "An @external field is used by no key, requires, provides or interface.",
        "Remove the field from this subgraph, or use it.",
    )
    TYPE_WITH_ONLY_UNUSED_EXTERNAL = (
        "A type of a federation 1 schema has nothing but unused @external fields.",
        "Remove the type from this subgraph.",
    )
    EXTERNAL_ON_INTERFACE = (
        "An interface field is marked @external.",
        "Mark the fields of the implementations: interface fields are not resolved.",
    )
    EXTERNAL_MISSING_ON_BASE = (
        "Every subgraph that has the field marks it @external.",
        "Let one of them resolve it: remove @external there.",
    )
    EXTERNAL_TYPE_MISMATCH = (
        "An @external declaration has another type than the field.",
        "Declare the field with the type that it has where it is resolved.",
    )
    EXTERNAL_ARGUMENT_MISSING = (
        "An @external declaration lacks an argument of the field.",
        "Declare the field with all arguments that it has where it is resolved.",
    )
    EXTERNAL_ARGUMENT_TYPE_MISMATCH = (
        "An @external declaration has another type for an argument.",
        "Declare the argument with the type that it has where the field is resolved.",
    )
    EXTERNAL_ARGUMENT_DEFAULT_MISMATCH = (
        "An @external declaration has another default for an argument.",
        "Declare the argument with the default that it has where the field is resolved.",
    )
    EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE = (
        "A field is marked both @external and @provides.",
        "Remove one: a field resolved elsewhere provides nothing here.",
    )
    MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL = (
        "A directive that reaches the supergraph stands on an @external field.",
        "Apply it in the subgraph that resolves the field.",
    )

    # @override.
    OVERRIDE_FROM_SELF_ERROR = (
        "An @override names its own subgraph.",
        "Name the subgraph that the field moves away from.",
    )
    OVERRIDE_SOURCE_HAS_OVERRIDE = (
        "The subgraph that is overridden overrides the field itself.",
        "Remove one of the two @override.",
    )
    OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE = (
        "An @override meets @external, @requires, @provides or @interfaceObject.",
        "Remove the other directive, or move the field without @override.",
    )
    OVERRIDE_ON_INTERFACE = (
        "An @override stands on an interface field.",
        "Override the fields of the implementations.",
    )
    OVERRIDE_LABEL_INVALID = (
        "The label of an @override is neither a name nor percent(0-100).",
        "Begin with a letter and use letters, digits and _-:./ only, or write percent(n) with at most eight decimals.",
    )

    # Roots and whole types.
    ROOT_QUERY_USED = (
        "A type named Query is not the query root.",
        "Rename the type, or make it the root.",
    )
    ROOT_MUTATION_USED = (
        "A type named Mutation is not the mutation root.",
        "Rename the type, or make it the root.",
    )
    ROOT_SUBSCRIPTION_USED = (
        "A type named Subscription is not the subscription root.",
        "Rename the type, or make it the root.",
    )
    NO_QUERIES = (
        "No subgraph has a query.",
        "Add at least one field to the type Query of some subgraph.",
    )
    EXTENSION_WITH_NO_BASE = (
        "A type is extended everywhere and defined nowhere.",
        "Define the type in one subgraph, with `type` in place of `extend type`.",
    )

    # Merging.
    TYPE_KIND_MISMATCH = (
        "A type is of different kinds in different subgraphs.",
        "Make it the same kind everywhere, or rename it in one of them.",
    )
    FIELD_TYPE_MISMATCH = (
        "A field has types that no type covers.",
        "Agree on a type; only nullability and narrower objects may differ.",
    )
    FIELD_ARGUMENT_TYPE_MISMATCH = (
        "An argument has types that no type satisfies.",
        "Agree on a type; only nullability may differ.",
    )
    FIELD_ARGUMENT_DEFAULT_MISMATCH = (
        "An argument has different defaults.",
        "Give it the same default everywhere, or none.",
    )
    INPUT_FIELD_DEFAULT_MISMATCH = (
        "An input field has different defaults.",
        "Give it the same default everywhere, or none.",
    )
    REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH = (
        "An argument required in one subgraph is absent from another.",
        "Add it everywhere, or make it optional.",
    )
    REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH = (
        "An input field required in one subgraph is absent from another.",
        "Add it everywhere, or make it optional.",
    )
    EMPTY_MERGED_INPUT_TYPE = (
        "No field of an input object is common to all subgraphs.",
        "Share at least one field: only what every subgraph has can be sent.",
    )
    EMPTY_MERGED_ENUM_TYPE = (
        "No value of an input enum is common to all subgraphs.",
        "Share at least one value: only what every subgraph has can be sent.",
    )
    ENUM_VALUE_MISMATCH = (
        "An enum used for input and output has different values in different subgraphs.",
        "Define the same values everywhere, or mark what some lack @inaccessible.",
    )
    INVALID_FIELD_SHARING = (
        "Several subgraphs resolve a field that is not @shareable in all of them.",
        "Mark it @shareable everywhere, or resolve it in one subgraph only.",
    )
    INVALID_SHAREABLE_USAGE = (
        "@shareable stands where it cannot.",
        "Put it on object types and their fields, once for each declaration.",
    )
    SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES = (
        "A shared field returns an abstract type, and the subgraphs have no object type of it in common.",
        "Let all subgraphs that share the field know the same object types.",
    )
    INTERFACE_FIELD_NO_IMPLEM = (
        "After merging, an implementation lacks a field of its interface.",
        "Add the field to the implementation in some subgraph, or remove it from the interface.",
    )
    DIRECTIVE_COMPOSITION_ERROR = (
        "A @composeDirective names a directive that cannot be composed.",
        "Name, with its @, a directive that the schema defines and imports from a specification of its own.",
    )

    # Interface objects and keyed interfaces.
    INTERFACE_OBJECT_USAGE_ERROR = (
        "@interfaceObject is used without key, beside an implementation, or without interface.",
        "Give the type the interface's key and define the interface, with its implementations, elsewhere.",
    )
    INTERFACE_KEY_NOT_ON_IMPLEMENTATION = (
        "The key of an interface is missing on an implementation.",
        "Add the key to every implementation in that subgraph.",
    )
    INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE = (
        "A subgraph with a keyed interface does not know all implementations.",
        "Define every implementation there, or remove the key.",
    )

    # @inaccessible.
    REFERENCED_INACCESSIBLE = (
        "A visible element refers to an inaccessible type.",
        "Mark the element @inaccessible too, or make the type visible.",
    )
    DEFAULT_VALUE_USES_INACCESSIBLE = (
        "A visible default value uses an inaccessible element.",
        "Choose a default of visible parts.",
    )
    REQUIRED_INACCESSIBLE = (
        "An inaccessible argument or input field is required.",
        "Make it optional or visible: clients cannot give what they do not see.",
    )
    IMPLEMENTED_BY_INACCESSIBLE = (
        "A visible interface field is implemented by an inaccessible one.",
        "Make both visible, or both @inaccessible.",
    )
    ONLY_INACCESSIBLE_CHILDREN = (
        "A visible type has only inaccessible parts.",
        "Mark the type @inaccessible, or make one of its parts visible.",
    )
    QUERY_ROOT_TYPE_INACCESSIBLE = (
        "The query root is inaccessible.",
        "Mark its fields instead; one must stay visible.",
    )
    DISALLOWED_INACCESSIBLE = (
        "A built-in type or directive, or one of a specification, is marked @inaccessible.",
        "Remove @inaccessible: what every schema has cannot be hidden.",
    )

    # @context and @fromContext.
    CONTEXT_NAME_INVALID = (
        "The name of a @context is not letters and digits, beginning with a letter.",
        "Choose a name without underscores.",
    )
    CONTEXT_NOT_SET = (
        "A @fromContext refers to a context that no type of the subgraph sets.",
        "Put @context with that name on a type above, or correct the name.",
    )
    NO_CONTEXT_IN_SELECTION = (
        "The field of a @fromContext does not begin with a context.",
        'Write "$name { field }" with the name of a @context.',
    )
    CONTEXT_INVALID_SELECTION = (
        "The selection of a @fromContext is not one field that fits the argument on every type that sets the context.",
        "Select exactly one leaf, without alias or directive, whose type fits the argument.",
    )
    CONTEXT_NO_RESOLVABLE_KEY = (
        "A type takes arguments from a context and has no resolvable key.",
        "Give the type a @key: its fields are fetched apart from what stands above them.",
    )
    CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS = (
        "An argument taken from a context in one subgraph is required from clients in another.",
        "Mark it @fromContext everywhere, or make it optional.",
    )

    # @cost and @listSize.
    COST_APPLIED_TO_INTERFACE_FIELD = (
        "@cost stands on an interface field.",
        "Put it on the fields of the implementations.",
    )
    LIST_SIZE_APPLIED_TO_NON_LIST = (
        "@listSize stands on, or sizes, a field that is not a list.",
        "Put it on a list, or name the list below with sizedFields.",
    )
    LIST_SIZE_INVALID_ASSUMED_SIZE = (
        "The assumed size of a @listSize is negative.",
        "Give zero or more.",
    )
    LIST_SIZE_INVALID_SLICING_ARGUMENT = (
        "A slicing argument of @listSize is unknown or not an Int.",
        "Name arguments of the field whose type is Int.",
    )
    LIST_SIZE_INVALID_SIZED_FIELD = (
        "A sized field of @listSize does not exist.",
        "Name fields of the type that the field returns.",
    )

    # @authenticated, @requiresScopes, @policy.
    AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE = (
        "An authorization directive stands on an interface, its field or an interface object.",
        "Put it on the implementations: an interface demands what they do.",
    )
    MISSING_TRANSITIVE_AUTH_REQUIREMENTS = (
        "A @requires or @fromContext reads guarded data without demanding the same rights.",
        "Demand on the field what guards the data it reads.",
    )

    # The whole supergraph.
    SATISFIABILITY_ERROR = (
        "Clients could ask for something that no way through the subgraphs leads to.",
        "Add a key that leads to the subgraph which resolves the field, or let another subgraph resolve it too.",
    )
    MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED = (
        "There are more ways through the subgraphs than can be checked.",
        "Remove needless keys, or split fields that many subgraphs share.",
    )

    @property
    def meaning(self) -> str:
        """What is wrong, in a sentence."""
        return self.value[0]

    @property
    def way_out(self) -> str:
        """What to do about it."""
        return self.value[1]
