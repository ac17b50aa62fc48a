"""The wallet service through its real application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from payflow.kernel.db import counting_statements
from payflow.kernel.hints import MemoryHints
from payflow.kernel.ids import derived_id, new_id
from payflow.kernel.settings import Settings
from payflow.kernel.tokens import Principal
from subgraphs.wallet.app import create_app
from subgraphs.wallet.context import Context
from subgraphs.wallet.loaders import make_loaders
from subgraphs.wallet.schema import schema
from tests.subgraphs.harness import Client, Keys, running
from tests.subgraphs.wallet.world import World

MONEY = "{ amount currency formatted }"
OPEN = """
mutation ($currency: CurrencyCode!) {
  openWallet(currency: $currency) {
    __typename
    ... on Wallet { id currency owner { id } createdAt }
    ... on WalletExists { message wallet { id balance { total { amount } } } }
    ... on InvalidInput { message field }
  }
}
"""
DEPOSIT = (
    """
mutation ($input: DepositInput!) {
  deposit(input: $input) {
    __typename
    ... on Entry { id kind amount M balanceAfter M transfer { id } createdAt }
    ... on Problem { message }
    ... on InvalidInput { field }
  }
}
"""
).replace(" M", f" {MONEY}")
HOLD = (
    """
mutation ($input: PlaceHoldInput!) {
  placeHold(input: $input) {
    __typename
    ... on Hold { id status amount M transfer { id } expiresAt }
    ... on Problem { message }
    ... on InsufficientFunds { available M requested M }
    ... on InvalidInput { field }
  }
}
"""
).replace(" M", f" {MONEY}")
CAPTURE = (
    "mutation ($id: ID!) { captureHold(id: $id) { __typename ... on Hold { id status } ... on Problem { message } } }"
)
RELEASE = CAPTURE.replace("captureHold", "releaseHold")
CREDIT = """
mutation ($input: CreditInput!) {
  credit(input: $input) {
    __typename
    ... on Entry { kind amount { amount } transfer { id } }
    ... on Problem { message }
    ... on InvalidInput { field }
  }
}
"""
WALLET = """
query ($id: ID!) {
  wallet(id: $id) {
    id currency owner { id } createdAt
    balance { available { amount } held { amount } total { amount } }
    entries(first: 2) { edges { cursor node { kind amount { amount } } } pageInfo { hasNextPage endCursor } }
    holds { id status amount { amount } transfer { id } }
  }
}
"""
ENTITIES = "query ($r: [_Any!]!) { _entities(representations: $r) { %s } }"


@pytest.fixture
def settings(shared_url: str, keys: Keys) -> Settings:
    return Settings(
        wallet_database_url=shared_url, jwks_url=keys.jwks_url, service_jwks_file=keys.folder / "service-jwks.json"
    )


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[Client]:
    async with running(create_app(settings)) as client:
        yield client


@pytest.fixture
def people(client: Client, keys: Keys) -> People:
    return People(client, keys)


class People:
    """Users and services that speak to the wallet."""

    def __init__(self, client: Client, keys: Keys) -> None:
        self.client = client
        self.keys = keys
        self.service = keys.service_token("transactions")

    def token(self, user: UUID) -> str:
        return self.keys.user_token(user)

    async def open(self, user: UUID, currency: str = "USD") -> dict[str, Any]:
        data = await self.client.data(OPEN, {"currency": currency}, token=self.token(user))
        result: dict[str, Any] = data["openWallet"]
        return result

    async def deposit(
        self, user: UUID, wallet: str, amount: int, *, currency: str = "USD", **others: Any
    ) -> dict[str, Any]:
        money = {"amount": amount, "currency": currency}
        fields = {"walletId": wallet, "amount": money, "idempotencyKey": uuid4().hex, **others}
        result: dict[str, Any] = (await self.client.data(DEPOSIT, {"input": fields}, token=self.token(user)))["deposit"]
        return result

    async def funded(self, amount: int = 1000) -> tuple[UUID, str]:
        """A user, and their wallet's id."""
        user = uuid4()
        wallet: str = (await self.open(user))["id"]
        if amount:
            await self.deposit(user, wallet, amount)
        return user, wallet

    async def hold(
        self, payer: str, payee: str, amount: int, *, currency: str = "USD", **others: Any
    ) -> dict[str, Any]:
        transfer = new_id()
        fields = {
            "id": str(derived_id(transfer, "HOLD")),
            "fromWalletId": payer,
            "toWalletId": payee,
            "amount": {"amount": amount, "currency": currency},
            "transferId": str(transfer),
            "expiresInSeconds": 60,
            **others,
        }
        result: dict[str, Any] = (await self.client.data(HOLD, {"input": fields}, token=self.service))["placeHold"]
        return result

    async def capture(self, hold: str) -> dict[str, Any]:
        result: dict[str, Any] = (await self.client.data(CAPTURE, {"id": hold}, token=self.service))["captureHold"]
        return result

    async def release(self, hold: str) -> dict[str, Any]:
        result: dict[str, Any] = (await self.client.data(RELEASE, {"id": hold}, token=self.service))["releaseHold"]
        return result

    async def credit(self, wallet: str, amount: int, *, currency: str = "USD", **others: Any) -> dict[str, Any]:
        fields = {
            "walletId": wallet,
            "amount": {"amount": amount, "currency": currency},
            "source": "REWARDS",
            "idempotencyKey": uuid4().hex,
            **others,
        }
        result: dict[str, Any] = (await self.client.data(CREDIT, {"input": fields}, token=self.service))["credit"]
        return result


async def test_open_deposit_and_look(people: People) -> None:
    """A new wallet is empty; a deposit shows in its balance and as its entry."""
    ada = uuid4()
    wallet = await people.open(ada)
    assert (wallet["__typename"], wallet["currency"], wallet["owner"]) == ("Wallet", "USD", {"id": str(ada)})

    entry = await people.deposit(ada, wallet["id"], 1250)

    assert entry["amount"] == {"amount": 1250, "currency": "USD", "formatted": "$12.50"} == entry["balanceAfter"]
    assert (entry["kind"], entry["transfer"]) == ("DEPOSIT", None)
    assert entry["createdAt"].endswith("Z")
    query = "query ($id: ID!) { wallet(id: $id) { balance { total { amount } } entries { edges { node { id } } } } }"
    seen = (await people.client.data(query, {"id": wallet["id"]}, token=people.token(ada)))["wallet"]
    assert seen["balance"]["total"]["amount"] == 1250
    assert seen["entries"]["edges"] == [{"node": {"id": entry["id"]}}]


async def test_a_second_wallet_of_a_currency(people: People) -> None:
    """WalletExists shows the wallet that there is."""
    ada, wallet = await people.funded(5)

    again = await people.open(ada)

    assert again["__typename"] == "WalletExists"
    assert again["wallet"] == {"id": wallet, "balance": {"total": {"amount": 5}}}


async def test_refusals_of_deposit_arrive_as_union_members(people: People) -> None:
    """Every refusal is data, with a sentence; malformed input names its field."""
    ada, wallet = await people.funded()
    stranger = uuid4()

    assert (await people.deposit(ada, wallet, 5, currency="EUR"))["__typename"] == "CurrencyMismatch"
    assert (await people.deposit(stranger, wallet, 5))["__typename"] == "WalletNotFound"
    assert (await people.deposit(ada, str(uuid4()), 5))["__typename"] == "WalletNotFound"
    assert (await people.deposit(ada, "no uuid", 5))["__typename"] == "WalletNotFound"
    assert (await people.deposit(ada, wallet, 5, idempotencyKey="k"))["__typename"] == "Entry"
    assert (await people.deposit(ada, wallet, 6, idempotencyKey="k"))["__typename"] == "IdempotencyConflict"
    for refused, field in (
        (await people.deposit(ada, wallet, 0), "amount"),
        (await people.deposit(ada, wallet, 10**15 + 1), "amount"),
        (await people.deposit(ada, wallet, 5, currency="ZZZ"), "amount"),
        (await people.deposit(ada, wallet, 5, idempotencyKey=""), "idempotencyKey"),
        (await people.deposit(ada, wallet, 5, idempotencyKey="k" * 65), "idempotencyKey"),
        (await people.deposit(ada, wallet, 5, idempotencyKey="nul\x00"), "idempotencyKey"),
    ):
        assert (refused["__typename"], refused["field"]) == ("InvalidInput", field)
    unknown = await people.open(ada, "ZZZ")
    assert (unknown["__typename"], unknown["field"]) == ("InvalidInput", "currency")


async def test_a_repeat_is_equal_to_the_letter(people: People) -> None:
    """Accepted or refused, the same key and input get the same answer."""
    ada, wallet = await people.funded()
    for currency in ("USD", "EUR"):
        key = uuid4().hex
        first = await people.deposit(ada, wallet, 5, currency=currency, idempotencyKey=key)
        assert await people.deposit(ada, wallet, 5, currency=currency, idempotencyKey=key) == first


async def test_hold_and_capture(people: People) -> None:
    """A held amount shows in the payer's balance and holds; captured, both statements tell it."""
    ada, from_wallet = await people.funded(1000)
    bob, to_wallet = await people.funded(0)
    transfer = new_id()

    hold = await people.hold(from_wallet, to_wallet, 250, transferId=str(transfer))

    assert (hold["status"], hold["amount"]["amount"], hold["transfer"]["id"]) == ("OPEN", 250, str(transfer))
    seen = (await people.client.data(WALLET, {"id": from_wallet}, token=people.token(ada)))["wallet"]
    assert [seen["balance"][part]["amount"] for part in ("available", "held", "total")] == [750, 250, 1000]
    assert [(one["id"], one["status"]) for one in seen["holds"]] == [(hold["id"], "OPEN")]

    assert await people.capture(hold["id"]) == {"__typename": "Hold", "id": hold["id"], "status": "CAPTURED"}

    seen = (await people.client.data(WALLET, {"id": from_wallet}, token=people.token(ada)))["wallet"]
    assert [seen["balance"][part]["amount"] for part in ("available", "held", "total")] == [750, 0, 750]
    assert seen["holds"] == []
    assert [edge["node"]["kind"] for edge in seen["entries"]["edges"]] == ["TRANSFER_OUT", "DEPOSIT"]
    seen = (await people.client.data(WALLET, {"id": to_wallet}, token=people.token(bob)))["wallet"]
    assert seen["entries"]["edges"][0]["node"] == {"kind": "TRANSFER_IN", "amount": {"amount": 250}}


async def test_refusals_of_holds_arrive_as_union_members(people: People) -> None:
    """Every refusal of the internal mutations is data too."""
    (_, ada), (_, bob) = await people.funded(100), await people.funded(0)

    short = await people.hold(ada, bob, 101)
    assert (short["__typename"], short["available"]["amount"], short["requested"]["formatted"]) == (
        "InsufficientFunds",
        100,
        "$1.01",
    )
    assert (await people.hold(ada, ada, 1))["__typename"] == "SameWallet"
    assert (await people.hold(ada, str(uuid4()), 1))["__typename"] == "WalletNotFound"
    assert (await people.hold(ada, "no uuid", 1))["__typename"] == "WalletNotFound"
    mismatch = await people.hold(ada, bob, 1, currency="EUR")
    assert mismatch["__typename"] == "CurrencyMismatch"
    for refused, field in (
        (await people.hold(ada, bob, 0), "amount"),
        (await people.hold(ada, bob, 1, id="x"), "id"),
        (await people.hold(ada, bob, 1, transferId="x"), "transferId"),
        (await people.hold(ada, bob, 1, expiresInSeconds=0), "expiresInSeconds"),
    ):
        assert (refused["__typename"], refused["field"]) == ("InvalidInput", field)

    hold = await people.hold(ada, bob, 10, id=(hold_id := str(new_id())))
    assert (await people.hold(ada, bob, 11, id=hold_id))["__typename"] == "IdempotencyConflict"
    assert (await people.capture(str(new_id())))["__typename"] == "HoldNotFound"
    assert (await people.capture("x"))["__typename"] == "HoldNotFound"
    assert (await people.release("x"))["__typename"] == "HoldCancelled"
    assert (await people.release(late := str(new_id())))["__typename"] == "HoldCancelled"
    assert (await people.hold(ada, bob, 10, id=late))["__typename"] == "HoldCancelled"
    assert (await people.release(hold["id"]))["status"] == "RELEASED"
    assert (await people.capture(hold["id"]))["__typename"] == "HoldReleased"
    captured = await people.hold(ada, bob, 10)
    await people.capture(captured["id"])
    assert (await people.release(captured["id"]))["__typename"] == "HoldCaptured"


async def test_credit(people: People) -> None:
    """A reward is an entry that names its transfer; its refusals are data."""
    _, wallet = await people.funded(0)
    transfer = str(uuid4())

    entry = await people.credit(wallet, 25, transferId=transfer)

    assert entry == {
        "__typename": "Entry",
        "kind": "REWARD",
        "amount": {"amount": 25},
        "transfer": {"id": transfer},
    }
    assert (await people.credit(str(uuid4()), 25))["__typename"] == "WalletNotFound"
    assert (await people.credit(wallet, 25, currency="EUR"))["__typename"] == "CurrencyMismatch"
    assert (await people.credit(wallet, 25, transferId="x"))["field"] == "transferId"
    assert (await people.credit(wallet, 25, idempotencyKey="k"))["__typename"] == "Entry"
    assert (await people.credit(wallet, 26, idempotencyKey="k"))["__typename"] == "IdempotencyConflict"


async def test_statements_have_pages(people: People) -> None:
    """Walking the cursors shows every entry once, newest first; bad arguments are told so."""
    ada, wallet = await people.funded(0)
    for amount in range(1, 6):
        await people.deposit(ada, wallet, amount)
    query = """query ($id: ID!, $first: Int, $after: String) { wallet(id: $id) { entries(first: $first, after: $after) {
        edges { node { amount { amount } } } pageInfo { hasNextPage hasPreviousPage endCursor } } } }"""

    seen, after, pages = [], None, 0
    while True:
        variables = {"id": wallet, "first": 2, "after": after}
        page = (await people.client.data(query, variables, token=people.token(ada)))["wallet"]["entries"]
        seen += [edge["node"]["amount"]["amount"] for edge in page["edges"]]
        pages += 1
        assert page["pageInfo"]["hasPreviousPage"] == (after is not None)
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert (seen, pages) == ([5, 4, 3, 2, 1], 3)

    for arguments in ({"first": 0}, {"first": 101}, {"first": 2, "after": "?"}, {"first": 2, "after": "eA"}):
        answer = await people.client.execute(query, {"id": wallet, **arguments}, token=people.token(ada))
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]
        assert answer["data"]["wallet"]["entries"] is None


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


async def test_a_users_wallets(people: People) -> None:
    """One's own are listed; of others one may learn the wallet of a currency, to pay into it."""
    ada, wallet = await people.funded()
    euros = (await people.open(ada, "EUR"))["id"]
    stranger = people.token(uuid4())
    fields = (
        '... on User { id wallets { id } dollars: wallet(currency: "USD") { id } yen: wallet(currency: "JPY") { id } }'
    )
    asked = {"r": [{"__typename": "User", "id": str(ada)}, {"__typename": "User", "id": "no uuid"}]}

    own = (await people.client.data(ENTITIES % fields, asked, token=people.token(ada)))["_entities"]
    others = (await people.client.data(ENTITIES % fields, asked, token=stranger))["_entities"]

    assert own[0] == {
        "id": str(ada),
        "wallets": [{"id": wallet}, {"id": euros}],
        "dollars": {"id": wallet},
        "yen": None,
    }
    assert others[0] == {**own[0], "wallets": []}
    assert own[1] == others[1] == {"id": "no uuid", "wallets": [], "dollars": None, "yen": None}


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
            {"input": {"id": "a", "fromWalletId": "a", "toWalletId": "b", "transferId": "a", "expiresInSeconds": 1}},
        ),
        (CAPTURE, {"id": "a"}),
        (RELEASE, {"id": "a"}),
        (CREDIT, {"input": {"walletId": "a", "source": "REWARDS", "idempotencyKey": "a"}}),
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


async def test_entities_by_reference(people: People) -> None:
    """References are answered in their order, and one that names no wallet is null."""
    wallets = [(await people.funded(0))[1] for _ in range(3)]
    ids = [wallets[2], str(uuid4()), wallets[0], "no uuid", wallets[1]]
    references = [{"__typename": "Wallet", "id": wallet_id} for wallet_id in ids]

    answer = await people.client.data(ENTITIES % "... on Wallet { id }", {"r": references}, token=people.service)

    assert answer["_entities"] == [{"id": ids[0]}, None, {"id": ids[2]}, None, {"id": ids[4]}]


@pytest.mark.parametrize(
    ("fields", "statements_expected"),
    [
        ("... on Wallet { currency owner { id } balance { total { amount } } }", 1),
        ("... on Wallet { entries(first: 3) { edges { node { amount { amount } } } } }", 2),
        ("... on Wallet { holds { id } }", 2),
        ("... on Wallet { balance { held { amount } } entries { edges { cursor } } holds { id } owner { id } }", 3),
    ],
)
async def test_many_wallets_cost_one_statement_per_list(world: World, fields: str, statements_expected: int) -> None:
    """However many references: one query for the wallets and their balances, one for their entries, one for their holds."""
    owner = uuid4()
    wallets = [await world.open(currency, owner_id=owner) for currency in ("USD", "EUR", "JPY", "GBP", "CHF")]
    for wallet in wallets:
        await world.deposit(wallet, 100)
    references = [{"__typename": "Wallet", "id": str(wallet.id)} for wallet in wallets]

    entities = await asked(world, owner, ENTITIES % fields, references, statements_expected)

    assert len(entities) == 5
    assert all(entities)


async def test_many_users_cost_one_statement(world: World) -> None:
    """The wallets of a currency of many people are one query, one's own list another, with their balances."""
    people = [await world.open() for _ in range(5)]
    references = [{"__typename": "User", "id": str(wallet.owner_id)} for wallet in people]
    query = ENTITIES % '... on User { wallet(currency: "USD") { id } wallets { id balance { total { amount } } } }'

    entities = await asked(world, people[0].owner_id, query, references, 2)

    assert [entity["wallet"]["id"] for entity in entities] == [str(wallet.id) for wallet in people]
    assert [len(entity["wallets"]) for entity in entities] == [1, 0, 0, 0, 0]


async def asked(
    world: World, user: UUID, query: str, references: list[dict[str, str]], statements_expected: int
) -> list[Any]:
    """Ask as the user, in one request, and check how many statements that took."""
    context = Context(
        principal=Principal("user", str(user)),
        database=world.database,
        hints=MemoryHints(),
        loaders=make_loaders(world.database),
    )
    async with counting_statements(world.database.engine) as statements:
        result = await schema.execute(query, {"r": references}, context_value=context)
    assert result.errors is None
    assert result.data is not None
    assert len(statements) == statements_expected, statements
    entities: list[Any] = result.data["_entities"]
    return entities


async def test_faults_are_masked(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault reaches the client as one sentence with a code, and the same command then succeeds."""
    from subgraphs.wallet import postings

    async def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    ada, wallet = await people.funded(0)
    money = {"amount": 5, "currency": "USD"}
    variables = {"input": {"walletId": wallet, "amount": money, "idempotencyKey": "k"}}
    with monkeypatch.context() as patch:
        patch.setattr(postings, "post", broken)
        answer = await people.client.execute(DEPOSIT, variables, token=people.token(ada))

    assert "secret" not in str(answer)
    assert answer["errors"][0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert (await people.deposit(ada, wallet, 5, idempotencyKey="k"))["__typename"] == "Entry"


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


async def test_health(client: Client) -> None:
    """Liveness and readiness answer 200 while the database does."""
    assert (await client.get("/health"))[0] == 200
    assert (await client.get("/ready"))[0] == 200
