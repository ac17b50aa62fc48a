"""What a federation version defines: directives and types with the version that brought them.

Source: https://specs.apollo.dev/federation/v2.0 to v2.14, https://www.apollographql.com/docs/federation/reference/versions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from router.composition.spec.link import Feature, Version

OLDEST = Version(2, 0)
NEWEST = Version(2, 14)

OPERATION_TYPES = frozenset({"_Any", "_Entity", "_Service"})
OPERATION_FIELDS = frozenset({"_entities", "_service"})


@dataclass(frozen=True, slots=True)
class FederationType:
    """A scalar of the federation specification."""

    name: str
    since: Version = OLDEST


@dataclass(frozen=True, slots=True)
class FederationDirective:
    """A directive of the federation specification; `definition` has its own name and those of types in braces."""

    name: str
    definition: str
    since: Version = OLDEST
    until: Version = NEWEST


TYPES = (
    FederationType("FieldSet"),
    FederationType("Scope", Version(2, 5)),
    FederationType("Policy", Version(2, 6)),
    FederationType("ContextFieldValue", Version(2, 8)),
)

_TAGGED = (
    "FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT"
    " | INPUT_FIELD_DEFINITION"
)
_GUARDED = "FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM"

DIRECTIVES = (
    FederationDirective("key", "(fields: {FieldSet}!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE"),
    FederationDirective("requires", "(fields: {FieldSet}!) on FIELD_DEFINITION"),
    FederationDirective("provides", "(fields: {FieldSet}!) on FIELD_DEFINITION"),
    FederationDirective("external", "(reason: String) on OBJECT | FIELD_DEFINITION"),
    FederationDirective("tag", f"(name: String!) repeatable on {_TAGGED}", until=Version(2, 2)),
    FederationDirective("tag", f"(name: String!) repeatable on {_TAGGED} | SCHEMA", Version(2, 3)),
    FederationDirective("extends", "on OBJECT | INTERFACE"),
    FederationDirective("shareable", "on OBJECT | FIELD_DEFINITION", until=Version(2, 1)),
    FederationDirective("shareable", "repeatable on OBJECT | FIELD_DEFINITION", Version(2, 2)),
    FederationDirective("inaccessible", f"on {_TAGGED}"),
    FederationDirective("override", "(from: String!) on FIELD_DEFINITION", until=Version(2, 6)),
    FederationDirective("override", "(from: String!, label: String) on FIELD_DEFINITION", Version(2, 7)),
    FederationDirective("composeDirective", "(name: String) repeatable on SCHEMA", Version(2, 1)),
    FederationDirective("interfaceObject", "on OBJECT", Version(2, 3)),
    FederationDirective("authenticated", f"on {_GUARDED}", Version(2, 5)),
    FederationDirective("requiresScopes", f"(scopes: [[{{Scope}}!]!]!) on {_GUARDED}", Version(2, 5)),
    FederationDirective("policy", f"(policies: [[{{Policy}}!]!]!) on {_GUARDED}", Version(2, 6)),
    FederationDirective("context", "(name: String!) repeatable on INTERFACE | OBJECT | UNION", Version(2, 8)),
    FederationDirective("fromContext", "(field: {ContextFieldValue}) on ARGUMENT_DEFINITION", Version(2, 8)),
    FederationDirective(
        "cost",
        "(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR",
        Version(2, 9),
    ),
    FederationDirective(
        "listSize",
        "(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true)"
        " on FIELD_DEFINITION",
        Version(2, 9),
    ),
    FederationDirective("cacheTag", "(format: String!) repeatable on OBJECT | FIELD_DEFINITION", Version(2, 12)),
)
DIRECTIVE_NAMES = frozenset(directive.name for directive in DIRECTIVES)


def is_known(version: Version) -> bool:
    """Whether there is such a version of federation 2."""
    return OLDEST <= version <= NEWEST


def directives(version: Version) -> Iterator[FederationDirective]:
    """The directives of a version."""
    return (directive for directive in DIRECTIVES if directive.since <= version <= directive.until)


def types(version: Version) -> Iterator[FederationType]:
    """The types of a version."""
    return (type_ for type_ in TYPES if type_.since <= version)


def definition_sdl(directive: FederationDirective, feature: Feature) -> str:
    """The directive's definition under the names that the linking schema gives to it and its types."""
    names = {type_.name: feature.type_name(type_.name) for type_ in TYPES}
    body = directive.definition.format(**names)
    separator = "" if body.startswith("(") else " "
    return f"directive @{feature.directive_name(directive.name)}{separator}{body}"
