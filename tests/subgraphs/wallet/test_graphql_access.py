"""Who may see and move what, also past the router."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from payflow.kernel import tokens
from payflow.kernel.ids import new_id
from payflow.kernel.tokens import ServiceTokens, SigningKey
from subgraphs.wallet.schema import schema
from tests.subgraphs.harness import new_key_pem
from tests.subgraphs.wallet.people import (
    CAPTURE,
    CLOSE,
    CREDIT,
    DEBIT,
    DEPOSIT,
    ENTITIES,
    EXTEND,
    HOLD,
    OPEN,
    RELEASE,
    WALLET,
    WITHDRAW,
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


@pytest.mark.parametrize("token", ["nobody", "expired", "forged", "garbage", "forged, of a service"])
async def test_no_token_but_a_true_one_opens_anything(people: People, token: str) -> None:
    """Past the router, without a token, with an old, a forged or a meaningless one: nothing is read and nothing moves."""
    ada, wallet = await people.funded(100)
    _, other = await people.funded(0)
    forger = SigningKey.from_pem(new_key_pem())
    sent = {
        "nobody": None,
        "expired": people.keys.user_token(ada, lifetime=timedelta(minutes=-5)),
        "forged": replace(people.keys, users=forger).user_token(ada),
        "garbage": "eyJhbGciOiJub25lIn0.e30.",
        "forged, of a service": ServiceTokens(service="transactions", key=forger).current(),
    }[token]
    money = {"amount": 1, "currency": "USD"}
    moving = {"walletId": wallet, "amount": money, "idempotencyKey": uuid4().hex}
    holding = {
        "id": str(new_id()),
        "payerId": str(ada),
        "fromWalletId": wallet,
        "toWalletId": other,
        "amount": money,
        "transferId": str(new_id()),
        "expiresInSeconds": 60,
    }
    hold = (await people.hold(wallet, other, 10))["id"]

    for operation, variables in (
        (WALLET, {"id": wallet}),
        (OPEN, {"currency": "EUR"}),
        (DEPOSIT, {"input": moving}),
        (WITHDRAW, {"input": moving}),
        (CLOSE, {"id": wallet}),
        (HOLD, {"input": holding}),
        (CAPTURE, {"id": hold}),
        (RELEASE, {"id": hold}),
        (EXTEND, {"id": hold, "seconds": 60}),
        (CREDIT, {"input": {**moving, "source": "REWARDS"}}),
        (DEBIT, {"input": {**moving, "source": "REWARDS"}}),
    ):
        answer = await people.client.execute(operation, variables, token=sent)
        assert {error["extensions"]["code"] for error in answer["errors"]} == {"UNAUTHENTICATED"}, operation
        assert answer.get("data") in (None, {"wallet": None})
    assert await people.balance(wallet) == (90, 10, 100)


async def test_a_service_moves_nobodys_money_as_if_it_were_theirs(people: People) -> None:
    """What people do with their own wallets needs the person; a service, scope or not, is none."""
    _, wallet = await people.funded(100)
    money = {"amount": 1, "currency": "USD"}
    moving = {"walletId": wallet, "amount": money, "idempotencyKey": uuid4().hex}

    for operation, variables in (
        (OPEN, {"currency": "EUR"}),
        (DEPOSIT, {"input": moving}),
        (WITHDRAW, {"input": moving}),
        (CLOSE, {"id": wallet}),
    ):
        answer = await people.client.execute(operation, variables, token=people.service)
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHENTICATED"]
    assert await people.balance(wallet) == (100, 0, 100)


async def test_the_past_is_its_owners_too(people: People) -> None:
    """A balance of long ago and a filtered statement are guarded as today's are, for each wallet of one operation."""
    ada, mine = await people.funded(100)
    _, theirs = await people.funded(100)
    query = """query ($mine: ID!, $theirs: ID!) {
        mine: wallet(id: $mine) { ...past }
        theirs: wallet(id: $theirs) { ...past }
    }
    fragment past on Wallet {
        balance(at: "2100-01-01T00:00:00Z") { total { amount } }
        entries(kinds: [DEPOSIT], since: "2000-01-01T00:00:00Z") { edges { node { amount { amount } } } }
        holds { id }
    }"""

    answer = await people.client.execute(query, {"mine": mine, "theirs": theirs}, token=people.token(ada))

    assert answer["data"]["mine"] == {
        "balance": {"total": {"amount": 100}},
        "entries": {"edges": [{"node": {"amount": {"amount": 100}}}]},
        "holds": [],
    }
    assert answer["data"]["theirs"] == {"balance": None, "entries": None, "holds": None}
    assert sorted((error["path"], error["extensions"]["code"]) for error in answer["errors"]) == [
        (["theirs", "balance"], "FORBIDDEN"),
        (["theirs", "entries"], "FORBIDDEN"),
        (["theirs", "holds"], "FORBIDDEN"),
    ]


async def test_a_service_needs_the_scope(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that may only read is forbidden to hold, capture, release, extend, credit and debit; it reads."""
    monkeypatch.setattr(tokens, "SERVICE_SCOPES", {"rewards": frozenset({"wallet:read"})})
    ada, wallet = await people.funded(100)
    reader = people.keys.service_token("rewards")
    money = {"amount": 1, "currency": "USD"}
    paying = {"walletId": wallet, "amount": money, "source": "REWARDS", "idempotencyKey": "k"}

    for operation, variables in (
        (CAPTURE, {"id": str(new_id())}),
        (RELEASE, {"id": str(new_id())}),
        (EXTEND, {"id": str(new_id()), "seconds": 60}),
        (CREDIT, {"input": paying}),
        (DEBIT, {"input": paying}),
    ):
        answer = await people.client.execute(operation, variables, token=reader)
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]
    query = "query ($id: ID!) { wallet(id: $id) { currency owner { id } } }"
    seen = await people.client.data(query, {"id": wallet}, token=reader)
    assert seen["wallet"] == {"currency": "USD", "owner": {"id": str(ada)}}
