"""Whole plans, written by hand, over scripted subgraphs: what is sent, what comes together, what goes wrong where."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from router.errors import SubgraphFailure
from router.executor import ExecutionResult, execute
from router.limits import ERROR_OCCURRENCES_MAX
from router.plan import Anchor, Entities, Fetch, Introspection, RepresentationField
from router.transport import SubgraphRequest
from router.transport.body import encode_request
from tests.router.executor.harness import (
    Case,
    entities,
    entity,
    entity_fetch,
    path_of,
    paths,
    root_fetch,
    supergraph_of,
)

HARBOUR = supergraph_of(
    """
    type Query { crate: Crate  crates: [Crate!]  vessels: [Vessel]  flag: String  tide: Int  grid: [[Crate]]  pier: Pier }
    type Mutation { load(n: Int): Load  unload: Int  name: String! }
    type Load { crate: Crate  query: Query }
    type Crate { tag: ID!  serial: ID!  duty: Int  owed: Int!  vessel: Vessel  label: String }
    type Vessel { id: ID!  name: String  strict: String!  crates: [Crate!]! }
    type Pier { query: Query  name: String }
    """
)
DOWN = SubgraphFailure("customs", 'Subgraph "customs" cannot be reached.', "connection refused by 10.0.0.7")


def crate_case(
    operation: str = "{ crate { duty } }",
    dock: Any = None,
    customs: Any = None,
    fetch: Fetch | None = None,
    **options: Any,
) -> Case:
    """A crate of `dock` whose duty is known to `customs`."""
    fetches = [
        root_fetch("dock", "{ crate { tag } }"),
        fetch or entity_fetch("customs", "... on Crate { duty }", number=1, path="crate", on="Crate", key="tag"),
    ]
    answers = {"dock": [dock or {"data": {"crate": {"tag": "t"}}}], "customs": [customs or entities({"duty": 5})]}
    return Case(HARBOUR, operation, fetches, answers, **options)


# ── the way through the subgraphs ───────────────────────────────────────────────────────────────────────────────────


async def test_two_hops_to_one_field() -> None:
    """tag → serial → duty: each hop sends what the last one learnt, and only the client's fields come out."""
    fetches = [
        root_fetch("dock", "{ crate { tag } }"),
        entity_fetch("fleet", "... on Crate { serial }", number=1, path="crate", on="Crate", key="tag"),
        entity_fetch("customs", "... on Crate { duty }", number=2, path="crate", on="Crate", key="serial", after=[1]),
    ]
    answers = {
        "dock": [{"data": {"crate": {"tag": "t"}}}],
        "fleet": [entities({"serial": "s"})],
        "customs": [entities({"duty": 5})],
    }
    case = Case(HARBOUR, "{ crate { duty } }", fetches, answers)

    assert await case.run() == ExecutionResult.of({"crate": {"duty": 5}})
    assert case.sent_to("fleet") == [[{"__typename": "Crate", "tag": "t"}]]
    assert case.sent_to("customs") == [[{"__typename": "Crate", "serial": "s"}]]


async def test_one_entity_in_many_places_is_asked_once_and_fills_each() -> None:
    """Occurrences share a representation and get values of their own."""
    crates = [{"tag": "a"}, {"tag": "b"}, {"tag": "a"}]
    case = crate_case(
        "{ crates { tag vessel { name } } }",
        dock={"data": {"crates": crates}},
        customs=entities({"vessel": {"name": "Ann"}}, {"vessel": None}),
        fetch=entity_fetch(
            "customs", "... on Crate { vessel { name } }", number=1, path="crates.@", on="Crate", key="tag"
        ),
    )

    result = await case.run()

    assert len(case.sent_to("customs")[0]) == 2
    assert result.data == {
        "crates": [
            {"tag": "a", "vessel": {"name": "Ann"}},
            {"tag": "b", "vessel": None},
            {"tag": "a", "vessel": {"name": "Ann"}},
        ]
    }


async def test_later_fetches_fill_each_occurrence_by_itself() -> None:
    """Below an entity with two occurrences, the same object at both places is completed at both."""
    fetches = [
        root_fetch("dock", "{ crates { tag } }"),
        entity_fetch("fleet", "... on Crate { vessel { id } }", number=1, path="crates.@", on="Crate", key="tag"),
        entity_fetch("customs", "... on Vessel { name }", number=2, path="crates.@.vessel", on="Vessel", after=[1]),
    ]
    answers = {
        "dock": [{"data": {"crates": [{"tag": "a"}, {"tag": "a"}]}}],
        "fleet": [entities({"vessel": {"id": "v"}})],
        "customs": [entities({"name": "Ann"}, errors=[{"message": "m", "path": ["_entities", 0, "name"]}])],
    }

    result = await Case(HARBOUR, "{ crates { vessel { name } } }", fetches, answers).run()

    assert result.data == {"crates": [{"vessel": {"name": "Ann"}}, {"vessel": {"name": "Ann"}}]}
    assert paths(result) == [["crates", 0, "vessel", "name"], ["crates", 1, "vessel", "name"]]


async def test_nothing_is_asked_about_nothing() -> None:
    """Null parents, null keys and empty lists send no request, and are no error."""
    for crate in (None, {"tag": None}, {}):
        case = crate_case(dock={"data": {"crate": crate}})
        result = await case.run()
        assert result == ExecutionResult.of({"crate": None if crate is None else {"duty": None}})
        assert case.transport.requests_to("customs") == []


async def test_a_null_entity_ends_its_own_chain_only() -> None:
    """What the next subgraph does not know keeps its nulls; the others are completed."""
    case = crate_case(
        "{ crates { tag duty } }",
        dock={"data": {"crates": [{"tag": "a"}, {"tag": "b"}]}},
        customs=entities(None, {"duty": 2}),
        fetch=entity_fetch("customs", "", number=1, path="crates.@", on="Crate", key="tag"),
    )

    assert await case.run() == ExecutionResult.of({"crates": [{"tag": "a", "duty": None}, {"tag": "b", "duty": 2}]})


async def test_lists_of_lists_carry_both_indices() -> None:
    """Entities in a grid are found at every level, nulls and empty rows are kept, errors name row and column."""
    case = crate_case(
        "{ grid { duty } }",
        dock={"data": {"grid": [[{"tag": "a"}, None], [], None, [None, {"tag": "b"}]]}},
        customs=entities({"duty": 1}, None, errors=[{"message": "lost", "path": ["_entities", 1, "duty"]}]),
        fetch=entity_fetch("customs", "", number=1, path="grid.@.@", on="Crate", key="tag"),
    )

    result = await case.run()

    assert result.data == {"grid": [[{"duty": 1}, None], [], None, [None, {"duty": None}]]}
    assert paths(result) == [["grid", 3, 1, "duty"]]


async def test_a_fetch_at_a_path_without_representations_is_merged_there() -> None:
    """A payload that leads back to Query is filled by a root fetch, at each place where the payload exists."""
    fetches = [
        root_fetch("dock", "mutation { load { query { __typename } } }"),
        root_fetch("fleet", "{ flag }", number=1, path="load.query", after=[0]),
    ]
    answers: dict[str, Any] = {
        "dock": [{"data": {"load": {"query": {"__typename": "Query"}}}}],
        "fleet": [{"data": {"flag": "NL"}, "errors": [{"message": "m", "path": ["flag"]}]}],
    }

    result = await Case(HARBOUR, "mutation { load { query { flag } } }", fetches, answers).run()

    assert result.data == {"load": {"query": {"flag": "NL"}}}
    assert paths(result) == [["load", "query", "flag"]]


async def test_a_re_entry_below_null_sends_nothing() -> None:
    """Without the payload there is nowhere to merge."""
    fetches = [
        root_fetch("dock", "mutation { load { query { __typename } } }"),
        root_fetch("fleet", "{ flag }", number=1, path="load.query", after=[0]),
    ]
    case = Case(HARBOUR, "mutation { load { query { flag } } }", fetches, {"dock": [{"data": {"load": None}}]})

    assert await case.run() == ExecutionResult.of({"load": None})


async def test_shared_roots_are_merged_from_all_who_answer() -> None:
    """Two subgraphs give their share of one shared list; one that answers null takes nothing away."""
    fetches = [root_fetch("dock", "{ vessels { id } }"), root_fetch("fleet", "{ vessels { name } }", number=1)]
    for fleet, names in ([{"name": "A"}, {"name": "B"}], ["A", "B"]), (None, [None, None]):
        answers: dict[str, Any] = {
            "dock": [{"data": {"vessels": [{"id": "1"}, {"id": "2"}]}}],
            "fleet": [{"data": {"vessels": fleet}}],
        }
        result = await Case(HARBOUR, "{ vessels { name id } }", fetches, answers).run()
        assert result.data == {"vessels": [{"name": names[0], "id": "1"}, {"name": names[1], "id": "2"}]}


# ── requests ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_variables_go_where_they_are_used_and_absent_ones_stay_absent() -> None:
    """Null is sent, an omitted variable is not, and nothing that the fetch does not use is."""
    fetch = root_fetch("dock", "query ($a: Int, $b: Int, $c: Int) { tide }", variables=["a", "b", "c"])
    case = Case(
        HARBOUR, "{ tide }", [fetch], {"dock": [{"data": {"tide": 1}}]}, variables={"a": 1, "b": None, "other": 2}
    )

    await case.run()

    assert case.transport.requests[0].payload["variables"] == {"a": 1, "b": None}


async def test_representations_travel_under_the_plans_variable() -> None:
    """A client's own variable called representations is not overwritten."""
    fetch = Fetch(
        1,
        "customs",
        "query",
        "…",
        "Op__customs__1",
        ("representations",),
        entities=(Entities((Anchor(path_of("crate"), (entity("Crate", "tag"),)),), variable="_representations"),),
        after=(0,),
    )
    case = crate_case(fetch=fetch, variables={"representations": 3}, headers={"x-trace": "1"})

    await case.run()

    request = case.transport.requests[1]
    assert request == SubgraphRequest(
        "customs",
        encode_request(
            "…", "Op__customs__1", {"representations": 3, "_representations": [{"__typename": "Crate", "tag": "t"}]}
        ),
        {"x-trace": "1"},
        idempotent=True,
        fetch=1,
    )


async def test_fetches_without_a_common_input_run_at_once() -> None:
    """Two subgraphs that wait for each other's request both get it."""
    arrived = asyncio.Barrier(2)

    async def meet(request: SubgraphRequest) -> dict[str, Any]:
        await arrived.wait()
        return {"data": {"flag": "NL", "tide": 3}}

    fetches = [root_fetch("dock", "{ flag }"), root_fetch("fleet", "{ tide }", number=1)]
    case = Case(HARBOUR, "{ tide flag }", fetches, {"dock": [meet], "fleet": [meet]})

    result = await asyncio.wait_for(case.run(), 5)

    assert str(result.data) == "{'tide': 3, 'flag': 'NL'}"


# ── errors ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_error_keeps_its_words_and_gains_the_subgraph() -> None:
    """Message, extensions and code stay; locations go; serviceName comes."""
    error = {
        "message": "too heavy",
        "path": ["crate"],
        "locations": [{"line": 1, "column": 3}],
        "extensions": {"code": "OVERWEIGHT", "kilos": 9, "serviceName": "a lie"},
    }
    case = crate_case(dock={"data": {"crate": None}, "errors": [error]})

    assert (await case.run()).errors == (
        {
            "message": "too heavy",
            "path": ["crate"],
            "extensions": {"code": "OVERWEIGHT", "kilos": 9, "serviceName": "dock"},
        },
    )


async def test_an_error_without_a_code_gets_the_default_one() -> None:
    """Every subgraph error has a code, and a message even if it came without."""
    case = crate_case(dock={"data": {"crate": None}, "errors": [{"path": ["crate"], "extensions": None}]})

    (error,) = (await case.run()).errors

    assert error["message"] == 'Subgraph "dock" reported an error without a message.'
    assert error["extensions"] == {"code": "DOWNSTREAM_SERVICE_ERROR", "serviceName": "dock"}


async def test_an_entitys_error_stands_at_every_occurrence() -> None:
    """["_entities", i, …] becomes the client's path, once per place where representation i came from."""
    case = crate_case(
        "{ crates { duty } }",
        dock={"data": {"crates": [{"tag": "a"}, {"tag": "b"}, {"tag": "a"}]}},
        customs=entities(None, {"duty": 1}, errors=[{"message": "m", "path": ["_entities", 0]}]),
        fetch=entity_fetch("customs", "", number=1, path="crates.@", on="Crate", key="tag"),
    )

    assert paths(await case.run()) == [["crates", 0], ["crates", 2]]


async def test_an_error_at_thousands_of_places_is_told_ten_times() -> None:
    """The list is capped; the places beyond still count as explained, so that no null there adds an error."""
    case = crate_case(
        "{ crates { owed } }",
        dock={"data": {"crates": [{"tag": "a"}] * 2000}},
        customs=entities(None, errors=[{"message": "m", "path": ["_entities", 0, "owed"]}]),
        fetch=entity_fetch("customs", "", number=1, path="crates.@", on="Crate", key="tag"),
    )

    result = await case.run()

    assert result.data == {"crates": None}
    assert paths(result) == [["crates", index, "owed"] for index in range(ERROR_OCCURRENCES_MAX)]


@pytest.mark.parametrize(
    "path",
    [
        None,
        [],
        ["crate", "duty"],
        ["_entities"],
        ["_entities", 7, "duty"],
        ["_entities", -1],
        ["_entities", 0, None],
        "duty",
        {},
    ],
)
async def test_an_unusable_path_falls_back_to_the_fetchs_own(path: Any) -> None:
    """An entity fetch's error without a good path stands where the fetch does, up to its first list."""
    case = crate_case(
        "{ crates { duty } }",
        dock={"data": {"crates": [{"tag": "a"}]}},
        customs=entities({"duty": 1}, errors=[{"message": "m", "path": path}]),
        fetch=entity_fetch("customs", "", number=1, path="crates.@", on="Crate", key="tag"),
    )

    result = await case.run()

    assert result.data == {"crates": [{"duty": 1}]}
    assert paths(result) == [["crates"]]


async def test_paths_speak_the_clients_keys_and_hide_the_plans() -> None:
    """A key of the tree is the client's alias in the path; below a hidden field the path ends at its parent."""
    errors = [{"message": str(path), "path": path} for path in (["crate", "_q0"], ["crate", "_key", "x"], ["_hidden"])]
    case = crate_case(
        "{ box: crate { label: duty } }",
        dock={"data": {"crate": {"_q0": None}}, "errors": errors},
        sources={("Query", "box"): "crate", ("Crate", "label"): "_q0"},
    )

    assert paths(await case.run()) == [["box", "label"], ["box"], None]


async def test_an_unreachable_subgraph_is_one_error_and_hides_its_detail() -> None:
    """The public sentence reaches the client, siblings and earlier answers stay, the detail does not leak."""
    result = await crate_case("{ crate { tag duty } }", customs=DOWN).run()

    assert result.data == {"crate": {"tag": "t", "duty": None}}
    assert result.errors == (
        {
            "message": 'Subgraph "customs" cannot be reached.',
            "path": ["crate"],
            "extensions": {"code": "DOWNSTREAM_SERVICE_ERROR", "serviceName": "customs"},
        },
    )
    assert "10.0.0.7" not in str(result)


async def test_a_failed_root_leaves_the_other_roots_alone() -> None:
    """One subgraph down is null for its own fields only."""
    fetches = [root_fetch("dock", "{ flag }"), root_fetch("customs", "{ tide }", number=1)]
    case = Case(HARBOUR, "{ flag tide }", fetches, {"dock": [{"data": {"flag": "NL"}}], "customs": [DOWN]})

    result = await case.run()

    assert result.data == {"flag": "NL", "tide": None}
    assert paths(result) == [["tide"]]


@pytest.mark.parametrize("answer", [DOWN, {"data": None, "errors": [{"message": "no"}]}], ids=["down", "refused"])
async def test_a_root_fetch_that_fails_as_a_whole_is_an_error_of_each_field_it_was_for(answer: Any) -> None:
    """Under the client's keys, as if each field had failed by itself; what the client does not see is not told."""
    operation = "{ t: tide ... on Query { flag } _hidden: flag }"
    fetches = [root_fetch("customs", operation), root_fetch("dock", "{ crate { tag } }", number=1)]
    answers: dict[str, Any] = {"customs": [answer], "dock": [{"data": {"crate": {"tag": "t"}}}]}
    case = Case(HARBOUR, "{ high: tide flag crate { tag } }", fetches, answers, sources={("Query", "high"): "t"})

    result = await case.run()

    assert result.data == {"high": None, "flag": None, "crate": {"tag": "t"}}
    assert paths(result) == [["high"], ["flag"], None]


async def test_a_root_fetch_below_a_payload_fails_at_each_payload() -> None:
    """The fields stand below the object that leads back to Query."""
    fetches = [
        root_fetch("dock", "{ pier { query { __typename } } }"),
        root_fetch("customs", "{ tide }", number=1, path="pier.query", after=[0]),
    ]
    answers: dict[str, Any] = {
        "dock": [{"data": {"pier": {"query": {"__typename": "Query"}}}}],
        "customs": [DOWN],
    }

    result = await Case(HARBOUR, "{ pier { query { tide } } }", fetches, answers).run()

    assert result.data == {"pier": {"query": {"tide": None}}}
    assert paths(result) == [["pier", "query", "tide"]]


async def test_a_fetch_for_several_places_fails_at_each() -> None:
    """An error without a path stands at every anchor, up to its first list."""
    one = entity_fetch("customs", "... on Crate { duty }", number=1, path="crate", on="Crate", key="tag")
    many = entity_fetch("customs", "", number=1, path="crates.@", on="Crate", key="tag")
    fetches = [
        root_fetch("dock", "{ crate { tag } crates { tag } }"),
        replace(one, entities=(Entities((*one.anchors, *many.anchors)),)),
    ]
    found = {"data": {"crate": {"tag": "t"}, "crates": [{"tag": "t"}, {"tag": "u"}]}}
    for answer in DOWN, {"data": None, "errors": [{"message": "no"}]}, entities(None):
        case = Case(HARBOUR, "{ crate { duty } crates { duty } }", fetches, {"dock": [found], "customs": [answer]})
        assert paths(await case.run()) == [["crate"], ["crates"]]
        assert len(case.sent_to("customs")[0]) == 2


async def test_fetches_behind_a_failed_one_run_on_what_exists() -> None:
    """A dependant has nothing to send and adds no error."""
    fetches = [
        root_fetch("customs", "{ crate { tag } }"),
        entity_fetch("dock", "", number=1, path="crate", on="Crate", key="tag"),
    ]
    case = Case(HARBOUR, "{ crate { label } }", fetches, {"customs": [DOWN], "dock": []})

    result = await case.run()

    assert result.data == {"crate": None}
    assert len(result.errors) == 1


async def test_a_required_input_whose_provider_failed() -> None:
    """A nullable @requires input goes as null; without a non-nullable one the object is not asked about again."""
    for nullable, duty in (True, 5), (False, None):
        weight = RepresentationField("weight", "weight", nullable=nullable)
        fetches = [
            root_fetch("dock", "{ crate { tag } }"),
            entity_fetch("fleet", "", number=1, path="crate", on="Crate", key="tag"),
            entity_fetch(
                "customs",
                "",
                number=2,
                path="crate",
                on=[entity("Crate", "tag", inputs=[weight])],
                after=[1],
            ),
        ]
        answers: dict[str, Any] = {
            "dock": [{"data": {"crate": {"tag": "t"}}}],
            "fleet": [SubgraphFailure("fleet", "away")],
            "customs": [entities({"duty": 5})],
        }
        result = await Case(HARBOUR, "{ crate { duty } }", fetches, answers).run()
        assert result.data == {"crate": {"duty": duty}}
        assert [error["message"] for error in result.errors] == ["away"]


@pytest.mark.parametrize(
    "answer",
    [
        {"data": {"_entities": []}},
        {"data": {"_entities": [{"duty": 1}, {"duty": 2}]}},
        {"data": {"_entities": {"duty": 1}}},
        {"data": {"_entities": None}},
        {"data": {}},
        {"data": None},
    ],
)
async def test_a_wrong_number_of_entities_is_an_error_and_no_data(answer: dict[str, Any]) -> None:
    """An answer that cannot be matched with the representations is not merged at all."""
    result = await crate_case(customs=answer).run()

    assert result.data == {"crate": {"duty": None}}
    assert [(error["message"], error["path"]) for error in result.errors] == [
        ('Subgraph "customs" did not answer one entity per representation.', ["crate"])
    ]


async def test_a_refused_entity_fetch_reports_its_own_errors_only() -> None:
    """Null data with errors needs no error about the missing entities."""
    result = await crate_case(customs={"data": None, "errors": [{"message": "no"}]}).run()

    assert [error["message"] for error in result.errors] == ["no"]


async def test_errors_come_beside_complete_data() -> None:
    """A subgraph may answer in full and still report an error: both are used."""
    case = crate_case(customs=entities({"duty": 3}, errors=[{"message": "m", "path": ["_entities", 0, "duty"]}]))

    result = await case.run()

    assert result.data == {"crate": {"duty": 3}}
    assert paths(result) == [["crate", "duty"]]


async def test_a_null_that_an_error_explains_adds_no_error() -> None:
    """The subgraph's error is the one the client sees for a bubbled null; without one, the null itself is told."""
    field = {"message": "m", "path": ["_entities", 0, "owed"]}
    explained = await crate_case("{ crate { owed } }", customs=entities({"owed": None}, errors=[field])).run()
    silent = await crate_case("{ crate { owed } }", customs=entities({"owed": None})).run()

    assert explained.data == silent.data == {"crate": None}
    assert [error["message"] for error in explained.errors] == ["m"]
    assert silent.errors == (
        {
            "message": "Cannot return null for non-nullable field Crate.owed.",
            "path": ["crate", "owed"],
            "extensions": {"code": "RESPONSE_VALIDATION_FAILED"},
        },
    )


@pytest.mark.parametrize("data", [{"_entities": [None]}, {"_entities": None}, None])
async def test_an_error_explains_everything_that_it_cost(data: Any) -> None:
    """Where the subgraph's own types let a null bubble, the fields lost beside the failing one need no error."""
    path = ["_entities", 0, "vessel", "strict"]
    case = Case(
        HARBOUR,
        "{ crate { owed vessel { strict } } }",
        [
            root_fetch("dock", "{ crate { tag } }"),
            entity_fetch("customs", "", number=1, path="crate", on="Crate", key="tag"),
        ],
        {
            "dock": [{"data": {"crate": {"tag": "t"}}}],
            "customs": [{"data": data, "errors": [{"message": "m", "path": path}]}],
        },
    )

    result = await case.run()

    assert result.data == {"crate": None}
    assert paths(result) == [["crate", "vessel", "strict"]]


async def test_an_error_that_takes_a_whole_answer_explains_every_root() -> None:
    """With `data` null there is one cause, whichever of the roots the client reads first."""
    answer = {"data": None, "errors": [{"message": "m", "path": ["b"]}]}
    fetch = root_fetch("dock", "mutation { a: name b: name }")
    case = Case(HARBOUR, "mutation { a: name b: name }", [fetch], {"dock": [answer]})

    result = await case.run()

    assert (result.data, paths(result)) == (None, [["b"]])


async def test_a_denied_field_is_null_without_an_error_here() -> None:
    """The caller reports denied paths; the null they cause is explained by them, whatever it takes along."""
    fetches = [root_fetch("dock", "{ crates { tag } }")]
    case = Case(
        HARBOUR,
        "{ crates { tag owed } }",
        fetches,
        {"dock": [{"data": {"crates": [{"tag": "a"}]}}]},
        denied=[("crates", "@", "owed")],
    )

    assert await case.run() == ExecutionResult.of({"crates": None})


# ── mutations ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_mutations_run_in_order_and_go_on_after_an_error() -> None:
    """dock, customs, dock: each waits for the one before, also when that one fails."""
    order: list[str] = []

    def step(name: str, data: dict[str, Any] | None, failure: Exception | None = None) -> Any:
        async def answer(request: SubgraphRequest) -> Any:
            order.append(f"{name} starts")
            await asyncio.sleep(0.01)
            order.append(f"{name} ends")
            return failure or {"data": data}

        return answer

    fetches = [
        root_fetch("dock", "mutation { a: unload }"),
        root_fetch("customs", "mutation { b: unload }", number=1, after=[0]),
        root_fetch("dock", "mutation { c: unload }", number=2, after=[1]),
    ]
    case = Case(
        HARBOUR,
        "mutation { a: unload b: unload c: unload }",
        fetches,
        {"dock": [step("a", {"a": 1}), step("c", {"c": 3})], "customs": [step("b", None, DOWN)]},
    )

    result = await case.run()

    assert result.data == {"a": 1, "b": None, "c": 3}
    assert order == ["a starts", "a ends", "b starts", "b ends", "c starts", "c ends"]
    assert len(result.errors) == 1


async def test_a_non_null_mutation_that_fails_nulls_everything_at_the_end() -> None:
    """The later mutation still ran; the answer is null by the schema's rule."""
    fetches = [
        root_fetch("customs", "mutation { name }"),
        root_fetch("dock", "mutation { unload }", number=1, after=[0]),
    ]
    case = Case(HARBOUR, "mutation { name unload }", fetches, {"customs": [DOWN], "dock": [{"data": {"unload": 1}}]})

    result = await case.run()

    assert result.data is None
    assert len(case.transport.requests_to("dock")) == 1
    assert len(result.errors) == 1


# ── introspection, and plans without a fetch ────────────────────────────────────────────────────────────────────────


async def test_a_plan_without_fetches_is_answered_here() -> None:
    """Only __typename: no subgraph is asked."""
    case = Case(HARBOUR, "{ __typename again: __typename }", [])

    assert await case.run() == ExecutionResult.of({"__typename": "Query", "again": "Query"})
    assert case.transport.requests == []


async def test_introspection_stands_among_the_data_in_the_clients_order() -> None:
    """__type and __schema come from the API schema, under their aliases and with their variables."""
    introspection = Introspection(
        "query ($n: String!) { t: __type(name: $n) { name } __schema { queryType { name } } }", ("n",)
    )
    case = Case(
        HARBOUR,
        '{ t: __type(name: "Crate") { name } flag __schema { queryType { name } } __typename }',
        [root_fetch("dock", "{ flag }")],
        {"dock": [{"data": {"flag": "NL"}}]},
        variables={"n": "Crate", "unused": 1},
        introspection=introspection,
    )

    result = await case.run()

    assert result.errors == ()
    assert str(result.data) == (
        "{'t': {'name': 'Crate'}, 'flag': 'NL', '__schema': {'queryType': {'name': 'Query'}}, '__typename': 'Query'}"
    )


async def test_introspection_shows_the_api_schema_only() -> None:
    """What is inaccessible does not exist for clients."""
    hidden = supergraph_of("type Query { a: Int }", "type Hidden { b: Int }")
    case = Case(
        hidden,
        '{ __type(name: "Hidden") { name } }',
        [],
        introspection=Introspection('{ __type(name: "Hidden") { name } }', ()),
    )

    assert await case.run() == ExecutionResult.of({"__type": None})


# ── cancellation ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_cancelling_the_caller_cancels_its_requests() -> None:
    """A client that hangs up leaves no request under way."""
    cancelled: list[str] = []

    async def hang(request: SubgraphRequest) -> Any:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.append(request.subgraph)
            raise

    fetches = [root_fetch("dock", "{ flag }"), root_fetch("fleet", "{ tide }", number=1)]
    case = Case(HARBOUR, "{ flag tide }", fetches, {"dock": [hang], "fleet": [hang]})
    task = asyncio.create_task(case.run())
    await asyncio.sleep(0.05)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert sorted(cancelled) == ["dock", "fleet"]


async def test_one_plan_serves_many_executions() -> None:
    """A plan is shared: running it leaves no trace in it."""
    case = crate_case()
    plan = case.plan

    async def once(duty: int) -> ExecutionResult:
        other = crate_case(customs=entities({"duty": duty}))
        return await execute(plan, supergraph=HARBOUR, variables={}, transport=other.transport)

    results = await asyncio.gather(*(once(duty) for duty in range(5)))

    assert [result.data for result in results] == [{"crate": {"duty": duty}} for duty in range(5)]
