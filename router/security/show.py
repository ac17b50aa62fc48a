"""What a supergraph demands of callers, as a table for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphql import GraphQLSchema

from router.graph.tables import table
from router.security.directives import NOTHING, Alternatives, Rule, RuleReader


def show_protection(schema: GraphQLSchema) -> str:
    """Every type and field that not everybody may have, and who may."""
    rows = sorted(_rows(schema, RuleReader(schema)))
    if not rows:
        return "Nothing is protected: no type or field has @authenticated, @requiresScopes or @policy."
    return "\n".join(table([("protected", "only for callers who"), *rows]))


def _rows(schema: GraphQLSchema, reader: RuleReader) -> Iterator[tuple[str, ...]]:
    for name, type_ in schema.type_map.items():
        if rules := reader.rules(type_):
            yield name, _said(rules)
        for field_name, field in getattr(type_, "fields", {}).items():
            if rules := reader.rules(field):
                yield f"{name}.{field_name}", _said(rules)


def _said(rules: Sequence[Rule]) -> str:
    return ", and ".join(dict.fromkeys(demand for rule in rules for demand in _demands(rule)))


def _demands(rule: Rule) -> Iterator[str]:
    if rule.scopes != NOTHING:
        yield f"have the scope {_alternatives(rule.scopes)}"
    elif rule.signed_in:
        yield "are signed in"
    if rule.policies != NOTHING:
        yield f"pass the policy {_alternatives(rule.policies)}"


def _alternatives(sets: Alternatives) -> str:
    return " or ".join(" with ".join(sorted(names)) for names in sets) or "of nobody"
