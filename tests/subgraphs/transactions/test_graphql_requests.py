"""Payment requests through the real application of the transactions service, with fake neighbours."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any
from unittest import mock
from uuid import UUID, uuid4

from sqlalchemy import func, update

from payflow.kernel.db import counting_statements
from payflow.kernel.ids import new_id
from payflow.kernel.tokens import Principal
from subgraphs.transactions.context import Context
from subgraphs.transactions.loaders import make_loaders
from subgraphs.transactions.requests import OPEN_REQUESTS_MAX, REQUEST_LIFETIME
from subgraphs.transactions.schema import schema
from subgraphs.transactions.tables import payment_requests
from tests.subgraphs.transactions.stage import ASK, CLOSE, PAY, REQUEST, Stage
from tests.subgraphs.transactions.world import BALANCE

LOOK = "query ($id: ID!) { paymentRequest(id: $id) { ...Request } }" + REQUEST
LIST = """
query ($user: ID!, $first: Int, $after: String, $status: [PaymentRequestStatus!]) {
  _entities(representations: [{__typename: "User", id: $user}]) {
    ... on User {
      paymentRequests(first: $first, after: $after, status: $status) {
        edges { cursor node { id status } } pageInfo { hasNextPage hasPreviousPage endCursor }
      }
    }
  }
}
"""


async def look(stage: Stage, request_id: str, token: str) -> Any:
    return (await stage.client.data(LOOK, {"id": request_id}, token=token))["paymentRequest"]


async def listed(stage: Stage, token: str, **variables: Any) -> Any:
    """Ada's requests as somebody sees them."""
    found = await stage.client.data(LIST, {"user": str(stage.world.ada), "first": 20, **variables}, token=token)
    return found["_entities"][0]["paymentRequests"]


async def time_is_up(stage: Stage, request_id: str) -> None:
    """Let the request's lifetime pass, by the database's clock."""
    past = {"created_at": func.now() - REQUEST_LIFETIME, "expires_at": func.now()}
    async with stage.world.database.unit_of_work() as work:
        await work.connection.execute(
            update(payment_requests).where(payment_requests.c.id == UUID(request_id)).values(**past)
        )


async def test_asked_and_paid(stage: Stage) -> None:
    """Both see the request and, once it is paid, the payment that did it."""
    asked = await stage.ask(2_500, note="Pizza")
    paid = await stage.pay(asked["id"])

    assert asked.pop("__typename") == "PaymentRequest"
    assert (asked["requester"]["id"], asked["payer"]["id"]) == (str(stage.world.bob), str(stage.world.ada))
    assert (asked["amount"], asked["note"]) == ({"amount": 2_500, "currency": "USD"}, "Pizza")
    assert (asked["status"], asked["transfer"]) == ("OPEN", None)
    assert asked["expiresAt"] > asked["createdAt"]
    assert (paid["__typename"], paid["status"], paid["note"]) == ("Transfer", "COMPLETED", "Pizza")
    assert (paid["from"]["id"], paid["to"]["id"]) == (str(stage.world.ada_wallet.id), str(stage.world.bob_wallet.id))
    after = {**asked, "status": "PAID", "transfer": {"id": paid["id"], "status": "COMPLETED"}}
    assert await look(stage, asked["id"], stage.ada) == await look(stage, asked["id"], stage.bob) == after
    assert stage.world.balances == (BALANCE - 2_500, 0, 2_500)


async def test_refusals_of_asking(stage: Stage) -> None:
    """Every refusal is data, with a sentence and what belongs to it."""
    used = uuid4().hex
    await stage.ask(1, idempotencyKey=used)
    members = {
        "RecipientNotFound": await stage.ask(payerHandle="nobody"),
        "WalletNotFound": await stage.ask(amount={"amount": 5, "currency": "EUR"}),
        "IdempotencyConflict": await stage.ask(2, idempotencyKey=used),
        "InvalidInput": await stage.ask(payerHandle="bob"),
    }
    for _ in range(OPEN_REQUESTS_MAX - 1):
        await stage.ask()
    members["TooManyOpenRequests"] = await stage.ask()

    assert {name: member["__typename"] for name, member in members.items()} == {name: name for name in members}
    assert all(member["message"] for member in members.values())
    assert members["InvalidInput"]["field"] == "payerHandle"
    assert members["TooManyOpenRequests"]["limit"] == OPEN_REQUESTS_MAX


async def test_refusals_of_paying(stage: Stage) -> None:
    """Every refusal is data; a request that is over says how it ended."""
    asked, dear, declined, late = [(await stage.ask(amount))["id"] for amount in (2_500, BALANCE + 1, 5, 5)]
    euros = stage.world.bank.open(stage.world.ada, "EUR", balance=BALANCE)
    await stage.decline(declined)
    await time_is_up(stage, late)
    used = uuid4().hex
    await stage.pay(str(uuid4()), idempotencyKey=used)
    bank, purse = stage.world.bank, stage.world.ada_wallet.id
    bank.frozen.add(purse)
    frozen = await stage.pay(asked)
    bank.frozen.clear()
    bank.closed.add(stage.world.bob_wallet.id)
    closed = await stage.pay(asked)
    bank.closed.clear()
    members = {
        "WalletFrozen": frozen,
        "WalletClosed": closed,
        "PaymentRequestNotFound": await stage.pay(str(uuid4())),
        "WalletNotFound": await stage.pay(asked, fromWalletId=str(stage.world.bob_wallet.id)),
        "CurrencyMismatch": await stage.pay(asked, fromWalletId=str(euros.id)),
        "InsufficientFunds": await stage.pay(dear),
        "IdempotencyConflict": await stage.pay(asked, idempotencyKey=used),
        "InvalidInput": await stage.pay(asked, idempotencyKey=""),
        "PaymentRequestClosed": await stage.pay(declined),
    }

    assert {name: member["__typename"] for name, member in members.items()} == {name: name for name in members}
    assert all(member["message"] for member in members.values())
    assert members["PaymentRequestClosed"]["ended"] == "DECLINED"
    assert (await stage.pay(late))["ended"] == "EXPIRED"
    assert stage.world.balances == (BALANCE, 0, 0)


async def test_declined_and_cancelled(stage: Stage) -> None:
    """The answer is the request as it ended; a second end is told the first."""
    first, second = (await stage.ask())["id"], (await stage.ask())["id"]

    declined, cancelled = await stage.decline(first), await stage.cancel(second)
    late = [
        await stage.decline(first),
        await stage.cancel(first),
        await stage.decline(second),
        await stage.cancel(second),
    ]

    assert (declined["__typename"], declined["status"]) == ("PaymentRequest", "DECLINED")
    assert (cancelled["__typename"], cancelled["status"]) == ("PaymentRequest", "CANCELLED")
    assert [(member["__typename"], member["status"]) for member in late] == [
        ("PaymentRequestClosed", status) for status in ("DECLINED", "DECLINED", "CANCELLED", "CANCELLED")
    ]


async def test_strangers_do_nothing_about_it(stage: Stage) -> None:
    """Who is neither of the two learns nothing and does nothing, also when they ask this service directly; each party only its own."""
    request = (await stage.ask())["id"]

    refused = [
        await stage.pay(request, token=stage.eve),
        await stage.pay(request, token=stage.bob, fromWalletId=str(stage.world.bob_wallet.id)),
        await stage.decline(request, token=stage.eve),
        await stage.decline(request, token=stage.bob),
        await stage.cancel(request, token=stage.eve),
        await stage.cancel(request, token=stage.ada),
    ]

    assert {member["__typename"] for member in refused} == {"PaymentRequestNotFound"}
    assert await look(stage, request, stage.eve) is None
    assert (await look(stage, request, stage.ada))["status"] == "OPEN"


async def test_only_the_parties_and_services_see_it(stage: Stage) -> None:
    """As an entity: for the two and for services, for nobody else; its payment likewise."""
    request = (await stage.ask())["id"]
    await stage.pay(request)
    query = (
        "query ($r: [_Any!]!) { _entities(representations: $r) { ... on PaymentRequest { id transfer { status } } } }"
    )

    async def entity(token: str | None, wanted: str = request) -> Any:
        variables = {"r": [{"__typename": "PaymentRequest", "id": wanted}]}
        return (await stage.client.data(query, variables, token=token))["_entities"][0]

    for token in (stage.ada, stage.bob, stage.service):
        assert await entity(token) == {"id": request, "transfer": {"status": "COMPLETED"}}
    for stranger in (stage.eve, None):
        assert await entity(stranger) is None
    assert await entity(stage.ada, "nonsense") is None


async def test_nobody_is_turned_away(stage: Stage) -> None:
    """Without a token, and with a service's, no mutation and no query of requests answers."""
    amount = {"amount": 1, "currency": "USD"}
    documents: list[tuple[str, dict[str, Any]]] = [
        (ASK, {"input": {"payerHandle": "ada", "amount": amount, "idempotencyKey": "k"}}),
        (PAY, {"input": {"id": str(uuid4()), "fromWalletId": "w", "idempotencyKey": "k"}}),
        (CLOSE, {"id": str(uuid4()), "decline": True}),
        (CLOSE, {"id": str(uuid4()), "decline": False}),
        (LOOK, {"id": str(uuid4())}),
    ]

    for document, variables in documents:
        for token in (None, stage.service):
            answer = await stage.client.execute(document, variables, token=token)
            assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHENTICATED"], document


async def test_a_race_has_one_winner(stage: Stage) -> None:
    """Payments under many keys, declines and cancels together: one end, and money moved just if it was paid."""
    request = (await stage.ask())["id"]
    acts = [stage.pay(request) for _ in range(4)]
    acts += [act(request) for act in (stage.decline, stage.cancel) for _ in range(3)]

    answers = await asyncio.gather(*acts)

    ended = (await look(stage, request, stage.ada))["status"]
    winners = Counter(answer["__typename"] for answer in answers)
    if ended == "PAID":
        assert set(winners) <= {"Transfer", "PaymentRequestClosed"}
        assert len({answer["id"] for answer in answers if answer["__typename"] == "Transfer"}) == 1
    else:
        assert winners == {"PaymentRequest": 1, "PaymentRequestClosed": len(acts) - 1}
    moved = 2_500 if ended == "PAID" else 0
    assert stage.world.balances == (BALANCE - moved, 0, moved)


async def test_pages_of_ones_own_requests(stage: Stage) -> None:
    """Newest first, page by page, by status as it is at that instant; to anybody else the connection is empty."""
    asked = [(await stage.ask(10 + number))["id"] for number in range(5)]
    await stage.decline(asked[0])
    await time_is_up(stage, asked[1])
    newest_first = asked[::-1]

    first = await listed(stage, stage.ada, first=2)
    second = await listed(stage, stage.ada, first=9, after=first["pageInfo"]["endCursor"])

    assert [edge["node"]["id"] for edge in first["edges"]] == newest_first[:2]
    assert first["pageInfo"]["hasNextPage"]
    assert [edge["node"]["id"] for edge in second["edges"]] == newest_first[2:]
    assert (second["pageInfo"]["hasPreviousPage"], second["pageInfo"]["hasNextPage"]) == (True, False)
    for status, found in (("OPEN", newest_first[:3]), ("DECLINED", asked[:1]), ("EXPIRED", asked[1:2]), ("PAID", [])):
        page = await listed(stage, stage.ada, status=[status])
        assert [(edge["node"]["id"], edge["node"]["status"]) for edge in page["edges"]] == [
            (id_, status) for id_ in found
        ]
    for token in (stage.bob, stage.eve, stage.service):
        assert (await listed(stage, token))["edges"] == []
    for variables in ({"after": "nonsense"}, {"first": 101}):
        answer = await stage.client.execute(
            LIST, {"user": str(stage.world.ada), "first": 5, **variables}, token=stage.ada
        )
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]


async def test_entities_cost_one_statement_each(stage: Stage) -> None:
    """However many references: one statement for the requests, one for their payments, one for a page asked for twice."""
    ids = [(await stage.ask(10))["id"] for _ in range(4)]
    for request in ids[:2]:
        await stage.pay(request)
    world = stage.world
    context = Context(
        principal=Principal("user", str(world.ada)),
        database=world.database,
        hints=world.hints,
        loaders=make_loaders(world.database),
        transfers=mock.sentinel.unused,
        refunds=mock.sentinel.unused,
        requests=mock.sentinel.unused,
    )
    references = [{"__typename": "PaymentRequest", "id": each} for each in [*ids, str(new_id())]]
    references += [{"__typename": "User", "id": str(world.ada)} for _ in range(3)]
    query = """query ($r: [_Any!]!) { _entities(representations: $r) {
      ... on PaymentRequest { transfer { status } } ... on User { paymentRequests { edges { cursor } } } } }"""

    async with counting_statements(world.database.engine) as statements:
        result = await schema.execute(query, {"r": references}, context_value=context)

    assert result.errors is None
    assert result.data is not None
    paid = {"transfer": {"status": "COMPLETED"}}
    assert result.data["_entities"][:5] == [paid, paid, {"transfer": None}, {"transfer": None}, None]
    assert [len(entity["paymentRequests"]["edges"]) for entity in result.data["_entities"][5:]] == [4] * 3
    assert len([statement for statement in statements if "FROM" in statement]) == 3, statements
