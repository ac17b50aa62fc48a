"""Requests for objects at several paths: as text, as nodes that every tool knows, and as they are sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphql import GraphQLInt

from router.plan import (
    EACH,
    Anchor,
    ContextRead,
    Entities,
    Fetch,
    OutputField,
    OutputSelection,
    PathKey,
    QueryPlan,
    Representation,
    RepresentationField,
)
from router.plan.show import show
from router.plan.wire import to_json
from tests.router.planning import fixture, planned, supergraph_of

YARD = supergraph_of(
    "FLEET YARD",
    """
type Ship @join__type(graph: FLEET, key: "id") @join__type(graph: YARD, key: "id") {
  id: ID!
  name: String @join__field(graph: FLEET)
  repairs(first: Int): Int @join__field(graph: YARD)
  cost: Int @join__field(graph: YARD)
}
type Query @join__type(graph: FLEET) @join__type(graph: YARD) {
  flagship: Ship @join__field(graph: FLEET)
  ships: [Ship] @join__field(graph: FLEET)
  lost: [Ship] @join__field(graph: FLEET)
}
""",
)
QUERY = """query Fleet($first: Int) {
  flagship { repairs(first: $first) }
  ships { cost }
  lost { id: name cost }
}"""


def fetches(node: Any) -> Iterator[dict[str, Any]]:
    """Every node that asks a subgraph, with the path it stands at."""
    if node["kind"] == "Flatten":
        yield {"path": node["path"], **node["node"]}
    elif node["kind"] in ("Fetch", "BatchFetch"):
        yield node
    for inner in node.get("nodes", ()):
        yield from fetches(inner)


def test_a_batch_shows_what_is_asked_of_the_objects_at_which_paths() -> None:
    """Paths whose objects are named alike share a block; each `=>` is an `_entities` field."""
    assert (
        show(
            planned(
                YARD, "query Fleet($first: Int) { flagship { repairs(first: $first) } ships { cost } lost { cost } }"
            )
        )
        == """\
QueryPlan {
  Sequence {
    Fetch(service: "FLEET") {
      flagship {
        __typename
        id
      }
      ships {
        __typename
        id
      }
      lost {
        __typename
        id
      }
    },
    Fetch(service: "YARD") {
      {
        Flatten(path: "flagship") {
          ... on Ship {
            __typename
            id
          }
        }
      } =>
      {
        ... on Ship {
          repairs(first: $first)
        }
      },
      {
        Flatten(path: "ships.@" & "lost.@") {
          ... on Ship {
            __typename
            id
          }
        }
      } =>
      {
        ... on Ship {
          cost
        }
      },
    },
  },
}
"""
    )


def test_tools_get_a_fetch_for_each_path() -> None:
    """Each with the operation, the variables and the inputs of that path alone."""
    _, *found = fetches(to_json(planned(YARD, QUERY))["node"])
    assert [(one["kind"], one["path"], one["operation"], one["variableUsages"]) for one in found] == [
        (
            "Fetch",
            ["flagship"],
            "query Fleet__YARD__1($representations:[_Any!]!,$first:Int)"
            "{_entities(representations:$representations){...on Ship{repairs(first:$first)}}}",
            ["first"],
        ),
        *(
            (
                "Fetch",
                path,
                "query Fleet__YARD__1($representations:[_Any!]!)"
                "{_entities(representations:$representations){...on Ship{cost}}}",
                [],
            )
            for path in (["ships", "@"], ["lost", "@"])
        ),
    ]
    keys = [one["requires"][0]["selections"][1] for one in found]
    assert keys == [
        {"kind": "Field", "name": "id"},
        {"kind": "Field", "name": "id"},
        {"kind": "Field", "name": "id", "alias": "_q0"},
    ]


def test_a_client_s_variable_keeps_its_name_in_every_part() -> None:
    """Where the client calls a variable `representations`, those of the plan keep the names they have."""
    query = "query($representations: Int) { flagship { repairs(first: $representations) } ships { cost } }"
    _, one, other = fetches(to_json(planned(YARD, query))["node"])
    assert one["operation"].startswith("query($representations_1:[_Any!]!,$representations:Int)")
    assert other["operation"].startswith("query($representations_2:[_Any!]!)")


def test_batches_are_shown_as_they_are_sent_where_that_is_wanted() -> None:
    """One node for a request: its operation, and for each `_entities` field the variable, the paths and the inputs."""
    _, batch = fetches(to_json(planned(YARD, QUERY), batched=True)["node"])
    assert (batch["kind"], batch["serviceName"], batch["variableUsages"]) == ("BatchFetch", "YARD", ["first"])
    assert batch["operation"].count("_entities(") == 2
    shown = [(asked["alias"], asked["variable"], [t["path"] for t in asked["targets"]]) for asked in batch["entities"]]
    assert shown == [
        ("_e0", "representations", [["flagship"]]),
        ("_e1", "representations_1", [["ships", "@"], ["lost", "@"]]),
    ]
    assert batch["entities"][1]["targets"][1]["requires"][0]["selections"][1]["alias"] == "_q0"


# ── physical keys ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_keys_that_the_client_does_not_know_are_renamed() -> None:
    """What the tree holds under a key of its own is renamed to the client's, in answers, paths and inputs alike."""
    ship = OutputSelection("Ship", {"Ship": (OutputField("no", "no", "_q1", GraphQLInt),)})
    buoy = OutputSelection("Buoy", {"Buoy": (OutputField("no", "no", "no", GraphQLInt),)})
    owned = {"Ship": ("it", "_q0", ship), "Buoy": ("it", "it", buoy)}
    thing = OutputSelection(
        "Thing",
        {type_: (OutputField(key, key, source, GraphQLInt, below),) for type_, (key, source, below) in owned.items()},
    )
    root = OutputSelection("Query", {"Query": (OutputField("all", "all", "all", GraphQLInt, thing),)})
    first = Fetch(0, "A", "query", "{all{...on Ship{_q0:it{_q1:no}}...on Buoy{it{no}}}}", None, ())
    named = Representation("Ship", "Ship", (RepresentationField("no", "_q1", is_key=True),))
    then = Fetch(
        1,
        "B",
        "query",
        "query($representations:[_Any!]!){_entities(representations:$representations){...on Ship{_q1:no}}}",
        None,
        (),
        entities=(Entities((Anchor((PathKey("all"), EACH, PathKey("_q0", ("Ship",))), (named,)),)),),
        after=(0,),
    )
    one, other = fetches(to_json(QueryPlan("query", (first, then), root))["node"])
    assert one["outputRewrites"] == [
        {"kind": "KeyRenamer", "path": ["all", "... on Ship", "_q0", "_q1"], "renameKeyTo": "no"},
        {"kind": "KeyRenamer", "path": ["all", "... on Ship", "_q0"], "renameKeyTo": "it"},
    ]
    assert other["path"] == ["all", "@|[Ship]", "it"]
    assert other["requires"][0]["selections"][1] == {"kind": "Field", "name": "no"}
    assert other["outputRewrites"] == [{"kind": "KeyRenamer", "path": ["... on Ship", "_q1"], "renameKeyTo": "no"}]

    _, as_sent = fetches(to_json(QueryPlan("query", (first, then), root), batched=True)["node"])
    assert as_sent["path"] == ["all", "@|[Ship]", "_q0"]
    assert "outputRewrites" not in as_sent


def test_a_key_that_some_types_keep_is_renamed_for_the_others() -> None:
    """Without a fragment in the operation the path of the renamer says the type."""
    a, b = (OutputField(key, "n", "_q0", GraphQLInt) for key in ("n", "_q0"))
    thing = OutputSelection("Thing", {"A": (a,), "B": (b,)})
    root = OutputSelection("Query", {"Query": (OutputField("all", "all", "all", GraphQLInt, thing),)})
    plan = QueryPlan("query", (Fetch(0, "A", "query", "{all{_q0:n}}", None, ()),), root)
    assert to_json(plan)["node"]["outputRewrites"] == [
        {"kind": "KeyRenamer", "path": ["all", "... on A", "_q0"], "renameKeyTo": "n"}
    ]


def test_plans_without_physical_keys_rewrite_nothing() -> None:
    """An alias of the client's is no physical key."""
    query = "{ x: me { y: wallets { z: owner { email } } kind: __typename } }"
    found = fetches(to_json(planned(fixture("payments"), query))["node"])
    assert not any("outputRewrites" in one for one in found)


# ── contexts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_contexts_say_where_their_value_stands() -> None:
    """Up to the object that sets the context, and down to the value, for each type it may have."""
    read = ContextRead("contextualArgument_1_0", 1, (("Port", ("zone",)), ("Quay", ("port", "zone"))))
    key = Representation("Crate", "Crate", (RepresentationField("id", "id", is_key=True),))
    path = (PathKey("place"), PathKey("crates", ("Port", "Quay")), EACH, PathKey("item"))
    operation = (
        "query($representations:[_Any!]!,$contextualArgument_1_0:Int)"
        "{_entities(representations:$representations){...on Crate{fee(zone:$contextualArgument_1_0)}}}"
    )
    fetch = Fetch(0, "TOLL", "query", operation, None, (), entities=(Entities((Anchor(path, (key,), (read,)),)),))
    plan = QueryPlan("query", (fetch,), OutputSelection("Query", {"Query": ()}))
    assert to_json(plan)["node"]["node"]["contextRewrites"] == [
        {"kind": "KeyRenamer", "path": ["..", "..", "... on Port", "zone"], "renameKeyTo": "contextualArgument_1_0"},
        {
            "kind": "KeyRenamer",
            "path": ["..", "..", "... on Quay", "port", "zone"],
            "renameKeyTo": "contextualArgument_1_0",
        },
    ]
    assert "$contextualArgument_1_0: place|[Port].zone or place|[Quay].port.zone\n" in show(plan)
