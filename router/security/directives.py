"""Reads @authenticated, @requiresScopes and @policy from a supergraph, under whatever names its @link gives them.

Source: Apollo's specifications authenticated v0.1, requiresScopes v0.1 and policy v0.1; naming by the link specification,
https://specs.apollo.dev/link/v1.0/.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, cast

from graphql import ConstDirectiveNode, DefinitionNode, DocumentNode, GraphQLSchema

from router.security.caller import View
from router.supergraph.features import arguments_of, linked_features

AUTHENTICATED: Final = "authenticated"
REQUIRES_SCOPES: Final = "requiresScopes"
POLICY: Final = "policy"


Alternatives: TypeAlias = tuple[frozenset[str], ...]
"""An OR of ANDs: every name of one of the sets."""

NOTHING: Final[Alternatives] = (frozenset(),)


@dataclass(frozen=True, slots=True)
class Rule:
    """What one directive demands of a caller: to be signed in, and to hold every scope or policy of one of the sets.

    Scopes are a token's and so imply one. Whether a policy wants a signed-in caller is for whoever decides it to say.
    """

    signed_in: bool = True
    scopes: Alternatives = NOTHING
    policies: Alternatives = NOTHING

    def met_by(self, view: View) -> bool:
        """Whether callers of this view may pass."""
        return (
            (view.authenticated or not self.signed_in)
            and any(needed <= view.scopes for needed in self.scopes)
            and any(needed <= view.policies for needed in self.policies)
        )


class RuleReader:
    """Turns the directives on a definition into rules."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._meaning = dict(_names(schema))

    def rules(self, element: Any) -> tuple[Rule, ...]:
        """The rules on a type or field of the schema; all of them must be met."""
        nodes = (element.ast_node, *(getattr(element, "extension_ast_nodes", None) or ()))
        directives = [directive for node in nodes if node is not None for directive in node.directives or ()]
        return tuple(dict.fromkeys(self._read(directives)))

    def _read(self, directives: Iterable[ConstDirectiveNode]) -> Iterator[Rule]:
        for directive in directives:
            meaning = self._meaning.get(directive.name.value)
            if meaning == AUTHENTICATED:
                yield Rule()
            elif meaning == REQUIRES_SCOPES:
                yield Rule(scopes=_alternatives(arguments_of(directive).get("scopes")))
            elif meaning == POLICY:
                yield Rule(signed_in=False, policies=_alternatives(arguments_of(directive).get("policies")))


def _alternatives(written: Any) -> Alternatives:
    """The argument `[["a", "b"], ["c"]]`; GraphQL lets a list of one be written without its brackets. What is odd lets nobody in."""
    sets = written if isinstance(written, list) else [written]
    read = [[names] if isinstance(names, str) else names for names in sets]
    return tuple(
        frozenset(names) for names in read if isinstance(names, list) and all(isinstance(name, str) for name in names)
    )


def _names(schema: GraphQLSchema) -> Iterator[tuple[str, str]]:
    """Pairs of a directive's name in this schema and what it means.

    A specification that no @link mentions is still honoured under its own name, unless a linked one goes by it: a supergraph
    whose composer left the link out must not lose its protection.
    """
    nodes = [node for node in (schema.ast_node, *(schema.extension_ast_nodes or ())) if node is not None]
    features = linked_features(DocumentNode(definitions=cast("tuple[DefinitionNode, ...]", tuple(nodes))))
    taken = {feature.prefix for feature in features.by_name.values()}
    taken.update(local for feature in features.by_name.values() for local in feature.imports.values())
    for meaning in (AUTHENTICATED, REQUIRES_SCOPES, POLICY):
        if (name := features.directive(meaning, meaning)) is not None:
            yield name, meaning
        elif meaning not in taken and f"@{meaning}" not in taken:
            yield meaning, meaning
