"""What is wanted of objects: the one form in which client selections and field sets (@key, @requires, @provides) are searched for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from graphql import ArgumentNode, DirectiveNode, print_ast, strip_ignored_characters

TYPENAME = "__typename"


@dataclass(frozen=True, slots=True, eq=False)
class Need:
    """A field wanted of every object of the concrete `types`.

    `key` is the client's response key, None for a field the plan itself needs. `parent` is the type it was selected on,
    `target` the named type it leads to in the supergraph. Two needs with one key in one selection never share a type.
    Compared by identity, so that searches can be remembered cheaply.
    """

    name: str
    parent: str
    types: frozenset[str]
    target: str
    key: str | None = None
    arguments: tuple[ArgumentNode, ...] = ()
    arguments_text: str = ""
    directives: tuple[DirectiveNode, ...] = ()
    needs: tuple[Need, ...] = ()
    is_leaf: bool = True

    def __repr__(self) -> str:
        children = " ".join(map(repr, self.needs))
        name = f"{self.key}: {self.name}" if self.key not in (None, self.name) else self.name
        return f"{name}({self.arguments_text})" if self.is_leaf else f"{name}({self.arguments_text}) {{ {children} }}"

    def restricted(self, type_: str) -> Need:
        """The same need of the objects of one concrete type."""
        return replace(self, parent=type_, types=frozenset({type_}))

    def only(self, needs: tuple[Need, ...]) -> Need:
        """The same need with other children: what is left of it once a part is served."""
        return replace(self, needs=needs)

    def leaves(self) -> int:
        """How many ends it has, counted once for each type they are wanted of: leaves, and objects of which only their being is wanted."""
        return len(self.types) * (sum(need.leaves() for need in self.needs) if self.needs else 1)


def text_of(arguments: Iterable[ArgumentNode]) -> str:
    """Canonical arguments as text, by which two applications of a field are told apart."""
    return ",".join(strip_ignored_characters(print_ast(argument)) for argument in arguments)
