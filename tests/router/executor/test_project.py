"""The client's shape: its keys in its order, nulls where the API's types put them, and nothing it may not see."""

from __future__ import annotations

from typing import Any

import pytest

from router.executor.project import project
from router.executor.report import Report
from tests.router.executor.harness import Sources, output_of, supergraph_of

API = """
type Query {
  a: A  must: A!  list: [A]  listOfMust: [A!]  mustList: [A]!  grid: [[A!]]  strictGrid: [[A!]!]!
  color: Color  colors: [Color]  strictColors: [Color!]  node: Node  nodes: [Node!]  found: [Found]
  int: Int  float: Float  string: String  boolean: Boolean  id: ID  json: JSON  jsons: [JSON!]
}
scalar JSON
enum Color { RED GREEN }
interface Node { id: ID! }
type A implements Node { id: ID!  name: String  strict: String!  child: A  mustChild: A! }
type B implements Node { id: ID!  name: [Int!] }
union Found = A | B
"""
SECRET = "type Hidden implements Node { id: ID! }  extend enum Color { ULTRAVIOLET }"


def shown(
    operation: str, tree: dict[str, Any], *, sources: Sources | None = None, report: Report | None = None
) -> tuple[dict[str, Any] | None, list[tuple[str, list[Any] | None]]]:
    """The client's data, and message and path of each error."""
    supergraph = supergraph_of(API, SECRET)
    report = report or Report()
    data = project(tree, output_of(supergraph.api, operation, sources), api=supergraph.api, report=report)
    return data, [(error["message"], error.get("path")) for error in report.errors]


# ── shape ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_keys_come_in_the_clients_order_and_hidden_ones_not_at_all() -> None:
    """The tree's order plays no part, and what was fetched for keys or @requires stays inside."""
    tree = {"_q0": 1, "a": {"hidden": 1, "id": "1", "name": "n"}, "int": 3}

    data, errors = shown("{ int a { name id } }", tree)

    assert str(data) == "{'int': 3, 'a': {'name': 'n', 'id': '1'}}"
    assert errors == []


def test_a_value_is_read_where_the_plan_put_it() -> None:
    """The client's key and the tree's key may differ, by type."""
    tree = {"nodes": [{"__typename": "A", "name": "x"}, {"__typename": "B", "name": "stolen", "_q1": [1]}]}

    data, _ = shown("{ nodes { ... on A { name } ... on B { name } } }", tree, sources={("B", "name"): "_q1"})

    assert data == {"nodes": [{"name": "x"}, {"name": [1]}]}


def test_typename_is_the_runtime_type_under_every_alias() -> None:
    """A static type needs no __typename in the tree; an abstract one shows what the tree says; the root is Query."""
    tree = {"a": {}, "nodes": [{"__typename": "B"}]}

    data, _ = shown("{ root: __typename a { __typename t: __typename } nodes { __typename } }", tree)

    assert data == {
        "root": "Query",
        "a": {"__typename": "A", "t": "A"},
        "nodes": [{"__typename": "B"}],
    }


def test_a_possible_type_without_selections_is_an_empty_object() -> None:
    """Nothing selected for the runtime type gives {}, not null."""
    data, errors = shown("{ found { ... on A { id } } }", {"found": [{"__typename": "B"}]})

    assert (data, errors) == ({"found": [{}]}, [])


def test_fragments_on_interfaces_reach_their_types() -> None:
    """Union, interface and concrete fragments nest; each object gets the fields of all that fit it."""
    tree = {"found": [{"__typename": "A", "id": "1", "strict": "s"}, {"__typename": "B", "id": "2"}]}

    data, _ = shown("{ found { ... on Node { id ... on A { strict } } } }", tree)

    assert data == {"found": [{"id": "1", "strict": "s"}, {"id": "2"}]}


@pytest.mark.parametrize("name", ["Hidden", "Nonsense", None, 7])
def test_a_type_the_client_may_not_know_is_null_and_unnamed(name: Any) -> None:
    """An inaccessible, unknown or missing runtime type is null with an error that does not say what came."""
    data, errors = shown("{ node { id } }", {"node": {"__typename": name, "id": "1"}})

    assert data == {"node": None}
    assert errors == [("The object has no type that is possible for Node.", ["node"])]


def test_an_unknown_type_among_non_null_elements_takes_the_list() -> None:
    """The null bubbles by the API's types like any other."""
    tree = {"nodes": [{"__typename": "A", "id": "1"}, {"__typename": "Hidden", "id": "2"}]}

    data, errors = shown("{ nodes { id } }", tree)

    assert data == {"nodes": None}
    assert errors == [("The object has no type that is possible for Node.", ["nodes", 1])]


# ── nulls ───────────────────────────────────────────────────────────────────────────────────────────────────────────

BAD = {"id": "2"}  # an A without its non-null `strict`
GOOD = {"id": "1", "strict": "s"}


@pytest.mark.parametrize(
    ("field", "value", "expected", "path"),
    [
        ("a", BAD, {"a": None}, ["a", "strict"]),
        ("must", BAD, None, ["must", "strict"]),
        ("must", None, None, ["must"]),
        ("list", [GOOD, BAD], {"list": [{"strict": "s"}, None]}, ["list", 1, "strict"]),
        ("listOfMust", [GOOD, BAD], {"listOfMust": None}, ["listOfMust", 1, "strict"]),
        ("listOfMust", [GOOD, None], {"listOfMust": None}, ["listOfMust", 1]),
        ("mustList", [BAD], {"mustList": [None]}, ["mustList", 0, "strict"]),
        ("mustList", None, None, ["mustList"]),
        ("grid", [[GOOD], [GOOD, BAD]], {"grid": [[{"strict": "s"}], None]}, ["grid", 1, 1, "strict"]),
        ("grid", [None, [None]], {"grid": [None, None]}, ["grid", 1, 0]),
        ("strictGrid", [[], [BAD]], None, ["strictGrid", 1, 0, "strict"]),
        ("strictGrid", [[GOOD], None], None, ["strictGrid", 1]),
    ],
)
def test_nulls_bubble_by_the_apis_types(field: str, value: Any, expected: Any, path: list[Any]) -> None:
    """A null where the type forbids it takes the nearest nullable parent, with one error at its place."""
    data, errors = shown(f"{{ {field} {{ strict }} }}", {field: value})

    assert data == expected
    assert [where for _, where in errors] == [path]
    assert errors[0][0].startswith("Cannot return null for non-nullable field ")


def test_missing_values_are_null() -> None:
    """What no subgraph answered is null, a missing list too; that alone is no error."""
    assert shown("{ a { name } list { id } int color }", {"a": {}}) == (
        {"a": {"name": None}, "list": None, "int": None, "color": None},
        [],
    )


def test_a_chain_of_non_nulls_reports_its_first_cause_only() -> None:
    """Bubbling through several non-null parents is one error."""
    data, errors = shown("{ a { mustChild { mustChild { strict } } } }", {"a": {"mustChild": {"mustChild": {}}}})

    assert data == {"a": None}
    assert errors == [
        ("Cannot return null for non-nullable field A.strict.", ["a", "mustChild", "mustChild", "strict"])
    ]


@pytest.mark.parametrize(
    "path", [(), ("a",), ("a", "mustChild"), ("a", "mustChild", "strict"), ("a", "mustChild", "strict", "below")]
)
def test_an_error_above_at_or_below_explains_a_null(path: tuple[str, ...]) -> None:
    """Where the client already sees a cause, the null needs no error of its own."""
    report = Report()
    report.add("the cause", path)

    data, errors = shown("{ a { mustChild { strict } } }", {"a": {"mustChild": {}}}, report=report)

    assert data == {"a": None}
    assert [message for message, _ in errors] == ["the cause"]


def test_an_error_elsewhere_explains_nothing() -> None:
    """A sibling's error, or one in another element of the list, leaves the null unexplained."""
    report = Report()
    report.add("another's", ("list", 0, "strict"))

    _, errors = shown("{ list { strict } }", {"list": [BAD, BAD]}, report=report)

    assert [path for _, path in errors] == [["list", 0, "strict"], ["list", 1, "strict"]]


def test_a_denied_path_explains_nulls_in_every_element() -> None:
    """Denied paths stand for all indices, are reported by the caller, and add nothing to the errors here."""
    report = Report([("list", "@", "strict"), ("must",)])

    assert shown("{ list { strict } }", {"list": [BAD, BAD]}, report=report) == ({"list": [None, None]}, [])
    assert shown("{ must { id } }", {}, report=report) == (None, [])


# ── leaves ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("int", 2**31 - 1, 2**31 - 1),
        ("int", 3.0, 3),
        ("float", 1, 1),
        ("float", 1.5, 1.5),
        ("string", "", ""),
        ("boolean", False, False),
        ("id", "a", "a"),
        ("id", 7, "7"),
        ("color", "RED", "RED"),
        ("json", {"a": [None]}, {"a": [None]}),
        ("json", [1], [1]),
        ("json", 10**30, 10**30),
        ("jsons", [{"a": 1}, 2], [{"a": 1}, 2]),
    ],
)
def test_leaves_pass(field: str, value: Any, expected: Any) -> None:
    """Built-in scalars are checked lightly; custom scalars of any JSON kind pass untouched."""
    assert shown(f"{{ {field} }}", {field: value}) == ({field: expected}, [])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("int", 2**31),
        ("int", 1.5),
        ("int", "1"),
        ("int", True),
        ("float", "1.5"),
        ("float", True),
        ("string", 1),
        ("string", {"a": 1}),
        ("boolean", 1),
        ("id", 1.5),
        ("id", True),
        ("color", "ULTRAVIOLET"),
        ("color", "NONSENSE"),
        ("color", 1),
    ],
)
def test_a_wrong_leaf_is_null_with_an_error_that_hides_it(field: str, value: Any) -> None:
    """An inaccessible enum value or the wrong kind of JSON is null; the error does not repeat it."""
    data, ((message, path),) = shown(f"{{ {field} }}", {field: value})

    assert data == {field: None}
    assert path == [field]
    assert str(value) not in message


def test_enum_lists_lose_the_bad_element_or_themselves() -> None:
    """Each element is checked; the list's own type decides how far the null goes."""
    colors = ["RED", "ULTRAVIOLET", "GREEN"]

    data, errors = shown("{ colors strictColors }", {"colors": colors, "strictColors": colors})

    assert data == {"colors": ["RED", None, "GREEN"], "strictColors": None}
    assert [path for _, path in errors] == [["colors", 1], ["strictColors", 1]]


def test_a_null_custom_scalar_in_a_strict_list_bubbles() -> None:
    """Custom scalars are opaque, their nulls are not."""
    data, errors = shown("{ jsons }", {"jsons": [1, None]})

    assert data == {"jsons": None}
    assert [path for _, path in errors] == [["jsons", 1]]


@pytest.mark.parametrize(
    ("operation", "tree", "message"),
    [
        ("{ a { id } }", {"a": [{"id": "1"}]}, "Expected an object of type A."),
        ("{ a { id } }", {"a": "text"}, "Expected an object of type A."),
        ("{ list { id } }", {"list": {"id": "1"}}, "Expected a list for field Query.list."),
        ("{ colors }", {"colors": "RED"}, "Expected a list for field Query.colors."),
    ],
)
def test_a_wrong_shape_is_null_with_an_error(operation: str, tree: dict[str, Any], message: str) -> None:
    """An object where a list belongs, or the reverse, never raises."""
    data, errors = shown(operation, tree)

    assert list((data or {}).values()) == [None]
    assert [each for each, _ in errors] == [message]
