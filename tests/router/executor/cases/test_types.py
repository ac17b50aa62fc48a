"""Runtime types that clients may not know, interfaces seen as objects, enum values, and null bubbling through lists of lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.router.executor.cases.federation import Federation, fault, places, table

INVALID = "RESPONSE_VALIDATION_FAILED"
FINDS = {
    "dock": """
        type Query { find: Find finds: [Find] all: [Find!] }
        interface Find { id: ID! }
        type Coin implements Find { id: ID! }
        type Relic implements Find @inaccessible { id: ID! }
    """
}
COIN = {"__typename": "Coin", "id": "c"}


@pytest.mark.parametrize("name", ["Relic", "Ghost", None, 7])
async def test_an_object_of_a_type_that_clients_do_not_know_is_null(name: Any) -> None:
    """Inaccessible, unheard of or unsaid: null where that may be, and an error that does not say the name."""
    other = {"__typename": name, "id": "r"}
    found = {"find": other, "finds": [COIN, other], "all": [COIN, other]}
    federation = Federation(FINDS, answers={"dock": lambda _: {"data": found}})

    result = await federation.ask("{ find { id } finds { id ... on Coin { __typename } } all { id } }")

    assert result.data == {"find": None, "finds": [{"id": "c", "__typename": "Coin"}, None], "all": None}
    told = "The object has no type that is possible for Find."
    assert places(result) == [(told, ["find"]), (told, ["finds", 1]), (told, ["all", 1])]
    assert "Relic" not in str(result.errors)
    assert "Ghost" not in str(result.errors)


FLOATING = {
    "dock": """
        type Query { floating: [Floating] }
        interface Floating @key(fields: "id") { id: ID! }
        type Vessel implements Floating @key(fields: "id") { id: ID! name: String }
        type Buoy implements Floating @key(fields: "id") { id: ID! }
    """,
    "weather": """
        type Query { exposed: [Floating] }
        type Floating @key(fields: "id") @interfaceObject { id: ID! wind: Int }
    """,
}


async def test_objects_of_an_interface_whose_type_nobody_knows_are_null() -> None:
    """The subgraph that sees the interface as one type finds three; for one the types' owner answers null, for one it fails."""
    federation = Federation(
        FLOATING,
        {"weather": {"exposed": [{"id": "v", "wind": 3}, {"id": "gone", "wind": 4}, {"id": "bad", "wind": 5}]}},
        {
            "dock": lambda r: {"v": {"__typename": "Vessel", "id": "v", "name": "Ann"}, "bad": fault("lost")}.get(
                r["id"]
            ),
        },
    )

    result = await federation.ask("{ exposed { __typename wind ... on Vessel { name } } }")

    assert result.data == {"exposed": [{"__typename": "Vessel", "wind": 3, "name": "Ann"}, None, None]}
    assert sorted(places(result), key=str) == [
        ("The object has no type that is possible for Floating.", ["exposed", 1]),
        ("lost", ["exposed", 2]),
    ]


async def test_an_interface_object_fills_objects_whatever_their_type() -> None:
    """Its answers are merged under the name that the object has; the interface's own name never shows."""
    federation = Federation(
        FLOATING,
        {"dock": {"floating": [{"__typename": "Buoy", "id": "b"}, None, {"__typename": "Vessel", "id": "v"}]}},
        {"weather": table(b={"wind": 1}, v={"wind": 2})},
    )

    result = await federation.ask("{ floating { wind __typename } }")

    assert result.data == {"floating": [{"wind": 1, "__typename": "Buoy"}, None, {"wind": 2, "__typename": "Vessel"}]}
    assert {r["__typename"] for r in federation.sent_to("weather")[0]["representations"]} == {"Floating"}


HIDDEN = {
    "dock": """
        type Query { floating: [Floating] }
        interface Floating @key(fields: "id") { id: ID! }
        type Vessel implements Floating @key(fields: "id") { id: ID! }
        type Wreck implements Floating @key(fields: "id") @inaccessible { id: ID! }
    """,
    "weather": """
        type Query { exposed: [Floating] }
        type Floating @key(fields: "id") @interfaceObject { id: ID! wind: Int }
    """,
}


@pytest.mark.parametrize(
    "query", ["{ exposed { wind } }", "{ exposed { ... on Vessel { wind } } }", "{ exposed { w: wind } }"]
)
async def test_an_interface_object_of_a_type_that_clients_do_not_know_is_null(query: str) -> None:
    """Though the same is shown of all types: the name of each object is asked, and one that is hidden, or unsaid, stays so."""
    federation = Federation(
        HIDDEN,
        {"weather": {"exposed": [{"id": id_, "wind": 3} for id_ in ("v", "w", "gone")]}},
        {"dock": table(v={"__typename": "Vessel", "id": "v"}, w={"__typename": "Wreck", "id": "w"})},
    )

    result = await federation.ask(query)

    told = "The object has no type that is possible for Floating."
    assert result.data == {"exposed": [{"w" if "w:" in query else "wind": 3}, None, None]}
    assert places(result) == [(told, ["exposed", 1]), (told, ["exposed", 2])]
    assert "Wreck" not in str(result.errors)


def constantly(answer: Any) -> Callable[[Any], Any]:
    """Answers every request alike."""
    return lambda _: answer


GRADES = {
    "dock": """
        type Query { best(least: Grade = LOW): Grade worst: Grade! all: [Grade] every: [Grade!] }
        enum Grade { LOW HIGH SECRET @inaccessible }
    """,
    "fleet": "type Query { rated(as: Grade!): Int } enum Grade { LOW HIGH SECRET }",
}


async def test_enum_values_that_clients_may_not_see_are_null() -> None:
    """An inaccessible value, or one nobody declared, is null with an error that keeps it to itself; in lists one by one."""
    for value in "SECRET", "OTHER", 3:
        answer = {"best": value, "all": ["LOW", value, None], "every": ["LOW", value], "worst": "LOW"}
        federation = Federation(GRADES, answers={"dock": constantly({"data": answer})})

        result = await federation.ask("{ best all every worst }")

        assert result.data == {"best": None, "all": ["LOW", None, None], "every": None, "worst": "LOW"}
        assert [path for _, path in places(result)] == [["best"], ["all", 1], ["every", 1]]
        assert {error["extensions"]["code"] for error in result.errors} == {INVALID}
        assert "SECRET" not in str(result.errors)


async def test_an_enum_value_that_may_not_be_seen_bubbles_from_where_it_may_not_be_null() -> None:
    """One error tells it."""
    federation = Federation(GRADES, answers={"dock": lambda _: {"data": {"worst": "SECRET"}}})

    result = await federation.ask("{ worst }")

    assert result.data is None
    assert [path for _, path in places(result)] == [["worst"]]


async def test_enum_values_travel_as_names() -> None:
    """As literals, as variables and as defaults, to whichever subgraph takes them."""
    federation = Federation(
        GRADES, {"dock": {"best": lambda least: least}, "fleet": {"rated": lambda **given: len(given["as"])}}
    )

    result = await federation.ask(
        "query ($g: Grade!) { best a: best(least: HIGH) b: best(least: $g) rated(as: $g) }", {"g": "HIGH"}
    )

    assert result.data == {"best": "LOW", "a": "HIGH", "b": "HIGH", "rated": 4}
    assert federation.sent_to("fleet") == [{"g": "HIGH"}]


GRID = {
    "dock": """
        type Query { board: Board }
        type Board { open: [[Crate]] rows: [[Crate!]]! strict: [[Crate!]!]! }
        type Crate @key(fields: "tag") { tag: ID! }
    """,
    "customs": 'type Crate @key(fields: "tag") { tag: ID! owed: Int! }',
}


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        ("open", {"open": [[{"owed": 1}, None], [], None, [None]]}),
        ("rows", {"rows": [None, [], None, None]}),
        ("strict", None),
    ],
)
async def test_a_null_in_a_list_of_lists_goes_as_far_as_the_types_let_it(field: str, shown: Any) -> None:
    """To the element, to its row, or out of the board: by each occurrence's own place."""
    rows = [[{"tag": "a"}, {"tag": "lost"}], [], None, [None]]
    federation = Federation(
        GRID,
        entities={"customs": table(a={"owed": 1}, lost=fault("lost"))},
        answers={"dock": lambda _: {"data": {"board": {field: rows}}}},
    )

    result = await federation.ask(f"{{ board {{ {field} {{ owed }} }} }}")

    assert result.data == {"board": shown}
    assert places(result)[0] == ("lost", ["board", field, 0, 1])


async def test_one_entity_in_places_of_different_strictness() -> None:
    """The same object is null where it may be, and takes its board along where it may not."""
    rows = [[{"tag": "a"}]]
    federation = Federation(
        GRID,
        {"dock": {"board": {"open": rows, "strict": rows}}},
        {"customs": table(a={"owed": fault("lost")})},
    )

    apart = await federation.ask("{ one: board { open { owed } } two: board { strict { owed } } }")

    assert apart.data == {"one": {"open": [[None]]}, "two": None}
    assert sorted(places(apart), key=str) == [
        ("lost", ["one", "open", 0, 0, "owed"]),
        ("lost", ["two", "strict", 0, 0, "owed"]),
    ]
