"""Fetches that bring keys and inputs serve other fields at the same time, rather than a further fetch beside them."""

from __future__ import annotations

from tests.router.planning import asked, supergraph_of

BY_KEY = """
type Query @join__type(graph: START) { ship: Ship }
type Ship
  @join__type(graph: START, key: "imo", resolvable: false)
  @join__type(graph: B, key: "imo") @join__type(graph: B, key: "code")
  @join__type(graph: C, key: "imo") @join__type(graph: C, key: "code")
  @join__type(graph: D, key: "code")
{
  imo: ID! @join__field(graph: START) @join__field(graph: B) @join__field(graph: C)
  code: ID! @join__field(graph: B) @join__field(graph: C) @join__field(graph: D)
  flag: String @join__field(graph: B) @join__field(graph: C)
  name: String @join__field(graph: C) @join__field(graph: D)
  cargo: String @join__field(graph: D)
}
"""
BY_INPUT = """
type Query @join__type(graph: A) { ship: Ship }
type Ship @join__type(graph: A, key: "imo") @join__type(graph: B, key: "imo") @join__type(graph: C, key: "imo") {
  imo: ID!
  length: Int @join__field(graph: A, external: true) @join__field(graph: C)
  name: String @join__field(graph: B) @join__field(graph: C)
  toll: Int @join__field(graph: A, requires: "length")
}
"""
BESIDE_INPUT = """
type Query @join__type(graph: A) { ship: Ship }
type Ship
  @join__type(graph: A, key: "imo") @join__type(graph: B, key: "imo")
  @join__type(graph: C, key: "imo") @join__type(graph: D, key: "imo")
{
  imo: ID!
  name: String @join__field(graph: A)
  flag: String @join__field(graph: B) @join__field(graph: C)
  sister: Ship @join__field(graph: C) @join__field(graph: D)
  length: Int @join__field(graph: C, external: true) @join__field(graph: D)
  toll: Int @join__field(graph: C, requires: "length")
}
"""
OF_TWO_TYPES = """
union Vessel @join__type(graph: A) @join__unionMember(graph: A, member: "Ship") @join__unionMember(graph: A, member: "Barge") = Ship | Barge
type Query @join__type(graph: A) { vessel: Vessel }
type Ship @join__type(graph: A, key: "imo") @join__type(graph: B, key: "imo") @join__type(graph: C, key: "imo") {
  imo: ID!
  name: String @join__field(graph: B) @join__field(graph: C)
}
type Barge @join__type(graph: A, key: "imo") @join__type(graph: C, key: "imo") {
  imo: ID!
  name: String @join__field(graph: C)
}
"""


def test_who_gives_a_key_gives_more() -> None:
    """B is asked for the code anyway, and D for the cargo: no third subgraph for what they have between them."""
    assert asked(supergraph_of("B C D START", BY_KEY), "{ ship { flag cargo name } }") == [
        "0 START {ship{__typename imo}}",
        "1<0 B at ship Ship(imo) {...on Ship{flag code}}",
        "2<1 D at ship Ship(code) {...on Ship{cargo name}}",
    ]


def test_who_gives_an_input_gives_more() -> None:
    """C is asked for the length anyway; the name comes along, though B comes first by its name."""
    assert asked(supergraph_of("A B C", BY_INPUT), "{ ship { name toll } }") == [
        "0 A {ship{__typename imo}}",
        "1<0 C at ship Ship(imo) {...on Ship{length name}}",
        "2<1 A at ship Ship(imo length) {...on Ship{toll}}",
    ]


def test_who_waits_for_an_input_is_not_asked_before() -> None:
    """D is asked for the length anyway. C comes first by its name, but could give the sister at once in a further fetch only."""
    assert asked(supergraph_of("A B C D", BESIDE_INPUT), "{ ship { toll sister { name } } }") == [
        "0 A {ship{__typename imo}}",
        "1<0 D at ship Ship(imo) {...on Ship{length sister{__typename imo}}}",
        "2<1 C at ship Ship(imo length) {...on Ship{toll}}",
        "3<1 A at ship.sister Ship(imo) {...on Ship{name}}",
    ]


def test_who_waits_for_an_input_gives_more() -> None:
    """B comes first by its name, but C is asked for the toll anyway; nothing is behind the flag, so it may be late."""
    assert asked(supergraph_of("A B C D", BESIDE_INPUT), "{ ship { toll flag } }") == [
        "0 A {ship{__typename imo}}",
        "1<0 D at ship Ship(imo) {...on Ship{length}}",
        "2<1 C at ship Ship(imo length) {...on Ship{toll flag}}",
    ]


def test_who_is_asked_about_another_type_gives_more() -> None:
    """B comes first by its name and has the ships', but C is asked about the barges at the same place anyway."""
    assert asked(supergraph_of("A B C", OF_TWO_TYPES), "{ vessel { ... on Ship { name } ... on Barge { name } } }") == [
        "0 A {vessel{__typename ...on Barge{imo} ...on Ship{imo}}}",
        "1<0 C at vessel Barge(imo) Ship(imo) {...on Barge{name} ...on Ship{name}}",
    ]
