"""Reachability: where fields, keys and the knowledge of a type lead, under conditions that depend on each other."""

from __future__ import annotations

from router.graph import Graph, Node, Position, Reach
from tests.router.planning import supergraph_of


def reach_of(graphs: str, types: str) -> Reach:
    return Reach(Graph(supergraph_of(graphs, types)))


def shown(positions: tuple[Position, ...] | None) -> list[str] | None:
    """Positions in short: `A.T`, and `A.I as T` where only an interface object stands for a T."""
    if positions is None:
        return None
    return [f"{p.node.graph}.{p.node.type}" + (f" as {p.type}" if p.type != p.node.type else "") for p in positions]


ENTITY = """
type Query @join__type(graph: A) { t: T @join__field(graph: A) }
type T
  @join__type(graph: A, key: "id")
  @join__type(graph: B, key: "id") @join__type(graph: B, key: "code")
  @join__type(graph: C, key: "code", resolvable: false)
  @join__type(graph: E, key: "code sum")
{
  id: ID @join__field(graph: A) @join__field(graph: B)
  code: ID @join__field(graph: B) @join__field(graph: C) @join__field(graph: E)
  sum: Int @join__field(graph: E) @join__field(graph: F)
  a: Int @join__field(graph: A, external: true) @join__field(graph: B)
  b: Int @join__field(graph: B, requires: "c")
  c: Int @join__field(graph: C) @join__field(graph: B, external: true)
}
"""


def test_keys_lead_on_over_what_they_open() -> None:
    """From A by `id` to B; what B has opens nothing that is not resolvable, and no key of which a part is missing."""
    reach = reach_of("A B C E F", ENTITY)
    assert shown(reach.moves(reach.at(Node("A", "T")))) == ["A.T", "B.T"]
    assert shown(reach.moves(reach.at(Node("C", "T")))) == ["C.T", "B.T", "A.T"]
    assert shown(reach.moves(reach.at(Node("F", "T")))) == ["F.T"]


def test_a_field_leads_where_some_reachable_subgraph_resolves_it() -> None:
    """External fields lead nowhere; the others are had here or by a key."""
    reach = reach_of("A B C E F", ENTITY)
    assert shown(reach.targets(reach.at(Node("A", "T")), "a")) == ["B.Int"]
    assert shown(reach.targets(reach.at(Node("A", "T")), "sum")) == []
    assert shown(reach.targets(reach.at(Node("C", "T")), "c")) == ["C.Int"]


def test_a_requirement_is_looked_for_where_the_field_is() -> None:
    """B cannot get to C, whose key lets nobody in, and so cannot be given `c` wherever one comes from."""
    reach = reach_of("A B C E F", ENTITY)
    at_b = reach.at(Node("B", "T"))
    assert reach.take(at_b, "b", entered=True) is None
    assert shown(reach.targets(reach.at(Node("C", "T")), "b")) == []


PARTS = """
type Query @join__type(graph: A) { t: T @join__field(graph: A) }
type T @join__type(graph: A, key: "v { x y }") @join__type(graph: B, key: "k") @join__type(graph: C, key: "k") {
  k: ID
  v: V
  z: Int @join__field(graph: A)
}
type V @join__type(graph: A) @join__type(graph: B) @join__type(graph: C) {
  x: Int @join__field(graph: A) @join__field(graph: B)
  y: Int @join__field(graph: A) @join__field(graph: C)
}
"""


def test_the_leaves_of_a_key_may_come_from_different_subgraphs() -> None:
    """Half of the value from B, half from C: together they are A's key."""
    reach = reach_of("A B C", PARTS)
    assert shown(reach.targets(reach.at(Node("B", "T")), "z")) == ["A.Int"]


CIRCLE = """
type Query @join__type(graph: A) { t: T @join__field(graph: A) }
type T @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") @join__type(graph: C, key: "id") {
  id: ID
  x: Int @join__field(graph: B, requires: "y") @join__field(graph: C, external: true)
  y: Int @join__field(graph: C, requires: "x") @join__field(graph: B, external: true) ALSO
}
"""


def test_a_circle_of_conditions_does_not_hold_itself() -> None:
    """Two fields that require each other are both out of reach, unless one is had elsewhere too."""
    closed = reach_of("A B C", CIRCLE.replace("ALSO", ""))
    for name in ("x", "y"):
        assert shown(closed.targets(closed.at(Node("A", "T")), name)) == []
    opened = reach_of("A B C", CIRCLE.replace("ALSO", "@join__field(graph: A)"))
    assert shown(opened.targets(opened.at(Node("A", "T")), "x")) == ["B.Int"]


KEYS_IN_KEYS = """
type Query @join__type(graph: A) { t: T @join__field(graph: A) }
type T @join__type(graph: A) @join__type(graph: B, key: "o { n }") @join__type(graph: C, key: "o { m }") {
  o: O @join__field(graph: A) @join__field(graph: B) @join__field(graph: C)
  b: Int @join__field(graph: B)
}
type O
  @join__type(graph: A, key: "m", resolvable: false) @join__type(graph: B, key: "n") @join__type(graph: C, key: "t { b }")
  @join__type(graph: C, key: "m")
{
  m: ID @join__field(graph: A) @join__field(graph: C)
  n: ID @join__field(graph: B) @join__field(graph: C)
  t: T @join__field(graph: C)
}
"""


def test_keys_of_one_type_may_depend_on_keys_of_another() -> None:
    """To enter B one needs O.n, had by entering C for the O; that C's other key needs B in turn does no harm."""
    reach = reach_of("A B C", KEYS_IN_KEYS)
    assert sorted(shown(reach.moves(reach.at(Node("A", "T")))) or ()) == ["A.T", "B.T", "C.T"]


LABELLED = """
type Query @join__type(graph: A) { t: T @join__field(graph: A) }
type T @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
  id: ID
  x: Int @join__field(graph: A, overrideLabel: "l", override: "B") @join__field(graph: B, overrideLabel: "l")
}
"""


def test_a_label_says_which_side_answers() -> None:
    """True: who takes over; false: who had the field; unknown: neither."""
    reach = reach_of("A B", LABELLED)
    at = reach.at(Node("A", "T"))
    assert shown(reach.targets(at, "x", taken_over=True)) == ["A.Int"]
    assert shown(reach.targets(at, "x", taken_over=False)) == ["B.Int"]
    assert shown(reach.targets(at, "x")) == []


INTERFACES = """
type Query @join__type(graph: A) { i: I @join__field(graph: A) }
interface I
  @join__type(graph: A, key: "id", isInterfaceObject: true) @join__type(graph: B, key: "id"RESOLVABLE)
{ id: ID x: Int @join__field(graph: A) }
type S implements I @join__implements(graph: B, interface: "I") @join__type(graph: B, key: "id") @join__type(graph: C, key: "id")
{ id: ID x: Int @join__field s: Int @join__field(graph: B) c: Int @join__field(graph: C) }
type R implements I @join__implements(graph: B, interface: "I") @join__type(graph: B, key: "id")
{ id: ID x: Int @join__field }
union U @join__type(graph: B) @join__unionMember(graph: B, member: "S") = S | R
"""


def test_an_interface_object_is_named_by_the_interface() -> None:
    """Once B has said that it is an S, A still answers for it, and what has a key of S can be entered."""
    reach = reach_of("A B C", INTERFACES.replace("RESOLVABLE", ""))
    unnamed = reach.at(Node("A", "I"))
    narrowed = reach.narrow(unnamed, "S")
    assert shown(narrowed) == ["A.I as S", "B.S"]
    assert narrowed is not None
    assert [shown(reach.targets(p, "x")) for p in narrowed] == [["A.Int"], ["A.Int"]]
    assert [shown(reach.targets(p, "c")) for p in narrowed] == [[], ["C.Int"]]


def test_an_interface_object_that_nobody_names() -> None:
    """Without a way into the interface nobody can tell which of its objects is an S."""
    reach = reach_of("A B C", INTERFACES.replace("RESOLVABLE", ", resolvable: false"))
    assert shown(reach.narrow(reach.at(Node("A", "I")), "S")) == []


def test_what_a_subgraph_cannot_return_needs_no_way() -> None:
    """B's union has no R: asking for one there is not in vain, it is moot. An object is what it is."""
    reach = reach_of("A B C", INTERFACES.replace("RESOLVABLE", ""))
    assert reach.narrow(reach.at(Node("B", "U")), "R") is None
    assert shown(reach.narrow(reach.at(Node("B", "U")), "S")) == ["B.S"]
    assert shown(reach.narrow(reach.at(Node("B", "S")), "R")) == []


def test_implementations_enter_interface_objects() -> None:
    """What B knows as an S, A is asked about under the interface's name."""
    reach = reach_of("A B C", INTERFACES.replace("RESOLVABLE", ""))
    assert shown(reach.moves(reach.at(Node("C", "S")))) == ["C.S", "B.S", "A.I as S"]


PROVIDED = """
type Query @join__type(graph: A) { p: T @join__field(graph: A, provides: "v { x }") q: T @join__field(graph: A) }
type T @join__type(graph: A) @join__type(graph: B) { v: V }
type V @join__type(graph: A) @join__type(graph: B) { x: Int @join__field(graph: A, external: true) @join__field(graph: B) }
"""


def test_what_is_provided_is_there_on_its_path_alone() -> None:
    """Behind `p` the value has `x`, behind `q` it does not."""
    reach = reach_of("A B", PROVIDED)
    root = reach.at(Node("A", "Query"))
    for name, expected in (("p", ["A.Int"]), ("q", [])):
        (thing,) = reach.targets(root, name)
        (value,) = reach.targets(thing, "v")
        assert shown(reach.targets(value, "x")) == expected


CONTEXT = """
type Query @join__type(graph: A) { t: T @join__field(graph: A) u: U @join__field(graph: A) }
type T @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") @context(name: "A__c") {
  id: ID
  p: Int @join__field(graph: B)
  u: U @join__field(graph: A)
}
type U @join__type(graph: A, key: "id") {
  id: ID
  f: Int @join__field(graph: A, contextArguments: [{name: "x", type: "Int", context: "A__c", selection: "{ p }"}])
}
"""


def test_an_argument_comes_from_the_nearest_holder_of_its_context() -> None:
    """Below T, which gets `p` from B; not where no T is above."""
    types = CONTEXT + 'extend schema @link(url: "https://specs.apollo.dev/context/v0.1", for: SECURITY)'
    reach = reach_of("A B", types)
    root = reach.at(Node("A", "Query"))
    (thing,) = reach.targets(root, "t")
    (below,) = reach.targets(thing, "u")
    (aside,) = reach.targets(root, "u")
    assert shown(reach.targets(below, "f")) == ["A.Int"]
    assert shown(reach.targets(aside, "f")) == []


def ladder(rungs: int) -> str:
    """A field for each rung, had in two subgraphs, each of which requires the rung below; the lowest requires the highest."""
    graphs = [f"{side}{n}" for n in range(rungs) for side in "PQ"]
    keyed = " ".join(f'@join__type(graph: {graph}, key: "id")' for graph in graphs)
    fields = [
        f'f{n}: Int @join__field(graph: P{n}, requires: "f{(n or rungs) - 1}")'
        f' @join__field(graph: Q{n}, requires: "f{(n or rungs) - 1}")'
        for n in range(rungs)
    ]
    return f"type Query @join__type(graph: P0) {{ t: T }} type T {keyed} {{ id: ID {' '.join(fields)} }}"


def test_ways_through_a_circle_do_not_multiply() -> None:
    """Forty rungs with two ways each are found out of reach in no time, and are within reach once the lowest is had."""
    graphs = " ".join(f"{side}{n}" for n in range(40) for side in "PQ")
    closed = reach_of(graphs, ladder(40))
    assert shown(closed.targets(closed.at(Node("P0", "T")), "f39")) == []
    opened = reach_of(graphs, ladder(40).replace("f0: Int", "f0: Int @join__field(graph: P1)"))
    assert shown(opened.targets(opened.at(Node("P0", "T")), "f39")) == ["P39.Int", "Q39.Int"]
