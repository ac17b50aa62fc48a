"""The supergraph as the planner sees it: which subgraph knows which type and field, under what conditions.

Read once from join-spec SDL by `reader.py`; frozen ever after.
Field sets (`@key`, `@requires`, `@provides`) are kept as parsed selection sets that fit the *full* schema, and may name inaccessible
elements. Source: the join specification v0.1-v0.5, https://specs.apollo.dev/join/.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from graphql import GraphQLSchema, SelectionSetNode

TypeKind: TypeAlias = Literal["OBJECT", "INTERFACE", "UNION", "ENUM", "INPUT_OBJECT", "SCALAR"]
LEAF_KINDS: frozenset[TypeKind] = frozenset({"ENUM", "SCALAR"})


@dataclass(frozen=True, slots=True)
class Subgraph:
    """One service: `name` as its owners call it, `graph` its value of the enum join__Graph, `url` where it listens."""

    name: str
    graph: str
    url: str


@dataclass(frozen=True, slots=True)
class FieldSet:
    """A parsed set of fields; `text` is its canonical print, by which sets are compared."""

    text: str
    selections: SelectionSetNode = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Key:
    """An @key of a type in a subgraph. A key that is not resolvable can be left by, never entered by."""

    fields: FieldSet
    resolvable: bool = True


@dataclass(frozen=True, slots=True)
class ContextArgument:
    """An argument that the subgraph takes from further up in the operation, and that no client gives (@fromContext).

    Its value is what `selection` names of the nearest object above that sets `context`, by its type or an abstract type of it.
    """

    name: str
    type: str
    context: str
    selection: FieldSet


@dataclass(frozen=True, slots=True)
class SubgraphField:
    """What one subgraph says of a field (@join__field). `type` is its own type for it, as SDL writes it: `[User!]`."""

    subgraph: str
    type: str
    external: bool = False
    requires: FieldSet | None = None
    provides: FieldSet | None = None
    override: str | None = None  # the subgraph this one takes the field from
    override_label: str | None = None  # the take-over holds only where this label is true
    overridden: bool = False  # `usedOverridden`: the subgraph still mentions the field and does not resolve it
    context_arguments: tuple[ContextArgument, ...] = ()

    @property
    def target(self) -> str:
        """The named type that the field leads to in this subgraph."""
        return named(self.type)

    @property
    def resolvable(self) -> bool:
        """Whether the subgraph itself answers this field (perhaps given `requires`).

        Where nothing is known of its override label, that is false: the old owner of a labelled field answers.
        """
        return self.resolves(taken_over=False)

    def resolves(self, *, taken_over: bool | None) -> bool:
        """Whether the subgraph answers this field where its override label is `taken_over`; None: nobody knows what it is."""
        if self.override_label is not None:
            return taken_over is (self.override is not None) and not self.external
        return self.requires is not None or not (self.external or self.overridden)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object or interface, with every subgraph that mentions it."""

    parent: str
    name: str
    type: str
    by_subgraph: Mapping[str, SubgraphField]

    @property
    def target(self) -> str:
        """The named type that the field leads to."""
        return named(self.type)


@dataclass(frozen=True, slots=True)
class Type:
    """A named type. Maps by subgraph name; an absent name means that the subgraph does not know the type."""

    name: str
    kind: TypeKind
    subgraphs: frozenset[str]
    fields: Mapping[str, Field]
    keys: Mapping[str, tuple[Key, ...]]
    members: Mapping[str, frozenset[str]]  # abstract types: the object types each subgraph may return for it
    possible: frozenset[str]  # abstract types: every object type of the supergraph; an object: itself
    interface_object_in: frozenset[str]
    inaccessible: bool = False
    contexts: frozenset[str] = frozenset()  # what its objects set for fields below them (@context), as `subgraph__name`


@dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """What the join directives say: all that is needed to know which way leads where. Leaf types need not be listed.

    Compared and hashed by identity: what is derived from it is remembered with it.
    """

    subgraphs: Mapping[str, Subgraph]
    types: Mapping[str, Type]
    query: str = "Query"
    mutation: str | None = None
    subscription: str | None = None

    def is_leaf(self, name: str) -> bool:
        """Whether values of the type have no fields; built-in scalars are not listed."""
        type_ = self.types.get(name)
        return type_ is None or type_.kind in LEAF_KINDS


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Supergraph(Joined):
    """Everything a request needs to know of the schema. `api` is what clients see: machinery and inaccessibles removed.

    `labels` are those of @override, each with the fields (type and name) whose owner depends on it.
    """

    full: GraphQLSchema = field(repr=False)
    api: GraphQLSchema = field(repr=False)
    labels: Mapping[str, frozenset[tuple[str, str]]] = field(default_factory=dict)
    fingerprint: str = ""  # sha256 of the SDL; part of every cache key


def named(type_: str) -> str:
    """The name in a type as SDL writes it: `User` in `[User!]!`."""
    return type_.strip("[]!")
