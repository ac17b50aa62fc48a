"""Decides which fields of an operation a caller may have, and marks the others `denied` before anything is planned.

Without verified tokens everybody is anonymous, so protection holds also where no issuer was configured.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from graphql import GraphQLSchema

from router.operation.model import FieldSelection, Operation, Selection
from router.security.caller import Caller, View
from router.security.denial import Denial
from router.security.marking import Marker
from router.security.protection import Protection

__all__ = ["Authorization", "Authorized", "Denial"]

ANYBODY: Final = View()


@dataclass(frozen=True, slots=True)
class Authorized:
    """An operation with its denied fields marked, and a `Denial` for each."""

    operation: Operation
    denials: tuple[Denial, ...]


class Authorization:
    """The rules of one supergraph, compiled once. In a dry run what is denied is found but not marked."""

    def __init__(self, schema: GraphQLSchema, *, dry_run: bool = False) -> None:
        self._protection = Protection(schema)
        self._fields = self._protection.fields
        every = [rule for rules in self._fields.values() for rule in rules]
        self._scopes = frozenset().union(*(needed for rule in every for needed in rule.scopes))
        self._policies = frozenset().union(*(needed for rule in every for needed in rule.policies))
        self._withholds = not dry_run

    @property
    def protects(self) -> bool:
        """Whether the supergraph has any rule at all."""
        return bool(self._fields)

    @property
    def has_policies(self) -> bool:
        """Whether some rule names a policy."""
        return bool(self._policies)

    def view(self, caller: Caller, policies: frozenset[str] = frozenset()) -> View:
        """What of this caller can make a difference; `policies` are those it was granted."""
        return View(caller.authenticated, caller.scopes & self._scopes, policies) if self._fields else ANYBODY

    def allows(self, type_name: str, field_name: str, view: View) -> bool:
        """Whether callers of this view may have a field of a type."""
        return all(rule.met_by(view) for rule in self._fields.get((type_name, field_name), ()))

    def policies_met(self, operation: Operation) -> frozenset[str]:
        """The policies that decide on some field of the operation."""
        return frozenset(self._policies_below(operation.selections)) if self._policies else frozenset()

    def authorize(self, operation: Operation, view: View) -> Authorized:
        """Mark what callers of this view may not have."""
        if not self._fields:
            return Authorized(operation, ())
        marker = Marker(self._protection, view, withholds=self._withholds)
        selections = marker.mark(operation.selections)
        return Authorized(replace(operation, selections=selections), marker.denials)

    def _policies_below(self, selections: tuple[Selection, ...]) -> Iterator[str]:
        for selection in selections:
            if isinstance(selection, FieldSelection):
                for rule in self._fields.get((selection.parent, selection.name), ()):
                    for needed in rule.policies:
                        yield from needed
            yield from self._policies_below(selection.selections)
