"""The catalogue of composition hints: the member's name is the code, its value the level and the meaning."""

from __future__ import annotations

from enum import Enum, unique


@unique
class HintCode(Enum):
    """What may surprise about subgraphs that do compose."""

    INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE = ("info", "A field's types differ; the widest is used.")
    INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE = ("info", "An argument's types differ; the strictest is used.")
    INCONSISTENT_ENTITY = ("info", "A type has a key in some subgraphs only.")
    OVERRIDDEN_FIELD_CAN_BE_REMOVED = ("info", "Another subgraph overrides the field.")
    OVERRIDE_DIRECTIVE_CAN_BE_REMOVED = ("info", "The overridden field is gone already.")
    OVERRIDE_MIGRATION_IN_PROGRESS = ("info", "A labelled override is under way.")
    MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS = ("info", "Arguments of a directive were combined.")
    INCONSISTENT_DEFAULT_VALUE_PRESENCE = ("warn", "Only some subgraphs have a default; none is used.")
    INCONSISTENT_INPUT_OBJECT_FIELD = ("warn", "An input field of some subgraphs only is dropped.")
    INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM = ("warn", "An input value of some subgraphs only is dropped.")
    INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE = ("warn", "An executable directive of some subgraphs only is dropped.")
    INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE = (
        "warn",
        "An executable directive is repeatable in some subgraphs only.",
    )
    INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS = ("warn", "An executable directive has different locations.")
    NO_EXECUTABLE_DIRECTIVE_LOCATIONS_INTERSECTION = ("warn", "An executable directive has no common location.")
    INCONSISTENT_DESCRIPTION = ("warn", "Descriptions differ; the most frequent is used.")
    INCONSISTENT_ARGUMENT_PRESENCE = ("warn", "An optional argument of some subgraphs only is dropped.")
    INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS = (
        "warn",
        "A directive's arguments differ; the most frequent are used.",
    )
    FROM_SUBGRAPH_DOES_NOT_EXIST = ("warn", "An @override names a subgraph that is not there.")
    INCONSISTENT_ONE_OF = ("warn", "An input object is @oneOf in some subgraphs only; it is so for clients.")
    UNUSED_ENUM_TYPE = ("debug", "Nothing uses the enum.")

    @property
    def level(self) -> str:
        return self.value[0]
