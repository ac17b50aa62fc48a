"""Supergraphs of earlier compositions: one museum, composed by federation 1 and by several versions of federation 2."""

from __future__ import annotations

import pytest

from router.supergraph import Supergraph, load_supergraph
from tests.router.planning import FIXTURES, asked, assert_same_answer
from tests.router.world import World

VERSIONS = ["01", "02", "03", "04"]


def museum(version: str) -> Supergraph:
    """The museum in the form of one version of the join specification."""
    return load_supergraph((FIXTURES / "older" / f"join_v{version}.graphql").read_text())


@pytest.mark.parametrize("version", VERSIONS)
def test_entities_move_as_ever(version: str) -> None:
    """Keys, required and provided fields mean the same in every version."""
    lines = asked(museum(version), "{ tours { guide { name since } exhibits { area } } }")
    assert lines == [
        "0 guides {tours{guide{__typename name id} exhibits{__typename id}}}",
        "1<0 staff at tours.@.guide Guide(id) {...on Guide{since}}",
        "2<0 halls at tours.@.exhibits.@ Exhibit(id) {...on Exhibit{size{w h}}}",
        "3<2 guides at tours.@.exhibits.@ Exhibit(id size(w h)) {...on Exhibit{area}}",
    ]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("seed", range(3))
async def test_the_subgraphs_answer_as_one(version: str, seed: int) -> None:
    """What the subgraphs answer together is what one schema over the same data answers."""
    query = """{
      tours { code largest { w h } guide { name since tours { code } } exhibits { title area hall { floor guard { name } } } }
      guides { boss { name } tours { exhibits { size { w } } } }
      found { __typename ... on Hall { no guard { since } } ... on Exhibit { area tours { code } } }
      titled { title ... on Exhibit { tours { code } } }
    }"""
    await assert_same_answer(World(museum(version), seed), query)


def test_a_value_type_is_known_wherever_it_is_returned() -> None:
    """Federation 1 says of no value type where it is: guides returns a Size, so it knows all of it, Unit included."""
    supergraph = museum("01")
    assert supergraph.types["Size"].subgraphs == {"guides", "halls"}
    assert asked(supergraph, "{ tours { largest { unit { name } } } }") == ["0 guides {tours{largest{unit{name}}}}"]


def test_what_is_required_or_provided_is_external() -> None:
    """Federation 1 marks nothing as external: it follows from who mentions what."""
    types = museum("01").types
    assert types["Exhibit"].fields["size"].by_subgraph["guides"].external
    assert types["Guide"].fields["name"].by_subgraph["guides"].external
    assert not types["Exhibit"].fields["id"].by_subgraph["guides"].external


def test_members_are_those_that_could_be_one() -> None:
    """guides extends Exhibit without its title, so there it cannot be Titled; halls has all that is Found."""
    types = museum("01").types
    assert types["Titled"].members["guides"] == {"Tour"}
    assert types["Found"].members == {"halls": {"Exhibit", "Hall"}}


def test_a_field_that_names_no_subgraph_is_its_owner_s() -> None:
    """So it is read, with what it provides, where the type has an owner."""
    sdl = """
    schema @core(feature: "https://specs.apollo.dev/core/v0.1") @core(feature: "https://specs.apollo.dev/join/v0.1") { query: Query }
    enum join__Graph { A @join__graph(name: "a", url: "") B @join__graph(name: "b", url: "") }
    type Query { t: T @join__field(graph: B) }
    type T @join__owner(graph: A) @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
      id: ID! x: Int y: Int @join__field(graph: B) u: U @join__field(provides: "z") }
    type U @join__owner(graph: B) @join__type(graph: B, key: "z") @join__type(graph: A, key: "z") { z: ID! w: Int }
    """
    fields = load_supergraph(sdl).types["T"].fields
    assert list(fields["x"].by_subgraph) == ["a"]
    assert str(fields["u"].by_subgraph["a"].provides) != "None"


@pytest.mark.parametrize("name", ["li", "core"])
def test_links_may_be_called_anything(name: str) -> None:
    """The specification of links links itself, under the name that it has in this document."""
    sdl = f"""
    schema @{name}(url: "https://specs.apollo.dev/link/v1.0", as: "{name}")
      @{name}(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION, as: "j") {{ query: Query }}
    enum j__Graph {{ A @j__graph(name: "a", url: "") }}
    type Query @j__type(graph: A) {{ x: Int }}
    """
    assert asked(load_supergraph(sdl), "{ x }") == ["0 a {x}"]
