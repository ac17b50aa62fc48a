"""The load: workers that mean things, write them down, send them, and ask again for what got no answer.

All draws come from the seed; only what is refunded depends on what completed before.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import random
import time
from collections import deque
from dataclasses import dataclass, field, replace

from tests.chaos.client import Api, Person
from tests.chaos.intents import MARKS, Answer, Intent, IntentLog, Kind, Status

WORKERS = 8
UNANSWERED_MAX = 200  # then nothing new is meant until some of them are answered
RETRY_BASE_S, RETRY_MAX_S = 0.3, 3.0
IMPATIENT = 0.05  # how often somebody sends the same thing twice at once
REFUNDABLE_MAX = 300  # completed payments that may be given back, the newest
REPEATED_MAX = 100
CURRENCIES = ("USD", "EUR", "JPY")
SHARES = {Kind.TRANSFER: 60, Kind.DEPOSIT: 16, Kind.WITHDRAWAL: 10, Kind.REFUND: 14}
UNITS_MAX = 9  # an amount is 1 to 9 times MARKS, and the intent's number
OPENING_UNITS = 8  # what each wallet begins with: little, so that some are refused


@dataclass(order=True)
class _Again:
    due: float
    number: int
    attempt: int = field(compare=False)
    intent: Intent = field(compare=False)


@dataclass(frozen=True, slots=True)
class _Payment:
    """A transfer that has completed, by its id."""

    id: str
    intent: Intent


class Load:
    """`run` goes on until `stop`; `settle` then asks until everything is answered."""

    def __init__(self, *, api: Api, log: IntentLog, people: list[Person], seed: int, rate: float) -> None:
        self._api, self._log, self._people = api, log, people
        self._person = {person.id: person for person in people}
        self._seed, self._rate = seed, rate
        self._numbers = itertools.count(1)
        self._again: list[_Again] = []
        self._under_way = 0
        self._refundable: deque[_Payment] = deque(maxlen=REFUNDABLE_MAX)
        self._stopped = False
        self._meant: list[Intent] = []

    async def open(self) -> None:
        """Money into every wallet, before anything is killed."""
        opening = [
            self._intent(Kind.DEPOSIT, person, currency, wallet, OPENING_UNITS * MARKS)
            for person in self._people
            for currency, wallet in person.wallets.items()
        ]
        await asyncio.gather(*(self._begin(intent) for intent in opening))

    async def run(self) -> None:
        """Work until stopped, and then until nothing is left to ask for; cancel it to give up."""
        async with asyncio.TaskGroup() as workers:
            for number in range(WORKERS):
                workers.create_task(self._work(random.Random(f"load {self._seed} {number}")))

    def stop(self) -> None:
        """Mean nothing new."""
        self._stopped = True

    async def repeat(self) -> None:
        """Ask for some of it once more, when all is well again: a key that was answered has no second effect, and one answer."""
        rng = random.Random(f"repeat {self._seed}")
        for intent in rng.sample(self._meant, min(REPEATED_MAX, len(self._meant))):
            await self._ask_once(intent)

    @property
    def meant(self) -> int:
        """How many intents there are."""
        return len(self._meant)

    @property
    def unanswered(self) -> int:
        """What is to be asked again, or is being asked."""
        return len(self._again) + self._under_way

    async def _work(self, rng: random.Random) -> None:
        while not (self._stopped and self.unanswered == 0):
            if (again := self._due()) is not None:
                await self._attempt(again.intent, again.attempt + 1)
            elif self._stopped or self.unanswered >= UNANSWERED_MAX:
                await asyncio.sleep(0.05)
            elif (intent := self._draw(rng)) is not None:
                await self._begin(intent, twice=rng.random() < IMPATIENT)
                await asyncio.sleep(rng.expovariate(self._rate / WORKERS))

    def _due(self) -> _Again | None:
        if self._again and self._again[0].due <= time.monotonic():
            return heapq.heappop(self._again)
        return None

    def _draw(self, rng: random.Random) -> Intent | None:
        [kind] = rng.choices(list(SHARES), list(SHARES.values()))
        payer, payee = rng.sample(self._people, 2)
        currency = rng.choice(CURRENCIES)
        amount = rng.randint(1, UNITS_MAX) * MARKS
        wallet = payer.wallets[currency]
        match kind:
            case Kind.REFUND:
                return self._refund(rng)
            case Kind.TRANSFER:
                drawn = self._intent(kind, payer, currency, wallet, amount)
                return replace(drawn, to_wallet_id=payee.wallets[currency])
        return self._intent(kind, payer, currency, wallet, amount)

    def _refund(self, rng: random.Random) -> Intent | None:
        """A part of a payment that has completed, by who was paid. Its amount is its number alone: it fits into any payment."""
        if not self._refundable:
            return None
        payment = rng.choice(self._refundable)
        paid = payment.intent
        assert paid.to_wallet_id is not None, paid
        payee = next(person for person in self._people if paid.to_wallet_id in person.wallets.values())
        refund = self._intent(Kind.REFUND, payee, paid.currency, paid.to_wallet_id, 0)
        return replace(refund, to_wallet_id=paid.wallet_id, refund_of=payment.id)

    def _intent(self, kind: Kind, person: Person, currency: str, wallet: str, units: int) -> Intent:
        number = next(self._numbers)
        assert number < MARKS, "a run of so many intents needs more MARKS"
        return Intent(
            number=number,
            kind=kind,
            user_id=person.id,
            wallet_id=wallet,
            amount=units + number,
            currency=currency,
            key=f"chaos-{self._seed}-{number}",
        )

    async def _begin(self, intent: Intent, *, twice: bool = False) -> None:
        await self._log.mean(intent)
        self._meant.append(intent)
        await asyncio.gather(*(self._attempt(intent, 1) for _ in range(2 if twice else 1)))

    async def _attempt(self, intent: Intent, attempt: int) -> None:
        self._under_way += 1
        try:
            answer = await self._ask_once(intent)
        finally:
            self._under_way -= 1
        if not answer.is_final:
            pause = min(RETRY_BASE_S * 2.0**attempt, RETRY_MAX_S)
            heapq.heappush(self._again, _Again(time.monotonic() + pause, intent.number, attempt, intent))
        self._remember(intent, answer)

    async def _ask_once(self, intent: Intent) -> Answer:
        answer = await self._api.attempt(self._person[intent.user_id], intent)
        await self._log.answered(intent, answer)
        return answer

    def _remember(self, intent: Intent, answer: Answer) -> None:
        if intent.kind is Kind.TRANSFER and answer.status is Status.ACCEPTED and answer.ref is not None:
            self._refundable.append(_Payment(answer.ref, intent))
