"""Which subgraph can go where: nodes, the fields they resolve, and the keys by which entities are entered."""

from router.graph.graph import Graph, graph_of
from router.graph.model import Entry, FieldEdge, Node
from router.graph.needs import TYPENAME, Need, text_of
from router.graph.reach import Position, Reach
from router.graph.steps import Step

__all__ = [
    "TYPENAME",
    "Entry",
    "FieldEdge",
    "Graph",
    "Need",
    "Node",
    "Position",
    "Reach",
    "Step",
    "graph_of",
    "text_of",
]
