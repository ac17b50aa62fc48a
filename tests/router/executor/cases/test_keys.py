"""Keys at run time: null, absent, of unusual types, repeated."""

from __future__ import annotations

from typing import Any

import pytest

from router.errors import SubgraphFailure
from router.limits import ERROR_OCCURRENCES_MAX
from tests.router.executor.cases.federation import Federation, fault, places, table

CHAIN = {
    "dock": 'type Query { crates: [Crate!] } type Crate @key(fields: "tag") { tag: ID }',
    "fleet": 'type Crate @key(fields: "tag") @key(fields: "serial") { tag: ID serial: ID }',
    "customs": 'type Crate @key(fields: "serial") { serial: ID duty: Int }',
}


async def test_a_chain_of_keys_ends_for_the_object_that_lacks_one() -> None:
    """A null key, an unknown entity, and an entity whose next key is null: each keeps its null, the other goes all the way."""
    federation = Federation(
        CHAIN,
        {"dock": {"crates": [{"tag": "a"}, {"tag": None}, {"tag": "lost"}, {"tag": "blank"}]}},
        {"fleet": table(a={"serial": "s"}, blank={"serial": None}), "customs": table(s={"duty": 5})},
    )

    result = await federation.ask("{ crates { duty } }")

    assert result.data == {"crates": [{"duty": 5}, {"duty": None}, {"duty": None}, {"duty": None}]}
    assert result.errors == ()
    (sent,) = federation.sent_to("customs")
    assert [each["serial"] for each in sent["representations"]] == ["s", None]


async def test_a_composite_key_may_have_a_null_part() -> None:
    """A nullable part of a key that is null is sent as null: the subgraph knows what it means by that."""
    federation = Federation(
        {
            "dock": 'type Query { berth: Berth } type Berth @key(fields: "pier slot") { pier: ID! slot: Int }',
            "tariffs": 'type Berth @key(fields: "pier slot") { pier: ID! slot: Int fee: Int }',
        },
        {"dock": {"berth": {"pier": "p", "slot": None}}},
        {"tariffs": lambda berth: {**berth, "fee": 7 if berth["slot"] is None else 0}},
    )

    result = await federation.ask("{ berth { fee } }")

    assert result.data == {"berth": {"fee": 7}}
    assert federation.sent_to("tariffs")[0]["representations"] == [{"__typename": "Berth", "pier": "p", "slot": None}]


async def test_a_nested_key_object_that_is_null_ends_the_chain() -> None:
    """Without the quay there is no key; the berth that has one is completed."""
    quay = "type Quay @shareable { code: ID! }"
    federation = Federation(
        {
            "dock": f'type Query {{ berths: [Berth!] }} type Berth @key(fields: "quay {{ code }}") {{ quay: Quay! }} {quay}',
            "tariffs": f'type Berth @key(fields: "quay {{ code }}") {{ quay: Quay! fee: Int }} {quay}',
        },
        entities={"tariffs": lambda berth: {**berth, "fee": len(berth["quay"]["code"])}},
        answers={"dock": lambda _: {"data": {"berths": [{"quay": {"code": "abc"}}, {"quay": None}, {}, {"quay": {}}]}}},
    )

    result = await federation.ask("{ berths { fee } }")

    assert result.data == {"berths": [{"fee": 3}, {"fee": None}, {"fee": None}, {"fee": None}]}
    (sent,) = federation.sent_to("tariffs")
    assert [each["quay"] for each in sent["representations"]] == [{"code": "abc"}]


async def test_an_entity_met_hundreds_of_times_is_asked_for_once() -> None:
    """In lists of lists: one representation, its value in every place; its error at every place, up to the bound."""
    federation = Federation(
        {
            "dock": 'type Query { piers: [Pier!]! } type Pier { crates: [Crate!]! } type Crate @key(fields: "tag") { tag: ID! }',
            "customs": 'type Crate @key(fields: "tag") { tag: ID! duty: Int owed: Int }',
        },
        {"dock": {"piers": [{"crates": [{"tag": "a"}] * 100}] * 3}},
        {"customs": table(a={"duty": 1, "owed": fault("lost")})},
    )

    result = await federation.ask("{ piers { crates { duty owed } } }")

    assert result.data == {"piers": [{"crates": [{"duty": 1, "owed": None}] * 100}] * 3}
    assert federation.sent_to("customs") == [{"representations": [{"__typename": "Crate", "tag": "a"}]}]
    assert places(result) == [("lost", ["piers", 0, "crates", n, "owed"]) for n in range(ERROR_OCCURRENCES_MAX)]


async def test_ids_pass_as_their_subgraph_wrote_them() -> None:
    """1 and "1" are two keys to the next subgraph; true is a third. The client gets strings where its schema says ID."""
    federation = Federation(
        {
            "dock": 'type Query { crates: [Crate] } type Crate @key(fields: "tag") { tag: ID! }',
            "customs": 'type Crate @key(fields: "tag") { tag: ID! duty: Int }',
        },
        answers={
            "dock": lambda _: b'{"data":{"crates":[{"tag":1},{"tag":"1"},{"tag":true},{"tag":1}]}}',
            "customs": lambda _: {"data": {"_entities": [{"duty": 1}, {"duty": 2}, {"duty": 3}]}},
        },
    )

    result = await federation.ask("{ crates { tag duty } }")

    assert [each["tag"] for each in federation.sent_to("customs")[0]["representations"]] == [1, "1", True]
    one = {"tag": "1", "duty": 1}
    assert result.data == {"crates": [one, {"tag": "1", "duty": 2}, None, one]}
    assert places(result) == [("Field Crate.tag has a value that is no ID.", ["crates", 2, "tag"])]


@pytest.mark.parametrize(
    "value", [b'{"b":[1,{"a":null}]}', b"12345678901234567890123", b"1.10", b"-0.5e-3", b'"x"', b"[[]]"], ids=repr
)
async def test_a_custom_scalar_can_be_a_key(value: bytes) -> None:
    """Whatever JSON it is, it is sent on and shown as it was written; the order of an object's keys counts as its value."""
    federation = Federation(
        {
            "dock": 'scalar Mark type Query { crate: Crate } type Crate @key(fields: "mark") { mark: Mark! }',
            "customs": 'scalar Mark type Crate @key(fields: "mark") { mark: Mark! duty: Int }',
        },
        answers={
            "dock": lambda _: b'{"data":{"crate":{"mark":' + value + b"}}}",
            "customs": lambda _: {"data": {"_entities": [{"duty": 5}]}},
        },
    )

    result = await federation.ask("{ crate { mark duty } }")

    assert b'"mark":' + value + b"}" in federation.requests[1].body
    assert result.json == b'{"crate":{"mark":' + value + b',"duty":5}}'


@pytest.mark.parametrize(
    "answer", [SubgraphFailure("fleet", "down"), {"errors": [{"message": "down"}]}], ids=["failure", "error"]
)
async def test_a_chain_whose_middle_fails_has_one_error(answer: Any) -> None:
    """The hop behind has nothing to send, and the nulls at its end need no error of their own."""
    federation = Federation(CHAIN, {"dock": {"crates": [{"tag": "a"}]}}, answers={"fleet": lambda _: answer})

    result = await federation.ask("{ crates { tag duty } }")

    assert result.data == {"crates": [{"tag": "a", "duty": None}]}
    assert places(result) == [("down", ["crates"])]
    assert federation.sent_to("customs") == []
