"""Mutations across subgraphs, payloads that lead back to Query, shared roots, variables, custom scalars and subscriptions."""

from __future__ import annotations

from typing import Any

import pytest

from router.errors import SubgraphFailure
from tests.router.executor.cases.federation import Federation, fault, places, table

MUTATIONS = {
    "dock": """
        type Query { crate(tag: ID!): Crate }
        type Mutation { load(tag: ID!): Crate sweep: Int! @shareable }
        type Crate @key(fields: "tag") { tag: ID! }
    """,
    "customs": """
        type Query { tide: Int }
        type Mutation { clear(tag: ID!): Crate sweep: Int! @shareable }
        type Crate @key(fields: "tag") { tag: ID! duty: Int }
    """,
}


class Port:
    """Two subgraphs that write down what they are told to do, in the order in which it happens."""

    def __init__(self, **fails: bool) -> None:
        self.done: list[str] = []
        self.fails = fails
        crate = {"load": self._do("load"), "clear": self._do("clear"), "sweep": self._swept}
        self.federation = Federation(
            MUTATIONS, {"dock": crate, "customs": crate}, {"customs": lambda crate: {**crate, "duty": 5}}
        )

    def _do(self, what: str) -> Any:
        def done(tag: str) -> Any:
            self.done.append(f"{what} {tag}")
            return fault(f"cannot {what}") if self.fails.get(what) else {"tag": tag, "duty": 7}

        return done

    def _swept(self) -> Any:
        self.done.append("sweep")
        return fault("cannot sweep") if self.fails.get("sweep") else len(self.done)


async def test_mutations_run_in_the_clients_order_over_subgraphs() -> None:
    """dock, customs, dock, with the same field under two aliases, and fields of other subgraphs fetched for what they return."""
    port = Port()

    result = await port.federation.ask(
        'mutation { a: load(tag: "1") { duty } clear(tag: "2") { duty } b: load(tag: "3") { tag } c: load(tag: "1") { tag } }'
    )

    assert port.done == ["load 1", "clear 2", "load 3", "load 1"]
    assert result.data == {"a": {"duty": 5}, "clear": {"duty": 7}, "b": {"tag": "3"}, "c": {"tag": "1"}}
    assert result.errors == ()


async def test_a_mutation_that_several_subgraphs_have_runs_once() -> None:
    """Sharing a field is no reason to do it twice."""
    port = Port()

    assert (await port.federation.ask('mutation { sweep load(tag: "1") { tag } }')).data == {
        "sweep": 1,
        "load": {"tag": "1"},
    }
    assert port.done == ["sweep", "load 1"]


async def test_a_mutation_that_fails_does_not_stop_the_next() -> None:
    """Its error stands at its own alias."""
    port = Port(clear=True)

    result = await port.federation.ask(
        'mutation { load(tag: "1") { duty } x: clear(tag: "2") { tag } y: load(tag: "3") { tag } }'
    )

    assert result.data == {"load": {"duty": 5}, "x": None, "y": {"tag": "3"}}
    assert places(result) == [("cannot clear", ["x"])]
    assert port.done == ["load 1", "clear 2", "load 3"]


async def test_a_mutation_that_must_not_be_null_takes_the_others_along_when_all_are_done() -> None:
    """What is behind it in another subgraph still ran; the answer says only what the types allow."""
    port = Port(sweep=True)

    result = await port.federation.ask('mutation { load(tag: "1") { duty } sweep clear(tag: "2") { tag } }')

    assert result.data is None
    assert ("cannot sweep", ["sweep"]) in places(result)
    assert port.done[0] == "load 1"


BACK = {
    "dock": """
        schema { query: Reads mutation: Writes }
        type Reads { piers: [Pier] }
        type Writes { load: [Load] }
        type Load { reads: Reads again: Load }
        type Pier { reads: Reads }
    """,
    "customs": "type Query { tide: Int high: Boolean }",
}


async def test_a_payload_leads_back_to_query() -> None:
    """At each place where the object is, and not where it is null; the root types have names of their own in one subgraph."""
    reads: dict[str, Any] = {"piers": [{"reads": {}}, None, {"reads": None}]}
    load = [{"reads": reads, "again": {"reads": reads}}, None, {"reads": None, "again": None}]
    federation = Federation(BACK, {"dock": {"load": load}, "customs": {"tide": 3, "high": fault("fog")}})

    result = await federation.ask("mutation { load { reads { tide } again { reads { t: tide high } } } }")

    assert result.data == {
        "load": [
            {"reads": {"tide": 3}, "again": {"reads": {"t": 3, "high": None}}},
            None,
            {"reads": None, "again": None},
        ]
    }
    assert places(result) == [("fog", ["load", 0, "again", "reads", "high"])]


async def test_query_below_a_list_is_answered_at_every_element() -> None:
    """One request, merged into each; its error is told at each."""
    piers: dict[str, Any] = {"piers": [{"reads": {}}, {"reads": {}}, {"reads": None}]}
    federation = Federation(BACK, {"dock": piers, "customs": {"tide": 3, "high": fault("fog")}})

    result = await federation.ask("{ piers { reads { __typename tide high } } }")

    there = {"__typename": "Query", "tide": 3, "high": None}
    assert result.data == {"piers": [{"reads": there}, {"reads": there}, {"reads": None}]}
    assert places(result) == [("fog", ["piers", index, "reads", "high"]) for index in (0, 1)]


async def test_query_below_null_asks_nobody() -> None:
    """There is no place to put the answer."""
    federation = Federation(BACK, {"dock": {"piers": [{"reads": None}, None]}})

    assert (await federation.ask("{ piers { reads { tide } } }")).data == {"piers": [{"reads": None}, None]}
    assert federation.sent_to("customs") == []


SHARED = {
    name: f"type Query {{ port: Port @shareable ports: [Port!] @shareable }} type Port @shareable {{ id: ID! {own}: Int }}"
    for name, own in {"dock": "depth", "customs": "fee"}.items()
}


@pytest.mark.parametrize(
    ("fee", "shown"),
    [({"fee": 2}, 2), (None, None), (fault("lost"), None)],
    ids=["both", "null from one", "error of one"],
)
async def test_a_shared_root_object_comes_from_all_who_have_it(fee: Any, shown: int | None) -> None:
    """Each subgraph gives its own fields; null or an error from one takes nothing away from the other."""
    federation = Federation(
        SHARED,
        {
            "dock": {"port": {"id": "1", "depth": 9}, "ports": [{"id": "1", "depth": 9}, {"id": "2", "depth": 8}]},
            "customs": {"port": fee, "ports": [fee, fee] if isinstance(fee, dict) else fee},
        },
    )

    result = await federation.ask("{ port { fee depth } ports { fee depth } }")

    assert result.data == {
        "port": {"fee": shown, "depth": 9},
        "ports": [{"fee": shown, "depth": 9}, {"fee": shown, "depth": 8}],
    }
    assert [path for _, path in places(result)] == ([["port"], ["ports"]] if isinstance(fee, Exception) else [])


async def test_shared_lists_of_different_lengths_are_not_mixed() -> None:
    """There is no telling which elements belong together: one list stands, what the other had for it is null."""
    federation = Federation(
        SHARED, {"dock": {"ports": [{"depth": 9}, {"depth": 8}]}, "customs": {"ports": [{"fee": 1}]}}
    )

    result = await federation.ask("{ ports { fee depth } }")

    assert result.data in (
        {"ports": [{"fee": None, "depth": 9}, {"fee": None, "depth": 8}]},
        {"ports": [{"fee": 1, "depth": None}]},
    )


ARGUMENTS = {
    "dock": """
        type Query { berth(size: Int = 3, at: Place, hidden: Int = 7 @inaccessible): Berth echo(representations: [Int]): [Int] }
        input Place { pier: ID! slots: [Int!] near: Place }
        type Berth @key(fields: "id") { id: ID! }
    """,
    "tariffs": """
        type Berth @key(fields: "id") { id: ID! fee(size: Int = 4, at: Place): String }
        input Place { pier: ID! slots: [Int!] near: Place }
    """,
}


async def test_variables_reach_every_subgraph_that_uses_them() -> None:
    """One the client leaves out stays out, so that defaults apply; null is null; a variable inside an input is put there."""
    asked: list[Any] = []

    def berth(**given: Any) -> dict[str, Any]:
        asked.append(given)
        return {"id": "b"}

    federation = Federation(
        ARGUMENTS,
        {"dock": {"berth": berth}},
        {"tariffs": lambda berth: {**berth, "fee": lambda **given: str(sorted(given.items()))}},
    )
    query = "query ($size: Int, $pier: ID!, $slots: [Int!]) { berth(size: $size, at: {pier: $pier, slots: $slots}) { fee(size: $size) } }"

    for sent, size in ({}, (3, 4)), ({"size": None}, (None, None)), ({"size": 9}, (9, 9)):
        result = await federation.ask(query, {"pier": "p", **sent})

        assert asked.pop() == {"size": size[0], "at": {"pier": "p"}, "hidden": 7}
        assert result.data == {"berth": {"fee": str([("size", size[1])])}}
        assert result.errors == ()
    assert all("hidden" not in request.payload["query"] for request in federation.requests)


async def test_input_objects_travel_whole() -> None:
    """Nested ones, too; to two subgraphs, of which each gets the variables that it uses."""
    federation = Federation(
        ARGUMENTS,
        {"dock": {"berth": lambda **given: {"id": given["at"]["near"]["pier"]}}},
        {"tariffs": lambda berth: {**berth, "fee": lambda **given: str(given["at"]["slots"])}},
    )
    place = {"pier": "p", "slots": [1, 2], "near": {"pier": "q", "near": None}}

    result = await federation.ask(
        "query ($at: Place, $size: Int) { berth(at: $at, size: $size) { id fee(at: $at) } }", {"at": place}
    )

    assert result.data == {"berth": {"id": "q", "fee": "[1, 2]"}}
    assert federation.sent_to("dock") == [{"at": place}]
    assert federation.sent_to("tariffs") == [{"at": place, "representations": [{"__typename": "Berth", "id": "q"}]}]


async def test_a_client_may_call_its_variable_representations() -> None:
    """Its value and ours do not get mixed up."""
    federation = Federation(
        ARGUMENTS,
        {"dock": {"berth": {"id": "b"}, "echo": lambda representations: representations}},
        {"tariffs": lambda berth: {**berth, "fee": lambda **given: str(given["size"])}},
    )

    result = await federation.ask(
        "query ($representations: Int) { echo(representations: [$representations]) berth { fee(size: $representations) } }",
        {"representations": 5},
    )

    assert result.data == {"echo": [5], "berth": {"fee": "5"}}
    assert federation.sent_to("tariffs")[0]["representations"] == 5


CONTEXT = {
    "dock": """
        type Query { shops: [Shop] }
        type Shop @key(fields: "id") @context(name: "shop") { id: ID! items: [Item] rate: Int }
        type Item @key(fields: "id") { id: ID! price(rate: Int @fromContext(field: "$shop { rate }")): Int }
    """,
    "tariffs": 'type Shop @key(fields: "id") { id: ID! opens: Int }',
}


async def test_a_value_from_a_context_differs_from_object_to_object() -> None:
    """Each item is priced by the shop it is in: a request for each rate, and the same item in two shops has two prices."""
    item = {"id": "i", "price": lambda rate: None if rate is None else rate * 2}
    shops = [
        {"rate": 2, "items": [item, None]},
        {"rate": None, "items": [item]},
        None,
        {"rate": 3, "items": [item, item]},
    ]
    federation = Federation(CONTEXT, {"dock": {"shops": shops}}, {"dock": lambda found: {**item, **found}})

    result = await federation.ask("{ shops { items { price } } }")

    assert result.errors == ()
    assert result.data == {
        "shops": [
            {"items": [{"price": 4}, None]},
            {"items": [{"price": None}]},
            None,
            {"items": [{"price": 6}, {"price": 6}]},
        ]
    }
    assert len(federation.requests) == 4


SCALARS = {
    "dock": """
        scalar Any2
        type Query { crate: Crate @shareable }
        type Crate @key(fields: "tag") { tag: ID! label: Any2 @shareable many: [Any2] }
    """,
    "customs": """
        scalar Any2
        type Query { crate: Crate @shareable }
        type Crate @key(fields: "tag") { tag: ID! label: Any2 @shareable seal: Any2 }
    """,
}


@pytest.mark.parametrize(
    "value",
    [
        b'{"a":{"__typename":"Ghost","b":[null,{"tag":null}]},"tag":1}',
        b"[[1,[2]],{}]",
        b"123456789012345678901234567890",
        b"0.1000000000000000055511151231257827",
        b"1e400",
        b"-0.0",
        b"1E5",
        b'"\\u0000 \xf0\x9f\x9a\xa2"',
        b"true",
    ],
    ids=repr,
)
async def test_a_custom_scalar_is_passed_on_as_it_is(value: bytes) -> None:
    """Objects are not walked or merged, numbers keep every digit, and nothing inside is taken for GraphQL."""
    federation = Federation(
        SCALARS,
        answers={
            "dock": lambda _: b'{"data":{"crate":{"tag":"t","many":[' + value + b",null," + value + b"]}}}",
            "customs": lambda _: (
                b'{"data":{"_entities":[{"seal":' + value + b"}]," + b'"crate":{"seal":' + value + b"}}}"
            ),
        },
    )

    result = await federation.ask("{ crate { seal many } }")

    assert result.errors == ()
    assert result.json == b'{"crate":{"seal":' + value + b',"many":[' + value + b",null," + value + b"]}}"


@pytest.mark.parametrize("depth", [300, 700, 5000])
async def test_a_custom_scalar_nested_past_all_reason_costs_itself_alone(depth: int) -> None:
    """It is shown, or an error stands in its place."""
    value = b"[" * depth + b"]" * depth
    federation = Federation(
        SCALARS | {"ports": 'type Query { crates: [Crate!] } type Crate @key(fields: "tag") { tag: ID! }'},
        answers={
            "ports": lambda _: b'{"data":{"crates":[{"tag":"t"},{"tag":"t"}]}}',
            "customs": lambda _: b'{"data":{"_entities":[{"seal":' + value + b"}]}}",
        },
    )

    result = await federation.ask("{ crates { tag seal } }")

    if depth < 1000:  # as deep as JSON is read at all
        assert result.json.count(value) == 2
    else:
        assert result.data == {"crates": [{"tag": "t", "seal": None}] * 2}
        assert places(result) == [('Subgraph "customs" did not answer with GraphQL.', ["crates"])]


LIVE = {
    "dock": """
        type Query { a: Int }
        type Subscription { arrived: Crate }
        type Crate @key(fields: "tag") { tag: ID! }
    """,
    "customs": 'type Crate @key(fields: "tag") { tag: ID! duty: Int }',
    "fleet": 'type Crate @key(fields: "tag") { tag: ID! kilos: Int! }',
}


async def test_every_event_is_completed_by_itself() -> None:
    """Two more subgraphs fill each event; one that is null, one with an error, one that cannot be completed; then the end."""
    federation = Federation(
        LIVE,
        entities={
            "customs": table(a={"duty": 1}, b={"duty": fault("lost")}, c={"duty": 3}),
            "fleet": table(a={"kilos": 4}, b={"kilos": 5}, c=None),
        },
        events={
            "dock": [{"arrived": {"tag": "a"}}, {"arrived": None}, {"arrived": fault("fog")}, *_arrivals("b", "c")]
        },
    )

    results = await federation.listen("subscription { arrived { duty kilos } }")

    assert [result.data for result in results] == [
        {"arrived": {"duty": 1, "kilos": 4}},
        {"arrived": None},
        {"arrived": None},
        {"arrived": {"duty": None, "kilos": 5}},
        {"arrived": None},
    ]
    assert [places(result) for result in results] == [
        [],
        [],
        [("fog", ["arrived"])],
        [("lost", ["arrived", "duty"])],
        [("Cannot return null for non-nullable field Crate.kilos.", ["arrived", "kilos"])],
    ]


async def test_a_source_that_breaks_off_is_told_last() -> None:
    """What came before it was whole."""
    federation = Federation(
        LIVE,
        entities={"customs": table(a={"duty": 1})},
        events={"dock": [*_arrivals("a"), SubgraphFailure("dock", "gone")]},
    )

    first, last = await federation.listen("subscription { arrived { duty } }")

    assert (first.data, first.errors) == ({"arrived": {"duty": 1}}, ())
    assert (last.data, places(last)) == (None, [("gone", None)])


def _arrivals(*tags: str) -> list[Any]:
    return [{"arrived": {"tag": tag}} for tag in tags]
