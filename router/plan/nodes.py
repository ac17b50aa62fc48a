"""The values a query plan is made of. All frozen: a plan is cached and shared by every request that runs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from graphql import GraphQLOutputType

OperationKind: TypeAlias = Literal["query", "mutation", "subscription"]


@dataclass(frozen=True, slots=True)
class PathKey:
    """Step into `key` of an object; with `on`, only of objects whose `__typename` is one of those."""

    key: str
    on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Each:
    """Step into every element of a list: one per list level, so a list of lists takes two."""


EACH = Each()
Path: TypeAlias = tuple[PathKey | Each, ...]


@dataclass(frozen=True, slots=True)
class RepresentationField:
    """One input of a representation: read `key` from the merged tree, send it as `name`.

    `fields` is empty for a leaf. With `on`, the field is sent only for objects of those concrete types (a fragment
    inside a @requires set). A list value is mapped element by element. `nullable` is what the full schema says: an absent
    or null value of a non-nullable input keeps the object out of the fetch.
    """

    name: str
    key: str
    fields: tuple[RepresentationField, ...] = ()
    on: tuple[str, ...] = ()
    nullable: bool = True
    is_key: bool = False


@dataclass(frozen=True, slots=True)
class Representation:
    """How objects of the concrete type `on` found at an anchor's path are put to the subgraph, as its type `typename`.

    The two differ only where the subgraph knows the type as an @interfaceObject.
    """

    on: str
    typename: str
    fields: tuple[RepresentationField, ...]


@dataclass(frozen=True, slots=True)
class ContextRead:
    """The value of a @fromContext argument, sent as `$variable`.

    It is read from the object that the first `at` steps of the anchor's path lead to; `keys` says for each concrete type of
    that object which keys of the merged tree lead to the value. Where the argument is not `nullable`, objects without a value stay
    out of the fetch.
    """

    variable: str
    at: int
    keys: tuple[tuple[str, tuple[str, ...]], ...]
    nullable: bool = True


@dataclass(frozen=True, slots=True)
class Anchor:
    """Objects at one path of the merged tree, and how those of each concrete type are put to the subgraph."""

    path: Path
    representations: tuple[Representation, ...]
    contexts: tuple[ContextRead, ...] = ()


@dataclass(frozen=True, slots=True)
class Entities:
    """One `_entities` field of a request: the objects at all `anchors` are sent as `$variable` and answered under `key`.

    Element i of the answer is merged into every object that representation i stands for, wherever it was found. Where anchors read
    contexts, a request is sent for each distinct tuple of their values.
    """

    anchors: tuple[Anchor, ...]
    key: str = "_entities"
    variable: str = "representations"


@dataclass(frozen=True, slots=True)
class Fetch:
    """One request to one subgraph.

    A *root fetch* has no `entities`; its data is merged into the object at `path` (`()` is the root). An *entity fetch* collects
    the objects of each of its `entities`, which may stand at several paths; it goes out where at least one of them finds an object.
    `variables` are the client's that it uses; `after` lists the ids of the fetches whose answers it needs, each smaller than `id`.
    """

    id: int
    subgraph: str
    kind: OperationKind
    operation: str
    operation_name: str | None
    variables: tuple[str, ...]
    path: Path = ()
    entities: tuple[Entities, ...] = ()
    after: tuple[int, ...] = ()

    @property
    def anchors(self) -> tuple[Anchor, ...]:
        """Where its objects stand; none for a root fetch."""
        return tuple(anchor for asked in self.entities for anchor in asked.anchors)


@dataclass(frozen=True, slots=True)
class OutputField:
    """A field of the client's answer.

    `key` is the client's response key, `source` where the merged tree holds the value (they differ where an alias had to be
    invented), `type` the API schema's output type, which alone decides null bubbling. `name` is `__typename` for that
    meta field. `opaque` values (custom scalars, introspection) are passed through untouched.
    """

    key: str
    name: str
    source: str
    type: GraphQLOutputType
    selection: OutputSelection | None = None
    opaque: bool = False


@dataclass(frozen=True, slots=True)
class OutputSelection:
    """What the client sees of an object: for each possible concrete API type its fields, in the client's order.

    A concrete type with nothing selected maps to `()` and projects to `{}`. A type that is missing here cannot be shown:
    the value is null and an error says so without naming the type.
    Objects whose type nobody was asked for are shown as `nameless`, which is there where all types are shown alike.
    """

    type_name: str
    by_type: Mapping[str, tuple[OutputField, ...]]
    nameless: tuple[OutputField, ...] | None = None


@dataclass(frozen=True, slots=True)
class Introspection:
    """The `__schema` and `__type` part of an operation, to be executed against the API schema."""

    operation: str
    variables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deferred:
    """A part of the answer that is delivered by itself, once for each object at `path`: what `output` shows of it.

    It takes the answers of `fetches`, besides those that are in no part and those of the part that it is `within`, an index.
    Objects of types of which `output` shows nothing have no part.
    """

    label: str | None
    path: Path
    output: OutputSelection
    fetches: tuple[int, ...] = ()
    within: int | None = None


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """A whole operation. `fetches` are ordered so that each comes behind everything in its `after`.

    For a subscription the first fetch is the source stream and the others run once per event. The primary answer is what `output`
    shows, and what no part of `deferred` fetches; no fetch waits for one of a part that it is not in or within. A part comes behind
    the one that it is within.
    """

    kind: OperationKind
    fetches: tuple[Fetch, ...]
    output: OutputSelection
    introspection: Introspection | None = None
    deferred: tuple[Deferred, ...] = ()
