"""The query graph of a supergraph: which subgraph can go where. Read by the planner, and fit for checking satisfiability.

Edges are worked out when first asked for and remembered, so a graph costs nothing where no operation goes.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, lru_cache

from router.graph.fieldsets import needs_of
from router.graph.model import Entry, FieldEdge, Node
from router.graph.needs import TYPENAME, Need
from router.supergraph.model import FieldSet, Joined, SubgraphField, Type

GRAPHS_KEPT = (
    16  # of the supergraph being served and its successor while reloading, for some sets of override labels each
)


@lru_cache(maxsize=GRAPHS_KEPT)
def graph_of(supergraph: Joined, labels: frozenset[str] = frozenset()) -> Graph:
    """The graph of a supergraph where these override labels are true, made once."""
    return Graph(supergraph, labels)


class Graph:
    """Answers which fields a node resolves and which ways lead into other subgraphs.

    A field with one of the override `labels` is its new owner's, one with any other label its old owner's.
    """

    def __init__(self, supergraph: Joined, labels: frozenset[str] = frozenset()) -> None:
        self.supergraph = supergraph
        self.labels = labels
        self._needs: dict[tuple[str, str], tuple[Need, ...]] = {}
        self._edges: dict[tuple[Node, str, str], FieldEdge | None] = {}
        self._entries: dict[str, tuple[Entry, ...]] = {}
        self._in_place: dict[tuple[Node, tuple[Need, ...]], int | None] = {}
        named = sorted(supergraph.types.items())
        self._contexts: dict[str, frozenset[str]] = {}
        for name, type_ in named:
            for set_on in {name, *type_.possible} if type_.contexts else ():
                self._contexts[set_on] = self._contexts.get(set_on, frozenset()) | type_.contexts
        self.abstracted = tuple(type_ for _, type_ in named if type_.interface_object_in)
        roots = (supergraph.query, supergraph.mutation, supergraph.subscription)
        self._roots = frozenset(root for root in roots if root is not None)

    # ── nodes ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def type(self, name: str) -> Type:
        """A type of the supergraph."""
        return self.supergraph.types[name]

    def is_interface_object(self, node: Node) -> bool:
        """Whether the subgraph knows the interface as an object type, and so cannot name what implements it."""
        return bool(node.graph) and node.graph in self.type(node.type).interface_object_in

    def members(self, node: Node) -> frozenset[str]:
        """The object types that the subgraph may return at this node."""
        type_ = self.type(node.type)
        if type_.kind == "OBJECT" or self.is_interface_object(node):
            return type_.possible
        return type_.members.get(node.graph, frozenset())

    def shown(self, name: str) -> frozenset[str]:
        """The object types of a type that clients see."""
        return frozenset(type_ for type_ in self.type(name).possible if not self.type(type_).inaccessible)

    def contexts(self, name: str) -> frozenset[str]:
        """The contexts that objects of a type set, be it for a type of which they are."""
        return self._contexts.get(name, frozenset())

    @property
    def sets_contexts(self) -> bool:
        """Whether any type sets a context at all."""
        return bool(self._contexts)

    def contexts_of(self, types: Iterable[str]) -> frozenset[str] | None:
        """The contexts that objects of all these types set; None where they do not agree."""
        own = {self.contexts(type_) for type_ in types}
        return own.pop() if len(own) == 1 else None

    def types_setting(self, context: str) -> tuple[str, ...]:
        """The types whose objects set a context."""
        return tuple(name for name, contexts in self._contexts.items() if context in contexts)

    def is_abstract(self, node: Node) -> bool:
        """Whether the subgraph may return objects of several types here."""
        return self.type(node.type).kind in ("INTERFACE", "UNION") and not self.is_interface_object(node)

    @cached_property
    def conditional_names(self) -> frozenset[str]:
        """The names of fields that take more than the object itself, somewhere."""
        fields = (field for type_ in self.supergraph.types.values() for field in type_.fields.values())
        return frozenset(
            field.name
            for field in fields
            if any(own.requires is not None or own.context_arguments for own in field.by_subgraph.values())
        )

    # ── field edges ─────────────────────────────────────────────────────────────────────────────────────────────────

    def edge(self, node: Node, type_: str, name: str) -> FieldEdge | None:
        """The edge of a field of the concrete type `type_` at a node, or None where the subgraph does not resolve it."""
        key = (node, type_, name)
        if key not in self._edges:
            resolved = self._resolved(node, type_, name)
            self._edges[key] = self.edge_if(
                node, type_, name, taken_over=self._taken_over(resolved) if resolved else None
            )
        return self._edges[key]

    def edge_if(self, node: Node, type_: str, name: str, *, taken_over: bool | None) -> FieldEdge | None:
        """The edge of a field, whatever the graph's labels, where the field's own label (if it has one) is `taken_over`.

        None: nobody knows what the label is, and neither side counts.
        """
        owner = self._owner(node, type_)
        if name == TYPENAME:
            return FieldEdge(owner, Node(node.graph, "String"))
        resolved = self._resolved(node, type_, name)
        if resolved is None:
            return None
        provided = [need for need in node.view if need.name == name and type_ in need.types]
        if not (provided or resolved.resolves(taken_over=taken_over)):
            return None
        # What is provided is answered in place, and needs no inputs here.
        requires = () if provided or resolved.requires is None else self.needs(resolved.requires, owner)
        return FieldEdge(owner, self._target(resolved, provided), requires, resolved.context_arguments)

    def _owner(self, node: Node, type_: str) -> str:
        """The type whose field it is: an interface object has those of the interface."""
        return node.type if self.is_interface_object(node) else type_

    def _resolved(self, node: Node, type_: str, name: str) -> SubgraphField | None:
        field = self.type(self._owner(node, type_)).fields.get(name)
        return field.by_subgraph.get(node.graph) if field else None

    def _taken_over(self, resolved: SubgraphField) -> bool:
        return resolved.override_label in self.labels

    def _target(self, resolved: SubgraphField, provided: list[Need]) -> Node:
        target = resolved.target
        view = tuple(child for need in provided for child in need.needs)
        if resolved.provides is not None:
            view += self.needs(resolved.provides, target)
        return Node(resolved.subgraph, target, view)

    def interface_edge(self, node: Node, need: Need) -> FieldEdge | None:
        """The edge by which an abstract node serves `need` for all its members at once, or None where it cannot.

        The field must be declared on an interface of the subgraph, and every member must resolve it plainly: otherwise the
        members are asked one by one.
        """
        if need.name == TYPENAME:
            return FieldEdge(node.type, Node(node.graph, "String"))
        if node.view:
            return None
        candidates = dict.fromkeys((node.type, need.parent))
        return next((edge for name in candidates if (edge := self._shared_edge(node, name, need))), None)

    def _shared_edge(self, node: Node, interface: str, need: Need) -> FieldEdge | None:
        type_ = self.type(interface)
        field = type_.fields.get(need.name)
        resolved = field.by_subgraph.get(node.graph) if field else None
        if (
            type_.kind != "INTERFACE"
            or resolved is None
            or not resolved.resolves(taken_over=self._taken_over(resolved))
        ):
            return None
        at_node = self.members(node)
        reached = at_node & type_.members.get(node.graph, frozenset())
        if not reached <= need.types or not need.types & at_node <= reached:
            return None
        plain = (self.edge(Node(node.graph, member), member, need.name) for member in sorted(reached))
        if all(edge is not None and _is_plain(edge) for edge in plain):
            return FieldEdge(interface, self._target(resolved, []))
        return None

    def fields_in_place(self, node: Node, needs: tuple[Need, ...]) -> int | None:
        """How many fields it takes to serve needs at a node from itself alone; None where that cannot be."""
        key = (node, needs)
        if key not in self._in_place:
            self._in_place[key] = self._fields_in_place(node, needs)
        return self._in_place[key]

    def _fields_in_place(self, node: Node, needs: tuple[Need, ...]) -> int | None:
        if self.type(node.type).kind != "OBJECT":
            return None
        fields = 0
        for need in needs:
            edge = self.edge(node, node.type, need.name) if node.type in need.types else None
            if edge is None or edge.is_conditional:
                return None
            below = 0 if need.is_leaf else self._fields_in_place(edge.target, need.needs)
            if below is None:
                return None
            fields += 1 + below
        return fields

    # ── ways into other subgraphs ───────────────────────────────────────────────────────────────────────────────────

    def entries(self, type_: str) -> tuple[Entry, ...]:
        """Every way into a subgraph for objects of a concrete type, subgraphs in the order of their names."""
        if type_ not in self._entries:
            self._entries[type_] = self._entries_of(type_)
        return self._entries[type_]

    def _entries_of(self, type_: str) -> tuple[Entry, ...]:
        if type_ in self._roots:
            return tuple(Entry(graph, type_, type_) for graph in sorted(self.type(type_).subgraphs))
        own = [entry for graph in sorted(self.type(type_).subgraphs) for entry in self._keyed(type_, type_, graph)]
        for interface in self.abstracted:
            if type_ in interface.possible:
                for graph in sorted(interface.interface_object_in):
                    own.extend(self._keyed(type_, interface.name, graph))
        return tuple(own)

    def interface_entries(self, interface: str) -> tuple[Entry, ...]:
        """Every way into a subgraph for objects of which only the interface is known."""
        if interface not in self._entries:
            graphs = sorted(self.type(interface).subgraphs)
            self._entries[interface] = tuple(e for graph in graphs for e in self._keyed(interface, interface, graph))
        return self._entries[interface]

    def naming_entries(self, interface: str) -> tuple[Entry, ...]:
        """Ways into the subgraphs that can say which object type stands behind a key of the interface."""
        unnamed = self.type(interface).interface_object_in
        return tuple(entry for entry in self.interface_entries(interface) if entry.graph not in unnamed)

    def keys(self, node: Node) -> tuple[tuple[Need, ...], ...]:
        """What the keys of a type consist of in the node's subgraph, be they resolvable or not."""
        return tuple(self.needs(key.fields, node.type) for key in self.type(node.type).keys.get(node.graph, ()))

    def is_external(self, need: Need, graph: str) -> bool:
        """Whether a subgraph mentions a field without resolving it."""
        field = self.type(need.parent).fields.get(need.name)
        resolved = field.by_subgraph.get(graph) if field else None
        return resolved is not None and (resolved.external or resolved.overridden)

    def _keyed(self, type_: str, known_as: str, graph: str) -> list[Entry]:
        keys = self.type(known_as).keys.get(graph, ())
        return [Entry(graph, type_, known_as, self.needs(key.fields, type_), key) for key in keys if key.resolvable]

    def needs(self, field_set: FieldSet, parent: str) -> tuple[Need, ...]:
        """A field set as needs, the same objects each time."""
        key = (parent, field_set.text)
        if key not in self._needs:
            self._needs[key] = needs_of(field_set, parent, self.supergraph)
        return self._needs[key]


def _is_plain(edge: FieldEdge) -> bool:
    """Whether the field is resolved from the object alone, and what it returns by the subgraph's own fields alone."""
    return not (edge.is_conditional or edge.target.view)
