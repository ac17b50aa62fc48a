"""The real ledger against a model of it: whatever is asked, in whatever order, both answer alike."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from payflow.kernel.db import Database
from payflow.kernel.errors import Refusal
from payflow.kernel.ids import new_id
from subgraphs.wallet.domain import Entry, Hold, Wallet
from subgraphs.wallet.errors import CurrencyMismatch, InsufficientFunds
from tests.subgraphs.wallet.model import Model, Outcome
from tests.subgraphs.wallet.world import World

WALLETS = ("ada/USD", "ada/EUR", "bob/USD", "eve/USD")
WALLET = st.sampled_from(WALLETS)
AMOUNT = st.integers(1, 60)
BEGINNING = 100  # what each wallet begins with, so that most holds are decided by what is left
KEY = st.integers(0, 5)  # few keys, so that they are met again
PICK = st.integers(0, 11)


def ledger_against_model(world: World, runner: asyncio.Runner) -> type[RuleBasedStateMachine]:
    """The machine; each of its runs makes four wallets of its own."""

    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            owners = {name: new_id() for name in ("ada", "bob", "eve")}
            self.wallets: dict[str, Wallet] = {}
            for name in WALLETS:
                owner, currency = name.split("/")
                self.wallets[name] = runner.run(world.open(currency, owner_id=owners[owner], holding=BEGINNING))
            self.hold_ids: list[UUID] = []
            self.model = Model(dict.fromkeys(WALLETS, BEGINNING), dict.fromkeys(WALLETS, 0))

        @rule(wallet=WALLET, amount=AMOUNT, key=KEY, currency=st.sampled_from(("USD", "USD", "EUR")))
        def deposit(self, wallet: str, amount: int, key: int, currency: str) -> None:
            expected = self.model.deposit(wallet, amount, currency=currency, key=key)
            assert answer(world.deposit(self.wallets[wallet], amount, currency=currency, key=str(key))) == expected

        @rule(payer=WALLET, payee=WALLET, amount=AMOUNT)
        def place(self, payer: str, payee: str, amount: int) -> None:
            self.hold_ids.append(new_id())
            self.hold(len(self.hold_ids) - 1, payer, payee, amount)

        @precondition(lambda self: self.hold_ids)
        @rule(pick=PICK, payer=WALLET, payee=WALLET, amount=AMOUNT)
        def place_under_an_id_used_before(self, pick: int, payer: str, payee: str, amount: int) -> None:
            self.hold(pick % len(self.hold_ids), payer, payee, amount)

        @precondition(lambda self: self.model.holds)
        @rule(pick=PICK, command=st.sampled_from(("again", "capture", "release")))
        def meet_a_hold(self, pick: int, command: str) -> None:
            number, placed = list(self.model.holds.items())[pick % len(self.model.holds)]
            match command:
                case "again":
                    self.hold(number, placed.payer, placed.payee, placed.amount)
                case "capture":
                    self.capture(number)
                case _:
                    self.release(number)

        @rule(command=st.sampled_from(("capture", "release")))
        def meet_an_id_never_seen(self, command: str) -> None:
            self.hold_ids.append(new_id())
            (self.capture if command == "capture" else self.release)(len(self.hold_ids) - 1)

        def hold(self, number: int, payer: str, payee: str, amount: int) -> None:
            expected = self.model.hold(number, payer, payee, amount)
            asking = world.hold(self.wallets[payer], self.wallets[payee], amount, id=self.hold_ids[number])
            assert answer(asking) == expected

        def capture(self, number: int) -> None:
            assert answer(world.capture(self.hold_ids[number])) == self.model.capture(number)

        def release(self, number: int) -> None:
            assert answer(world.release(self.hold_ids[number])) == self.model.release(number)

        @invariant()
        def balances_agree(self) -> None:
            stand = runner.run(world.all_now(self.wallets))
            assert {name: wallet.posted for name, wallet in stand.items()} == self.model.posted
            assert {name: wallet.held for name, wallet in stand.items()} == self.model.held

        def teardown(self) -> None:
            runner.run(world.assert_true())

    def answer(command: Coroutine[Any, Any, Entry | Hold | Refusal]) -> Outcome:
        try:
            return told(runner.run(command))
        except Refusal as refusal:
            return told(refusal)

    return Machine


def told(outcome: Entry | Hold | Refusal) -> Outcome:
    """An outcome as the model tells it."""
    match outcome:
        case Entry():
            return (outcome.kind.value, outcome.amount.amount, outcome.balance_after.amount)
        case Hold():
            return (outcome.status.value, outcome.amount.amount)
        case InsufficientFunds() | CurrencyMismatch():
            return (type(outcome).__name__, outcome.message)
        case _:
            return (type(outcome).__name__,)


@pytest.mark.timeout(600)  # a failure takes minutes to shrink; a success takes seconds
def test_the_ledger_answers_as_its_model(shared_url: str) -> None:
    """Deposits, holds, captures and releases, with keys new, repeated and misused: outcomes and balances agree, and the audit."""
    with asyncio.Runner() as runner:

        async def connect() -> World:
            return World.over(Database(shared_url))

        world = runner.run(connect())
        try:
            run_state_machine_as_test(
                ledger_against_model(world, runner),
                settings=settings(
                    max_examples=20,
                    stateful_step_count=30,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(world.close())
