"""The query graph: which fields a node resolves, and which ways lead elsewhere."""

from __future__ import annotations

from router.graph import Graph, Need, Node, graph_of
from tests.router.planning import fixture

HARBOUR = graph_of(fixture("harbour"))
SHELVES = graph_of(fixture("shelves"))
PAYMENTS = graph_of(fixture("payments"))


def need(name: str, parent: str, types: set[str]) -> Need:
    return Need(name, parent, frozenset(types), "String")


def test_a_graph_is_made_once_per_supergraph() -> None:
    """Everybody who plans over one supergraph shares what has been found out about it."""
    assert graph_of(fixture("harbour")) is graph_of(fixture("harbour"))
    assert isinstance(graph_of(fixture("shelves")), Graph)


def test_a_subgraph_resolves_its_own_fields_only() -> None:
    """External fields and those of other subgraphs have no edge."""
    assert HARBOUR.edge(Node("fleet", "Vessel"), "Vessel", "length") is not None
    assert HARBOUR.edge(Node("dock", "Vessel"), "Vessel", "length") is None
    assert HARBOUR.edge(Node("customs", "Vessel"), "Vessel", "moorings") is None
    assert HARBOUR.edge(Node("dock", "Officer"), "Officer", "bunk") is None


def test_an_edge_says_what_it_requires() -> None:
    """A field with @requires has an edge under that condition."""
    edge = HARBOUR.edge(Node("dock", "Vessel"), "Vessel", "toll")
    assert edge is not None
    assert [wanted.name for wanted in edge.requires] == ["length", "berthRate"]


def test_provided_fields_are_there_on_the_providing_path_only() -> None:
    """Behind `assigned` the dock resolves a vessel's name and its captain's rank."""
    assigned = HARBOUR.edge(Node("dock", "Query"), "Query", "assigned")
    assert assigned is not None
    assert HARBOUR.edge(assigned.target, "Vessel", "name") is not None
    captain = HARBOUR.edge(assigned.target, "Vessel", "captain")
    assert captain is not None
    assert HARBOUR.edge(captain.target, "Officer", "rank") is not None
    assert HARBOUR.edge(Node("dock", "Officer"), "Officer", "rank") is None


def test_an_interface_is_asked_at_once_where_all_its_members_answer() -> None:
    """Otherwise, or where it would serve types that nobody asked about, the members are asked one by one."""
    craft = Node("fleet", "Craft")
    assert HARBOUR.interface_edge(craft, need("name", "Craft", {"Vessel", "Tug"})) is not None
    assert HARBOUR.interface_edge(craft, need("name", "Craft", {"Vessel"})) is None
    assert HARBOUR.interface_edge(Node("crew", "Craft"), need("name", "Craft", {"Vessel", "Tug"})) is None


def test_a_union_is_asked_through_an_interface_of_its_members() -> None:
    """The members of a union that implement an interface are asked through it."""
    problems = {"InvalidCredentials", "TooManyAttempts"}
    edge = PAYMENTS.interface_edge(Node("users", "LoginResult"), need("message", "Problem", problems))
    assert edge is not None
    assert edge.parent == "Problem"


def test_entries_are_the_resolvable_keys() -> None:
    """Each resolvable key is a way in, subgraphs in the order of their names."""
    entries = [(e.graph, [wanted.name for wanted in e.needs]) for e in PAYMENTS.entries("User")]
    assert entries == [
        ("notifications", ["id"]),
        ("rewards", ["id"]),
        ("transactions", ["id"]),
        ("users", ["id"]),
        ("users", ["handle"]),
        ("wallet", ["id"]),
    ]
    assert [entry.graph for entry in PAYMENTS.entries("Wallet")] == ["wallet"]
    assert PAYMENTS.entries("Money") == ()


def test_a_root_type_is_entered_freely() -> None:
    """Every subgraph with root fields can be asked without a key."""
    assert {(entry.graph, entry.key) for entry in PAYMENTS.entries("Mutation")} == {
        ("notifications", None),
        ("transactions", None),
        ("users", None),
        ("wallet", None),
    }


def test_an_interface_object_is_a_way_in_and_has_to_be_named() -> None:
    """Implementations enter stock as items, and items of stock are named by catalog."""
    (way,) = [entry for entry in SHELVES.entries("Book") if entry.graph == "stock"]
    assert (way.type, way.typename) == ("Book", "Item")
    assert SHELVES.is_interface_object(way.target)
    assert [(entry.graph, entry.type) for entry in SHELVES.naming_entries("Item")] == [("catalog", "Item")]
