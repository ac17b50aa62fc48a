"""The catalogue of composition hints: the member's name is the code, its value (level, meaning).

The codes and levels are those of Apollo's composition. Each has its own module in `router/composition/advice/`, named like it,
and its own test.
"""

from __future__ import annotations

from enum import Enum, unique


@unique
class HintCode(Enum):
    """What may surprise about subgraphs that do compose."""

    INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE = ("info", "A field's types differ; the widest is used.")
    INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE = ("info", "An argument's types differ; the strictest is used.")
    INCONSISTENT_ENTITY = ("info", "A type has a key in some subgraphs only.")
    OVERRIDDEN_FIELD_CAN_BE_REMOVED = ("info", "Another subgraph overrides the field, which can go here.")
    OVERRIDE_DIRECTIVE_CAN_BE_REMOVED = ("info", "The overridden field is gone already: the @override can go.")
    OVERRIDE_MIGRATION_IN_PROGRESS = ("info", "A labelled override is under way.")
    MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS = ("info", "A directive's arguments differ; they are combined.")
    DIRECTIVE_COMPOSITION_INFO = ("info", "A @composeDirective changes nothing, or only some subgraphs have it.")
    IMPLICITLY_UPGRADED_FEDERATION_VERSION = (
        "info",
        "A subgraph is read as a later federation version, for what it links needs that.",
    )
    CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS = (
        "info",
        "An argument is taken from a context in some subgraphs only; clients cannot give it.",
    )
    INCONSISTENT_DEFAULT_VALUE_PRESENCE = ("warn", "Only some subgraphs have a default; none is used.")
    INCONSISTENT_INPUT_OBJECT_FIELD = ("warn", "An input field of some subgraphs only is dropped.")
    INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM = ("warn", "An input value of some subgraphs only is dropped.")
    INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE = ("warn", "An executable directive of some subgraphs only is dropped.")
    INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE = (
        "warn",
        "An executable directive is repeatable in some subgraphs only; it is not in the supergraph.",
    )
    INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS = (
        "warn",
        "An executable directive has different locations; the common ones are kept.",
    )
    NO_EXECUTABLE_DIRECTIVE_INTERSECTION = ("warn", "An executable directive has no common location; it is dropped.")
    INCONSISTENT_DESCRIPTION = ("warn", "Descriptions differ; the most frequent is used.")
    INCONSISTENT_ARGUMENT_PRESENCE = ("warn", "An optional argument of some subgraphs only is dropped.")
    INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS = (
        "warn",
        "A directive's arguments differ; the most frequent are used.",
    )
    INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN = (
        "warn",
        "A shared field returns an abstract type of which the subgraphs know different object types.",
    )
    FROM_SUBGRAPH_DOES_NOT_EXIST = ("warn", "An @override names a subgraph that is not there.")
    DIRECTIVE_COMPOSITION_WARN = ("warn", "A @composeDirective asks for a directive that federation handles already.")
    INCONSISTENT_ONE_OF = ("warn", "An input object is @oneOf in some subgraphs only; it is so for clients.")
    INCONSISTENT_OBJECT_VALUE_TYPE_FIELD = ("debug", "A field of a keyless object type is in some subgraphs only.")
    INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD = ("debug", "A field of an interface is in some subgraphs only.")
    INCONSISTENT_UNION_MEMBER = ("debug", "A member of a union is in some subgraphs only.")
    INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM = ("debug", "A value of an output enum is in some subgraphs only.")
    INCONSISTENT_TYPE_SYSTEM_DIRECTIVE_REPEATABLE = (
        "debug",
        "A composed directive is repeatable in some subgraphs only.",
    )
    INCONSISTENT_TYPE_SYSTEM_DIRECTIVE_LOCATIONS = ("debug", "A composed directive has different locations.")
    UNUSED_ENUM_TYPE = ("debug", "Nothing uses the enum.")

    @property
    def level(self) -> str:
        """How much it matters: warn, info or debug."""
        return self.value[0]

    @property
    def meaning(self) -> str:
        """What was found, in a sentence."""
        return self.value[1]
