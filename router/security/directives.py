"""Reads @authenticated, @requiresScopes and @policy from a supergraph, under whatever names its @link gives them.

Source: Apollo's specifications authenticated v0.1, requiresScopes v0.1 and policy v0.1; naming by the link specification,
https://specs.apollo.dev/link/v1.0/.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import ConstDirectiveNode, GraphQLSchema, value_from_ast_untyped

from router.security.caller import Caller

AUTHENTICATED: Final = "authenticated"
REQUIRES_SCOPES: Final = "requiresScopes"
POLICY: Final = "policy"

_SPECIFICATION: Final = re.compile(r"^https://specs\.apollo\.dev/(?P<name>\w+)/v\d+\.\d+$")


@dataclass(frozen=True, slots=True)
class Rule:
    """What one directive demands of a caller: to be signed in, and to hold every scope of one of `scopes`.

    A rule with a `policy` is met by nobody: the router has no one to ask for its verdict, so it fails closed.
    """

    scopes: tuple[frozenset[str], ...] = (frozenset(),)
    policy: bool = False

    def met_by(self, caller: Caller) -> bool:
        """Whether the caller may pass."""
        return caller.authenticated and not self.policy and any(needed <= caller.scopes for needed in self.scopes)


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
                yield Rule(scopes=tuple(frozenset(needed) for needed in _arguments(directive).get("scopes", ())))
            elif meaning == POLICY:
                yield Rule(policy=True)


def _names(schema: GraphQLSchema) -> Iterator[tuple[str, str]]:
    """Pairs of a directive's name in this schema and what it means.

    A specification that no @link mentions is still honoured under its own name, unless another one was given that name: a
    supergraph whose composer left the link out must not lose its protection.
    """
    linked: dict[str, str] = {}
    taken: set[str] = set()
    for link in _links(schema):
        specification = _SPECIFICATION.match(str(link.get("url")))
        name = specification["name"] if specification else str(link.get("url")).rstrip("/").split("/")[-2:][0]
        if specification and name in (AUTHENTICATED, REQUIRES_SCOPES, POLICY):
            linked[name] = _name_of(name, link)
        taken.add(str(link.get("as") or name))
        taken.update(alias for _, alias in _imports(link))
    for meaning in (AUTHENTICATED, REQUIRES_SCOPES, POLICY):
        if meaning in linked:
            yield linked[meaning], meaning
        elif meaning not in taken:
            yield meaning, meaning


def _links(schema: GraphQLSchema) -> Iterator[Mapping[str, Any]]:
    nodes = (schema.ast_node, *(schema.extension_ast_nodes or ()))
    for node in nodes:
        for directive in (node.directives or ()) if node is not None else ():
            if directive.name.value == "link":
                yield _arguments(directive)


def _name_of(specification: str, link: Mapping[str, Any]) -> str:
    return dict(_imports(link)).get(specification, str(link.get("as") or specification))


def _imports(link: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Pairs of an imported directive's own name and its name here."""
    for entry in link.get("import") or ():
        name, alias = (entry["name"], entry.get("as") or entry["name"]) if isinstance(entry, dict) else (entry, entry)
        if name.startswith("@"):
            yield name[1:], alias[1:]


def _arguments(directive: ConstDirectiveNode) -> dict[str, Any]:
    return {argument.name.value: value_from_ast_untyped(argument.value) for argument in directive.arguments or ()}
