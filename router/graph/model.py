"""Nodes and edges of the query graph: where a plan can stand, and the steps it can take from there."""

from __future__ import annotations

from dataclasses import dataclass, field

from router.graph.needs import Need
from router.supergraph.model import ContextArgument, Key


@dataclass(frozen=True, slots=True)
class Node:
    """A position in a subgraph. `type` is the subgraph's own type there, which may be narrower than the supergraph's.

    `view` holds what a @provides on the way here lets the subgraph resolve besides its own fields. The start of an operation, in
    no subgraph yet, has an empty `graph`.
    """

    graph: str
    type: str
    view: tuple[Need, ...] = ()
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.graph, self.type, self.view)))

    def __hash__(self) -> int:
        """Worked out once: searches look nodes up all the time."""
        return self._hash


@dataclass(frozen=True, slots=True)
class FieldEdge:
    """A field that the subgraph resolves for objects of `parent`, given the inputs `requires` and what `contexts` take."""

    parent: str
    target: Node
    requires: tuple[Need, ...] = ()
    contexts: tuple[ContextArgument, ...] = ()

    @property
    def is_conditional(self) -> bool:
        """Whether the field takes more than the object itself."""
        return bool(self.requires or self.contexts)

    @property
    def condition(self) -> tuple[str, str, str]:
        """What tells this edge's inputs from those of others, for a search that must not go in circles."""
        taken = (f"${argument.context} {argument.selection.text}" for argument in self.contexts)
        return (self.target.graph, self.parent, " ".join([*map(repr, self.requires), *taken]))


@dataclass(frozen=True, slots=True)
class Entry:
    """A way into `graph` for objects of the concrete type `type`: by a key, or freely where it is a root type.

    `typename` is what the representation calls the object: the interface's name where the graph knows it as an
    @interfaceObject. An entry whose `type` is an interface names objects of which only the interface is known. `target` is where
    one stands after entering.
    """

    graph: str
    type: str
    typename: str
    needs: tuple[Need, ...] = ()
    key: Key | None = None
    target: Node = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "target", Node(self.graph, self.typename))
