"""The features whose directives reach the supergraph, and how the supergraph links and defines them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ComposedFeature:
    """A specification of directives that composition carries over.

    `directives` maps each directive's name to its definition, with `{name}` for what it is called; `scalars` are the
    types of the feature that a definition needs, printed under the feature's prefix.
    """

    name: str
    version: str
    security: bool
    directives: dict[str, str]
    scalars: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return f"https://specs.apollo.dev/{self.name}/{self.version}"


_EVERYWHERE = (
    "FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT"
    " | INPUT_FIELD_DEFINITION"
)
_GUARDED = "FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM"

# The order is that of the links in the supergraph.
COMPOSED_FEATURES = (
    ComposedFeature(
        "tag",
        "v0.3",
        security=False,
        directives={"tag": f"directive @{{name}}(name: String!) repeatable on {_EVERYWHERE} | SCHEMA"},
    ),
    ComposedFeature(
        "inaccessible", "v0.2", security=True, directives={"inaccessible": f"directive @{{name}} on {_EVERYWHERE}"}
    ),
    ComposedFeature(
        "authenticated", "v0.1", security=True, directives={"authenticated": f"directive @{{name}} on {_GUARDED}"}
    ),
    ComposedFeature(
        "requiresScopes",
        "v0.1",
        security=True,
        directives={"requiresScopes": f"directive @{{name}}(scopes: [[requiresScopes__Scope!]!]!) on {_GUARDED}"},
        scalars=("requiresScopes__Scope",),
    ),
    ComposedFeature(
        "policy",
        "v0.1",
        security=True,
        directives={"policy": f"directive @{{name}}(policies: [[policy__Policy!]!]!) on {_GUARDED}"},
        scalars=("policy__Policy",),
    ),
    ComposedFeature(
        "cost",
        "v0.1",
        security=False,
        directives={
            "cost": "directive @{name}(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION"
            " | OBJECT | SCALAR",
            "listSize": "directive @{name}(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!],"
            " requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION",
        },
    ),
)
COMPOSED_DIRECTIVES = frozenset(name for feature in COMPOSED_FEATURES for name in feature.directives)
AUTH_DIRECTIVES = ("authenticated", "requiresScopes", "policy")
BUILT_IN_DIRECTIVES = frozenset({"deprecated", "specifiedBy", "oneOf"})
MERGED_DIRECTIVES = COMPOSED_DIRECTIVES | BUILT_IN_DIRECTIVES


def default_name(feature: ComposedFeature, directive: str) -> str:
    """What a directive is called where nobody imports it under another name."""
    return directive if directive == feature.name else f"{feature.name}__{directive}"
