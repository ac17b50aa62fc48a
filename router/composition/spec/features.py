"""The specifications beside federation whose directives composition understands, and which of them it carries.

Source: https://specs.apollo.dev/tag, inaccessible, authenticated, requiresScopes, policy, context and cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from router.composition.spec.connect import CONNECT
from router.composition.spec.link import CORE, FEDERATION, LINK, Feature, FeatureUrl, Version
from router.composition.spec.specification import Specification

_TAGGED_FIRST = "FIELD_DEFINITION | OBJECT | INTERFACE | UNION"
_EVERYWHERE = (
    f"{_TAGGED_FIRST} | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION"
)
_GUARDED = "FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM"


def _specification(
    name: str,
    version: Version,
    since: Version | None,
    *,
    directives: Mapping[str, str],
    types: Mapping[str, str] | None = None,
) -> Specification:
    url = FeatureUrl(f"https://specs.apollo.dev/{name}", name, version)
    return Specification(url, directives, types or {}, since)


def _tag(minor: int, since: Version | None, locations: str) -> Specification:
    definition = f"(name: String!) repeatable on {locations}"
    return _specification("tag", Version(0, minor), since, directives={"tag": definition})


TAG = _tag(3, Version(2, 0), f"{_EVERYWHERE} | SCHEMA")
INACCESSIBLE = _specification(
    "inaccessible", Version(0, 2), Version(2, 0), directives={"inaccessible": f"on {_EVERYWHERE}"}
)
AUTHENTICATED = _specification(
    "authenticated", Version(0, 1), Version(2, 5), directives={"authenticated": f"on {_GUARDED}"}
)
REQUIRES_SCOPES = _specification(
    "requiresScopes",
    Version(0, 1),
    None,
    directives={"requiresScopes": f"(scopes: [[{{Scope}}!]!]!) on {_GUARDED}"},
    types={"Scope": "scalar {Scope}"},
)
POLICY = _specification(
    "policy",
    Version(0, 1),
    None,
    directives={"policy": f"(policies: [[{{Policy}}!]!]!) on {_GUARDED}"},
    types={"Policy": "scalar {Policy}"},
)
CONTEXT = _specification(
    "context",
    Version(0, 1),
    None,
    directives={
        "context": "(name: String!) repeatable on INTERFACE | OBJECT | UNION",
        "fromContext": "(field: {ContextFieldValue}) on ARGUMENT_DEFINITION",
    },
    types={"ContextFieldValue": "scalar {ContextFieldValue}"},
)
COST = _specification(
    "cost",
    Version(0, 1),
    Version(2, 9),
    directives={
        "cost": "(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR",
        "listSize": "(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!],"
        " requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION",
    },
)
CACHE_TAG = _specification("cacheTag", Version(0, 1), None, directives={})  # federation has the directive
OLDER = (
    _tag(1, None, _TAGGED_FIRST),
    _tag(2, None, _EVERYWHERE),
    _specification("inaccessible", Version(0, 1), None, directives={"inaccessible": f"on {_TAGGED_FIRST}"}),
)

_OF_THE_PLATFORM = frozenset(
    {
        *(LINK, CORE, FEDERATION, "https://specs.apollo.dev/join", "https://specs.apollo.dev/source", CONNECT),
        *(known.url.identity for known in (TAG, INACCESSIBLE, AUTHENTICATED, REQUIRES_SCOPES, POLICY, CONTEXT, COST)),
    }
)


@dataclass(frozen=True, slots=True)
class ComposedFeature:
    """A specification whose directives, but for those `left_behind`, are carried to the supergraph.

    Every federation version since the directives exist has the same version of it. Directives that are `wrapped` go as
    arguments of @join__directive.
    """

    specification: Specification
    purpose: str | None = None
    left_behind: frozenset[str] = frozenset()
    wrapped: tuple[str, ...] = ()

    @property
    def url(self) -> FeatureUrl:
        return self.specification.url

    @property
    def directives(self) -> tuple[str, ...]:
        """Those that are carried as they are."""
        return tuple(name for name in self.specification.directives if name not in self.left_behind)

    def in_supergraph(self, names: Mapping[str, str], prefix: str) -> Feature:
        """How the supergraph links it; `names` maps directives to what they are called there.

        A directive with another name than its prefix gives it is imported.
        """
        plain = Feature(self.url, prefix)
        imports = {
            f"@{name}": f"@{names[name]}"
            for name in self.directives
            if name in names and names[name] != plain.directive_name(name)
        }
        return Feature(self.url, prefix, imports, self.purpose)


# The order is that of the links in the supergraph.
COMPOSED_FEATURES = (
    ComposedFeature(TAG),
    ComposedFeature(INACCESSIBLE, "SECURITY"),
    ComposedFeature(AUTHENTICATED, "SECURITY"),
    ComposedFeature(REQUIRES_SCOPES, "SECURITY"),
    ComposedFeature(POLICY, "SECURITY"),
    ComposedFeature(CONTEXT, "SECURITY", left_behind=frozenset({"fromContext"})),
    ComposedFeature(COST),
    ComposedFeature(CACHE_TAG, "EXECUTION", wrapped=("cacheTag",)),
)
COMPOSED_DIRECTIVES = frozenset(name for feature in COMPOSED_FEATURES for name in feature.directives)
WRAPPED_DIRECTIVES = frozenset(name for feature in COMPOSED_FEATURES for name in feature.wrapped)
AUTH_DIRECTIVES = ("authenticated", "requiresScopes", "policy")
BUILT_IN_DIRECTIVES = frozenset({"deprecated", "specifiedBy", "oneOf"})
GRAPHQL_DIRECTIVES = BUILT_IN_DIRECTIVES | {"skip", "include", "defer", "stream"}
MERGED_DIRECTIVES = COMPOSED_DIRECTIVES | BUILT_IN_DIRECTIVES


def is_of_the_platform(identity: str) -> bool:
    """Whether a specification is one that composition itself goes by, so that nobody composes its directives."""
    return identity in _OF_THE_PLATFORM
