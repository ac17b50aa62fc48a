"""Who may see and move what, also past the router."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from subgraphs.wallet.schema import schema
from tests.subgraphs.wallet.people import (
    CAPTURE,
    CREDIT,
    DEBIT,
    DEPOSIT,
    ENTITIES,
    EXTEND,
    HOLD,
    OPEN,
    RELEASE,
    WALLET,
    People,
)


async def test_what_is_in_a_wallet_is_its_owners(people: People) -> None:
    """Others, services included, learn whose it is and its currency, and for the rest null and FORBIDDEN, field by field."""
    ada, wallet = await people.funded()

    for token, code in ((people.token(uuid4()), "FORBIDDEN"), (people.service, "UNAUTHENTICATED")):
        answer = await people.client.execute(WALLET, {"id": wallet}, token=token)
        seen = answer["data"]["wallet"]
        assert (seen["id"], seen["currency"], seen["owner"]["id"]) == (wallet, "USD", str(ada))
        assert (seen["balance"], seen["entries"], seen["holds"]) == (None, None, None)
        assert [(error["path"][-1], error["extensions"]["code"]) for error in answer["errors"]] == [
            ("balance", code),
            ("entries", code),
            ("holds", code),
        ]


async def test_wallet_of(people: People) -> None:
    """A service finds the wallet that somebody is paid into; a user may not ask that way."""
    ada, wallet = await people.funded()
    query = "query ($owner: ID!, $currency: CurrencyCode!) { walletOf(ownerId: $owner, currency: $currency) { id } }"

    for currency, expected in (("USD", {"id": wallet}), ("EUR", None)):
        variables = {"owner": str(ada), "currency": currency}
        assert (await people.client.data(query, variables, token=people.service))["walletOf"] == expected
    answer = await people.client.execute(query, variables, token=people.token(ada))
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"


@pytest.mark.parametrize(
    ("operation", "variables"),
    [
        (
            HOLD,
            {
                "input": {
                    "id": "a",
                    "payerId": "a",
                    "fromWalletId": "a",
                    "toWalletId": "b",
                    "transferId": "a",
                    "expiresInSeconds": 1,
                }
            },
        ),
        (CAPTURE, {"id": "a"}),
        (RELEASE, {"id": "a"}),
        (EXTEND, {"id": "a", "seconds": 1}),
        (CREDIT, {"input": {"walletId": "a", "source": "REWARDS", "idempotencyKey": "a"}}),
        (DEBIT, {"input": {"walletId": "a", "source": "REWARDS", "idempotencyKey": "a"}}),
    ],
)
async def test_only_services_move_held_money(people: People, operation: str, variables: dict[str, Any]) -> None:
    """A user is forbidden, nobody is unauthenticated, before anything of the input is looked at."""
    if "input" in variables:
        variables = {"input": {**variables["input"], "amount": {"amount": 1, "currency": "USD"}}}

    for token, code in ((people.token(uuid4()), "FORBIDDEN"), (None, "UNAUTHENTICATED")):
        answer = await people.client.execute(operation, variables, token=token)
        assert answer["data"] is None
        assert [error["extensions"]["code"] for error in answer["errors"]] == [code]


async def test_nobody_learns_nothing(people: People) -> None:
    """Past the router and without a token, no root field and no reference answers."""
    ada, wallet = await people.funded()
    references = [{"__typename": "Wallet", "id": wallet}, {"__typename": "User", "id": str(ada)}]
    entities = ENTITIES % '... on Wallet { currency owner { id } } ... on User { wallet(currency: "USD") { id } }'
    money = {"amount": 1, "currency": "USD"}
    deposit = {"input": {"walletId": wallet, "amount": money, "idempotencyKey": "k"}}

    for query, variables in (
        (WALLET, {"id": wallet}),
        (entities, {"r": references}),
        (OPEN, {"currency": "USD"}),
        (DEPOSIT, deposit),
    ):
        answer = await people.client.execute(query, variables)
        assert {error["extensions"]["code"] for error in answer["errors"]} == {"UNAUTHENTICATED"}
        assert answer["data"] in (None, {"wallet": None}, {"_entities": [None, None]})


async def test_what_services_use_is_inaccessible() -> None:
    """Every type and field that only services use is marked, so that composition hides it from clients."""
    sdl = schema.as_str()
    for declaration in (
        "union PlaceHoldResult",
        "union CaptureHoldResult",
        "union ReleaseHoldResult",
        "union CreditResult",
        "input PlaceHoldInput",
        "input CreditInput",
        "enum CreditSource",
        "type HoldCancelled implements Problem",
        "type HoldNotFound implements Problem",
        "type HoldReleased implements Problem",
        "type HoldCaptured implements Problem",
        "type HoldExpired implements Problem",
        "): PlaceHoldResult!",
        "): CaptureHoldResult!",
        "): ReleaseHoldResult!",
        "): CreditResult!",
        "walletOf(ownerId: ID!, currency: CurrencyCode!): Wallet",
    ):
        assert f"{declaration} @inaccessible" in sdl, declaration
