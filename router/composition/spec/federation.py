"""What a federation version defines: directives and types with the version that brought them.

A schema that links no federation version is one of federation 1, here version 1.0.

Source: https://specs.apollo.dev/federation/v2.0 to v2.14, https://www.apollographql.com/docs/federation/reference/versions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from router.composition.spec.link import FEDERATION, FeatureUrl, Version
from router.composition.spec.specification import Specification

FEDERATION_1 = Version(1, 0)
UPGRADED = Version(2, 4)  # what a federation 1 schema becomes, in Apollo's composition as here
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
    FederationType("FieldSet", FEDERATION_1),
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
    FederationDirective(
        "key", "(fields: {FieldSet}!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE", FEDERATION_1
    ),
    FederationDirective("requires", "(fields: {FieldSet}!) on FIELD_DEFINITION", FEDERATION_1),
    FederationDirective("provides", "(fields: {FieldSet}!) on FIELD_DEFINITION", FEDERATION_1),
    FederationDirective("external", "(reason: String) on OBJECT | FIELD_DEFINITION", FEDERATION_1),
    FederationDirective("tag", f"(name: String!) repeatable on {_TAGGED}", FEDERATION_1, until=Version(2, 2)),
    FederationDirective("tag", f"(name: String!) repeatable on {_TAGGED} | SCHEMA", Version(2, 3)),
    FederationDirective("extends", "on OBJECT | INTERFACE", FEDERATION_1),
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


def _specification(version: Version) -> Specification:
    return Specification(
        FeatureUrl(FEDERATION, "federation", version),
        {directive.name: directive.definition for directive in directives(version)},
        {type_.name: f"scalar {{{type_.name}}}" for type_ in types(version)},
    )


SPECIFICATIONS = tuple(
    _specification(version)
    for version in (FEDERATION_1, *(Version(OLDEST.major, minor) for minor in range(OLDEST.minor, NEWEST.minor + 1)))
)
