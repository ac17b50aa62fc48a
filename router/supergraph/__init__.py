"""The supergraph: what `load_supergraph` makes of composed SDL, once at start, for every later stage to read."""

from router.supergraph.model import (
    ContextArgument,
    Field,
    FieldSet,
    Joined,
    Key,
    Subgraph,
    SubgraphField,
    Supergraph,
    Type,
)
from router.supergraph.reader import load_supergraph

__all__ = [
    "ContextArgument",
    "Field",
    "FieldSet",
    "Joined",
    "Key",
    "Subgraph",
    "SubgraphField",
    "Supergraph",
    "Type",
    "load_supergraph",
]
