"""A good client: sends an intent, and says what came of it. Whatever is no clear answer is UNKNOWN, and asked again later."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.chaos.intents import Answer, Intent, Kind, Status

ATTEMPT_TIMEOUT_S = 8.0  # transfer answers within some three; past this nobody knows
TOKEN_KEPT_S = 240.0  # then one signs in anew; access tokens live for ten minutes
PASSWORD = "correct horse battery"

REGISTER = "mutation ($input: RegisterInput!) { answer: register(input: $input) { __typename ... on Session { accessToken user { id } } } }"
LOGIN = "mutation ($input: LoginInput!) { answer: login(input: $input) { __typename ... on Session { accessToken } } }"
OPEN_WALLET = "mutation ($currency: CurrencyCode!) { answer: openWallet(currency: $currency) { __typename ... on Wallet { id } } }"
_ENTRY = "{ __typename ... on Entry { ref: id } ... on Problem { message } }"
_TRANSFER = "{ __typename ... on Transfer { ref: id status } ... on Problem { message } }"
_REFUNDED = "{ __typename ... on Transfer { refunds { ref: id status amount { amount } } } ... on Problem { message } }"
MUTATIONS = {
    Kind.DEPOSIT: f"mutation ($input: DepositInput!) {{ answer: deposit(input: $input) {_ENTRY} }}",
    Kind.WITHDRAWAL: f"mutation ($input: WithdrawInput!) {{ answer: withdraw(input: $input) {_ENTRY} }}",
    Kind.TRANSFER: f"mutation ($input: TransferInput!) {{ answer: transfer(input: $input) {_TRANSFER} }}",
    Kind.REFUND: f"mutation ($input: RefundInput!) {{ answer: refundTransfer(input: $input) {_REFUNDED} }}",
}
STATUS_OF = {"PENDING": Status.PENDING, "COMPLETED": Status.ACCEPTED, "FAILED": Status.REFUSED}


class NoAnswer(Exception):
    """The API did not answer, or with an error instead of a result."""


@dataclass(slots=True)
class Person:
    """Somebody signed in, with a wallet a currency."""

    id: str
    email: str
    token: str
    signed_in_at: float
    wallets: dict[str, str]


@dataclass(frozen=True, slots=True)
class Api:
    """The platform's API, by its URL."""

    url: str
    http: aiohttp.ClientSession

    async def attempt(self, person: Person, intent: Intent) -> Answer:
        """Send it once. Never raises."""
        try:
            await self._stay_signed_in(person)
            return answer_of(intent, await self._ask(MUTATIONS[intent.kind], {"input": input_of(intent)}, person.token))
        except NoAnswer as error:
            return Answer(status=Status.UNKNOWN, said=str(error))

    async def person(self, name: str, currencies: tuple[str, ...]) -> Person:
        """Somebody new. Raises NoAnswer."""
        email = f"{name}@example.com"
        form = {"email": email, "password": PASSWORD, "handle": name, "displayName": name}
        session = await self._ask(REGISTER, {"input": form})
        person = Person(session["user"]["id"], email, session["accessToken"], time.monotonic(), {})
        for currency in currencies:
            opened = await self._ask(OPEN_WALLET, {"currency": currency}, person.token)
            person.wallets[currency] = opened["id"]
        return person

    async def _stay_signed_in(self, person: Person) -> None:
        if time.monotonic() - person.signed_in_at > TOKEN_KEPT_S:
            session = await self._ask(LOGIN, {"input": {"email": person.email, "password": PASSWORD}})
            if session["__typename"] != "Session":
                raise NoAnswer(f"login: {session['__typename']}")
            person.token, person.signed_in_at = session["accessToken"], time.monotonic()

    async def _ask(self, query: str, variables: dict[str, Any], token: str | None = None) -> dict[str, Any]:
        """The field `answer` of an answer without errors. Raises NoAnswer."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        body = {"query": query, "variables": variables}
        try:
            async with self.http.post(f"{self.url}/graphql", json=body, headers=headers) as response:
                answer = await response.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise NoAnswer(type(error).__name__) from error
        if not isinstance(answer, dict) or answer.get("errors") or not answer.get("data"):
            raise NoAnswer(_code(answer))
        found: dict[str, Any] = answer["data"]["answer"]
        return found


def answer_of(intent: Intent, result: dict[str, Any]) -> Answer:
    """What a member of a result union says of its intent. A refund is told among those of its payment, where its amount names it."""
    said = result["__typename"]
    match result:
        case {"__typename": "Entry", "ref": ref}:
            return Answer(status=Status.ACCEPTED, said=said, ref=ref)
        case {"__typename": "Transfer", "ref": ref, "status": status}:
            return Answer(status=STATUS_OF[status], said=f"{said} {status}", ref=ref)
        case {"__typename": "Transfer", "refunds": refunds}:
            [refund] = [refund for refund in refunds if refund["amount"]["amount"] == intent.amount]
            return Answer(status=STATUS_OF[refund["status"]], said=f"Refund {refund['status']}", ref=refund["ref"])
    return Answer(status=Status.REFUSED, said=said)


def input_of(intent: Intent) -> dict[str, Any]:
    """The mutation's input."""
    common = {"amount": {"amount": intent.amount, "currency": intent.currency}, "idempotencyKey": intent.key}
    match intent.kind:
        case Kind.TRANSFER:
            return {"fromWalletId": intent.wallet_id, "to": {"walletId": intent.to_wallet_id}, **common}
        case Kind.REFUND:
            return {"transferId": intent.refund_of, **common}
    return {"walletId": intent.wallet_id, **common}


def _code(answer: object) -> str:
    match answer:
        case {"errors": [{"extensions": {"code": code}}, *_]}:
            return str(code)
        case {"errors": [{"message": message}, *_]}:
            return str(message)
    return "an answer without data"
