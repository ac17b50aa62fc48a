"""The terms of a search: which conditions it is part of, and what the objects above set for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from router.graph import Node

Condition: TypeAlias = tuple[str, str, str]
"""What tells the inputs of a field from those of others; see `FieldEdge.condition`."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for a search besides where it stands.

    `conditions` are being solved by it, so no field that depends on one of them is a way. `contexts` are set by objects above, each
    with the node of the nearest that sets it. `nested` counts the conditions solved inside each other.
    """

    conditions: frozenset[Condition] = frozenset()
    contexts: tuple[tuple[str, Node], ...] = ()
    nested: int = field(default=0, compare=False)

    def solving(self, condition: Condition) -> Terms:
        """The terms under which a condition is solved."""
        return Terms(self.conditions | {condition}, self.contexts, self.nested + 1)

    def deeper(self) -> Terms:
        """The same one condition further in, where nothing but the count tells it from others."""
        return Terms(self.conditions, self.contexts, self.nested + 1)

    def under(self, contexts: Iterable[str], holder: Node) -> Terms:
        """The terms below an object that sets contexts."""
        return replace(self, contexts=tuple(sorted({**dict(self.contexts), **dict.fromkeys(contexts, holder)}.items())))

    def within(self, contexts: tuple[tuple[str, Node], ...]) -> Terms:
        """The same where these contexts are set."""
        return self if contexts == self.contexts else replace(self, contexts=contexts)


FREE = Terms()
