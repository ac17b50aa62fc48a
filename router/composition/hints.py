"""The catalogue of composition hints: the member's name is the code, its value (level, meaning, way out).

The codes and levels are those of Apollo's composition. Each has its own module in `router/composition/advice/`, named like it,
and its own test.
"""

from __future__ import annotations

from enum import Enum, unique


@unique
class HintCode(Enum):
    """What may surprise about subgraphs that do compose."""

    INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE = (
        "info",
        "A field's types differ; the widest is used.",
        "Nothing needs to be done; give the field one type everywhere if the difference is not meant.",
    )
    INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE = (
        "info",
        "An argument's types differ; the strictest is used.",
        "Nothing needs to be done; give the argument one type everywhere if the difference is not meant.",
    )
    INCONSISTENT_ENTITY = (
        "info",
        "A type has a key in some subgraphs only.",
        "Add the key where it is missing if the other subgraphs should be able to reach the type there.",
    )
    OVERRIDDEN_FIELD_CAN_BE_REMOVED = (
        "info",
        "Another subgraph overrides the field, which can go here.",
        "Remove the field from the overridden subgraph once nothing there needs it.",
    )
    OVERRIDE_DIRECTIVE_CAN_BE_REMOVED = (
        "info",
        "The overridden field is gone already: the @override can go.",
        "Remove the @override.",
    )
    OVERRIDE_MIGRATION_IN_PROGRESS = (
        "info",
        "A labelled override is under way.",
        "When the migration is over, remove the label, then the overridden field, then the @override.",
    )
    MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS = (
        "info",
        "A directive's arguments differ; they are combined.",
        "Write the same arguments everywhere if the combination is not what is meant.",
    )
    DIRECTIVE_COMPOSITION_INFO = (
        "info",
        "A @composeDirective changes nothing, or only some subgraphs have it.",
        "Remove the @composeDirective, or let every subgraph that has the directive compose it.",
    )
    IMPLICITLY_UPGRADED_FEDERATION_VERSION = (
        "info",
        "A subgraph is read as a later federation version, for what it links needs that.",
        "Link that federation version in the subgraph.",
    )
    CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS = (
        "info",
        "An argument is taken from a context in some subgraphs only; clients cannot give it.",
        "Use @fromContext on the argument everywhere, or remove the argument where it is a plain one.",
    )
    INCONSISTENT_DEFAULT_VALUE_PRESENCE = (
        "warn",
        "Only some subgraphs have a default; none is used.",
        "Give the same default everywhere, or none.",
    )
    INCONSISTENT_INPUT_OBJECT_FIELD = (
        "warn",
        "An input field of some subgraphs only is dropped.",
        "Add the field to the input object everywhere, or remove it.",
    )
    INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM = (
        "warn",
        "An input value of some subgraphs only is dropped.",
        "Add the value to the enum everywhere, or remove it.",
    )
    INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE = (
        "warn",
        "An executable directive of some subgraphs only is dropped.",
        "Define the directive in every subgraph if clients should be able to use it.",
    )
    INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE = (
        "warn",
        "An executable directive is repeatable in some subgraphs only; it is not in the supergraph.",
        "Make the definitions agree: repeatable everywhere, or nowhere.",
    )
    INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS = (
        "warn",
        "An executable directive has different locations; the common ones are kept.",
        "Define the directive with the same locations everywhere.",
    )
    NO_EXECUTABLE_DIRECTIVE_INTERSECTION = (
        "warn",
        "An executable directive has no common location; it is dropped.",
        "Give the definitions at least one location in common.",
    )
    INCONSISTENT_DESCRIPTION = (
        "warn",
        "Descriptions differ; the most frequent is used.",
        "Write one description: in one subgraph only, or the same everywhere.",
    )
    INCONSISTENT_ARGUMENT_PRESENCE = (
        "warn",
        "An optional argument of some subgraphs only is dropped.",
        "Add the argument everywhere the field is defined, or remove it.",
    )
    INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS = (
        "warn",
        "A directive's arguments differ; the most frequent are used.",
        "Write the same arguments everywhere.",
    )
    INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN = (
        "warn",
        "A shared field returns an abstract type of which the subgraphs know different object types.",
        "Let the subgraphs that share the field know the same object types.",
    )
    FROM_SUBGRAPH_DOES_NOT_EXIST = (
        "warn",
        "An @override names a subgraph that is not there.",
        "Correct the name, or remove the @override if that subgraph is gone.",
    )
    DIRECTIVE_COMPOSITION_WARN = (
        "warn",
        "A @composeDirective asks for a directive that federation handles already.",
        "Remove the @composeDirective: the directive reaches the supergraph without it.",
    )
    INCONSISTENT_ONE_OF = (
        "warn",
        "An input object is @oneOf in some subgraphs only; it is so for clients.",
        "Mark the input object @oneOf everywhere, or nowhere.",
    )
    INCONSISTENT_OBJECT_VALUE_TYPE_FIELD = (
        "debug",
        "A field of a keyless object type is in some subgraphs only.",
        "Nothing needs to be done where every query can still reach the field; else add it to the other subgraphs.",
    )
    INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD = (
        "debug",
        "A field of an interface is in some subgraphs only.",
        "Nothing needs to be done; add the field to the interface everywhere if the difference is not meant.",
    )
    INCONSISTENT_UNION_MEMBER = (
        "debug",
        "A member of a union is in some subgraphs only.",
        "Nothing needs to be done; add the member everywhere if every subgraph may return it.",
    )
    INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM = (
        "debug",
        "A value of an output enum is in some subgraphs only.",
        "Nothing needs to be done; add the value everywhere if every subgraph may return it.",
    )
    INCONSISTENT_TYPE_SYSTEM_DIRECTIVE_REPEATABLE = (
        "debug",
        "A composed directive is repeatable in some subgraphs only.",
        "Make the definitions agree: repeatable everywhere, or nowhere.",
    )
    INCONSISTENT_TYPE_SYSTEM_DIRECTIVE_LOCATIONS = (
        "debug",
        "A composed directive has different locations.",
        "Define the directive with the same locations everywhere.",
    )
    UNUSED_ENUM_TYPE = (
        "debug",
        "Nothing uses the enum.",
        "Use the enum, or remove it.",
    )

    @property
    def level(self) -> str:
        """How much it matters: warn, info or debug."""
        return self.value[0]

    @property
    def meaning(self) -> str:
        """What was found, in a sentence."""
        return self.value[1]

    @property
    def way_out(self) -> str:
        """What to do about it, where something should be done."""
        return self.value[2]
