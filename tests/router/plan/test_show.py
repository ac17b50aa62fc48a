"""Plans as text and as JSON."""

from __future__ import annotations

from graphql import GraphQLInt

from router.plan import (
    EACH,
    Anchor,
    Entities,
    Fetch,
    OutputField,
    OutputSelection,
    PathKey,
    QueryPlan,
    Representation,
    RepresentationField,
)
from router.plan.nodes import OperationKind
from router.plan.show import show
from router.plan.wire import to_json

OUTPUT = OutputSelection("Query", {"Query": (OutputField("n", "n", "n", GraphQLInt),)})


def root(id_: int = 0, *, after: tuple[int, ...] = (), kind: OperationKind = "query") -> Fetch:
    operation = "{n}" if kind == "query" else f"{kind}{{n}}"
    return Fetch(id_, f"s{id_}", kind, operation, None, (), after=after)


def entities(id_: int, *after: int) -> Fetch:
    parts = RepresentationField("no", "_q0", nullable=False, is_key=True)
    nested = RepresentationField("dims", "dims", (RepresentationField("h", "h", on=("Box", "Bag")),))
    path = (PathKey("all"), EACH, PathKey("item", on=("Lot",)))
    return Fetch(
        id_,
        "depot",
        "query",
        "query Op__depot__1($representations:[_Any!]!,$u:Unit){_entities(representations:$representations){...on Item{w(unit:$u)}}}",
        "Op__depot__1",
        ("u",),
        entities=(Entities((Anchor(path, (Representation("Crate", "Item", (parts, nested)),)),)),),
        after=after,
    )


def test_a_single_fetch_stands_alone() -> None:
    """No sequence of one."""
    assert show(QueryPlan("query", (root(),), OUTPUT)) == ('QueryPlan {\n  Fetch(service: "s0") {\n    n\n  },\n}\n')
    assert to_json(QueryPlan("query", (root(),), OUTPUT)) == {
        "kind": "QueryPlan",
        "node": {
            "kind": "Fetch",
            "serviceName": "s0",
            "variableUsages": [],
            "operation": "{n}",
            "operationKind": "query",
            "id": "0",
        },
    }


def test_an_empty_plan_has_no_node() -> None:
    """Nothing to fetch is nothing to show."""
    assert show(QueryPlan("query", (), OUTPUT)) == "QueryPlan {}\n"
    assert to_json(QueryPlan("query", (), OUTPUT)) == {"kind": "QueryPlan"}


def test_fetches_are_shown_in_waves() -> None:
    """What can run together is parallel; what waits comes behind."""
    plan = QueryPlan("query", (root(0), root(1), root(2, after=(0,)), root(3, after=(1, 2))), OUTPUT)
    node = to_json(plan)["node"]
    assert node["kind"] == "Sequence"
    assert [wave["kind"] for wave in node["nodes"]] == ["Parallel", "Fetch", "Fetch"]
    assert [fetch["id"] for fetch in node["nodes"][0]["nodes"]] == ["0", "1"]
    assert show(plan).count("Parallel") == 1


def test_entity_fetches_show_inputs_path_and_guards() -> None:
    """A guard stands where the guarded object is; aliases stand before the field; the interface's name is said."""
    plan = QueryPlan("query", (root(), entities(1, 0)), OUTPUT)
    assert (
        show(plan)
        == """\
QueryPlan {
  Sequence {
    Fetch(service: "s0") {
      n
    },
    Flatten(path: "all.@|[Lot].item") {
      Fetch(service: "depot") {
        {
          ... on Crate as Item {
            __typename
            _q0: no
            dims {
              ... on Box|Bag {
                h
              }
            }
          }
        } =>
        {
          ... on Item {
            w(unit: $u)
          }
        }
      },
    },
  },
}
"""
    )


def test_entity_fetches_as_json() -> None:
    """The field names of Apollo's plans: requires, flatten paths, input rewrites."""
    node = to_json(QueryPlan("query", (root(), entities(1, 0)), OUTPUT))["node"]["nodes"][1]
    assert (node["kind"], node["path"]) == ("Flatten", ["all", "@|[Lot]", "item"])
    fetch = node["node"]
    assert fetch["requires"] == [
        {
            "kind": "InlineFragment",
            "typeCondition": "Crate",
            "selections": [
                {"kind": "Field", "name": "__typename"},
                {"kind": "Field", "name": "no", "alias": "_q0"},
                {
                    "kind": "Field",
                    "name": "dims",
                    "selections": [
                        {
                            "kind": "InlineFragment",
                            "typeCondition": "Box",
                            "selections": [{"kind": "Field", "name": "h"}],
                        },
                        {
                            "kind": "InlineFragment",
                            "typeCondition": "Bag",
                            "selections": [{"kind": "Field", "name": "h"}],
                        },
                    ],
                },
            ],
        }
    ]
    assert fetch["inputRewrites"] == [
        {"kind": "ValueSetter", "path": ["... on Crate", "__typename"], "setValueTo": "Item"}
    ]
    assert (fetch["operationName"], fetch["variableUsages"]) == ("Op__depot__1", ["u"])


def test_a_subscription_has_a_primary_and_a_rest() -> None:
    """The source stream first, then what completes each event."""
    source = root(0, kind="subscription")
    alone = to_json(QueryPlan("subscription", (source,), OUTPUT))["node"]
    assert (alone["kind"], alone["primary"]["operationKind"], "rest" in alone) == (
        "Subscription",
        "subscription",
        False,
    )
    completed = QueryPlan("subscription", (source, root(1, after=(0,))), OUTPUT)
    assert to_json(completed)["node"]["rest"]["serviceName"] == "s1"
    assert show(completed).startswith("QueryPlan {\n  Subscription {\n    Primary: {\n      Fetch(")
    assert "\n    Rest: {\n      Fetch(" in show(completed)
