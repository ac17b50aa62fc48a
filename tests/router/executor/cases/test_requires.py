"""Inputs of @requires fields at run time: lists, arguments, keys among them, providers that fail."""

from __future__ import annotations

from typing import Any

import pytest

from router.errors import SubgraphFailure
from tests.router.executor.cases.federation import Federation, places, table


async def test_required_lists_keep_their_shape_and_their_nulls() -> None:
    """Lists of lists, null elements, an argument on an inner field: each element is mapped by itself."""
    federation = Federation(
        {
            "dock": """
                type Query { crate: Crate }
                type Crate @key(fields: "tag") { tag: ID! rows: [[Seal]] }
                type Seal { no: Int weight(unit: String): Int }
            """,
            "customs": """
                type Crate @key(fields: "tag") {
                    tag: ID!
                    rows: [[Seal]] @external
                    toll: Int @requires(fields: "rows { weight(unit: \\"g\\") no }")
                }
                type Seal { no: Int @external weight(unit: String): Int @external }
            """,
        },
        {"dock": {"crate": {"tag": "t", "rows": [[_seal(1), None], None, [], [_seal(None)]]}}},
        {"customs": lambda crate: {**crate, "toll": len(crate["rows"])}},
    )

    result = await federation.ask("{ crate { toll } }")

    (representation,) = federation.sent_to("customs")[0]["representations"]
    assert representation == {
        "__typename": "Crate",
        "tag": "t",
        "rows": [[{"weight": 1000, "no": 1}, None], None, [], [{"weight": 0, "no": None}]],
    }
    assert result.data == {"crate": {"toll": 4}}


def _seal(number: int | None) -> dict[str, Any]:
    return {"no": number, "weight": lambda unit="kg": (number or 0) * (1000 if unit == "g" else 1)}


async def test_a_key_of_another_subgraph_can_be_required() -> None:
    """The tag is how others find the crate; here it is an input like any other, beside the key that finds it here."""
    federation = Federation(
        {
            "dock": """
                type Query { crate: Crate }
                type Crate @key(fields: "tag") @key(fields: "serial") { tag: ID! serial: ID! }
            """,
            "scales": 'type Crate @key(fields: "tag") { tag: ID! kilos: Int }',
            "customs": """
                type Crate @key(fields: "serial") {
                    serial: ID!
                    tag: ID! @external
                    kilos: Int @external
                    toll: Int @requires(fields: "tag kilos")
                }
            """,
        },
        {"dock": {"crate": {"tag": "t", "serial": "s"}}},
        {"scales": table(t={"kilos": 4}), "customs": lambda crate: {**crate, "toll": crate["kilos"] * 2}},
    )

    assert (await federation.ask("{ crate { toll } }")).data == {"crate": {"toll": 8}}
    (sent,) = federation.sent_to("customs")[0]["representations"]
    assert sent == {"__typename": "Crate", "serial": "s", "tag": "t", "kilos": 4}


async def test_a_required_field_comes_from_who_overrides_it() -> None:
    """The subgraph that gave the field away is not asked for it."""
    federation = Federation(
        {
            "dock": 'type Query { crate: Crate } type Crate @key(fields: "tag") { tag: ID! kilos: Int }',
            "scales": 'type Crate @key(fields: "tag") { tag: ID! kilos: Int @override(from: "dock") }',
            "customs": """
                type Crate @key(fields: "tag") { tag: ID! kilos: Int @external toll: Int @requires(fields: "kilos") }
            """,
        },
        {"dock": {"crate": {"tag": "t", "kilos": 1}}},
        {"scales": table(t={"kilos": 5}), "customs": lambda crate: {**crate, "toll": crate["kilos"] * 2}},
    )

    assert (await federation.ask("{ crate { toll } }")).data == {"crate": {"toll": 10}}


@pytest.mark.parametrize(("type_", "asked"), [("Int", [None]), ("Int!", [])])
async def test_an_input_whose_provider_failed(type_: str, asked: list[Any]) -> None:
    """A nullable input is sent as null; without one that must be there the object stays out. The provider's error is the only one."""
    federation = Federation(
        {
            "dock": 'type Query { crate: Crate } type Crate @key(fields: "tag") { tag: ID! }',
            "scales": f'type Crate @key(fields: "tag") {{ tag: ID! kilos: {type_} }}',
            "customs": f"""
                type Crate @key(fields: "tag") {{ tag: ID! kilos: {type_} @external toll: Int @requires(fields: "kilos") }}
            """,
        },
        {"dock": {"crate": {"tag": "t"}}},
        {"customs": lambda crate: {**crate, "toll": 0}},
        answers={"scales": lambda _: SubgraphFailure("scales", "down")},
    )

    result = await federation.ask("{ crate { tag toll } }")

    assert result.data == {"crate": {"tag": "t", "toll": 0 if asked else None}}
    assert [r["kilos"] for sent in federation.sent_to("customs") for r in sent["representations"]] == asked
    assert places(result) == [("down", ["crate"])]
