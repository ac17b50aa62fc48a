"""Clients who ask a ledger at random, many at once and through several processes' worth of ledgers, and write down what they are told."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any
from uuid import UUID

from payflow.kernel.errors import Refusal
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.wallet.commands import (
    CaptureHold,
    ChangeStatus,
    Command,
    Credit,
    CreditSource,
    Debit,
    Deposit,
    ExtendHold,
    PlaceHold,
    ReleaseHold,
    Reverse,
    WalletStatus,
    Withdraw,
)
from subgraphs.wallet.domain import Wallet
from subgraphs.wallet.ledger import Ledger
from subgraphs.wallet.posting import Answer
from tests.subgraphs.wallet.histories import Event, Span
from tests.subgraphs.wallet.model import Line, ModelWallet, key_of
from tests.subgraphs.wallet.told import details_of, status_of

RECENT = 12  # holds and journals that are met again; few, so that many meet the same
OLD = 0.3  # the part of the holds that are met again long after
IMPATIENCE_S = 0.02  # who gives up waiting does so about when the answer comes
IMPATIENT = 0.15  # the part of the commands whose sender gives up


@dataclass
class Crowd:
    """What all clients of a history share: wallets, and the holds, journals and commands that they meet again."""

    wallets: Sequence[Wallet]
    ledgers: Sequence[Ledger]
    chance: random.Random
    events: list[Event] = field(default_factory=list)
    holds: list[UUID] = field(default_factory=list)
    journals: list[UUID] = field(default_factory=list)
    sent: list[Command] = field(default_factory=list)
    numbers: Any = field(default_factory=count)

    @property
    def models(self) -> list[ModelWallet]:
        """The wallets as they were before anybody asked for anything."""
        return [ModelWallet(wallet.id, wallet.owner_id, wallet.currency) for wallet in self.wallets]

    async def client(self, commands: int) -> None:
        """Ask so many times, each time as soon as the last answer is there."""
        for _ in range(commands):
            await self.ask(self.command())

    async def operator(self, until: asyncio.Event) -> None:
        """The one who freezes, unfreezes and tries to close wallets, one at a time."""
        statuses = [WalletStatus.FROZEN, WalletStatus.OPEN, WalletStatus.OPEN, WalletStatus.CLOSED]
        while not until.is_set():
            wallet = self.chance.choice(self.wallets)
            to = self.chance.choice(statuses)
            await self.ask(ChangeStatus(wallet_id=wallet.id, to=to, actor="ann", reason="a history"))
            await asyncio.sleep(0.01)

    async def ask(self, command: Command) -> None:
        """Send until there is an answer, to another ledger each time, and write it down."""
        ledger = self.chance.choice(self.ledgers)
        if isinstance(command, PlaceHold):
            self.holds.append(command.id)
        if keyed := key_of(command) is not None:
            self.sent.append(command)
        patience = IMPATIENCE_S * self.chance.random() if keyed and self.chance.random() < IMPATIENT else None
        number, first, uncertain = next(self.numbers), time.time(), False
        while True:
            try:
                async with asyncio.timeout(patience):
                    answer = await ledger.post(command)
            except TimeoutError:
                ledger, patience, uncertain = self.chance.choice(self.ledgers), None, True
                continue
            except Refusal as refusal:
                event = _refused(number, command, refusal)
            else:
                event = _accepted(number, command, answer, {wallet.id for wallet in self.wallets})
            break
        self.events.append(replace(event, span=Span(first, time.time()), uncertain=uncertain))
        if event.journal_id is not None and event.lines and not isinstance(command, PlaceHold | ReleaseHold):
            self.journals.append(event.journal_id)

    def command(self) -> Command:
        """Anything that anybody may ask for."""
        chance = self.chance
        wallet, other = chance.sample(list(self.wallets), 2)
        money, key = Money(chance.randint(1, 80), wallet.currency), new_id().hex
        hold = self.known_hold() if self.holds and chance.random() < 0.95 else new_id()
        match chance.randrange(20):
            case 0 | 1:
                return Deposit(wallet.owner_id, wallet.id, money, key)
            case 2 | 3:
                return Withdraw(wallet.owner_id, wallet.id, money, key)
            case 4:
                return chance.choice((Credit, Debit))(wallet.id, money, CreditSource.REWARDS, None, key)
            case 5 | 6 | 7 | 8 | 9:
                return self.placing(wallet, other, money, new_id())
            case 10 | 11:
                return CaptureHold(hold_id=hold, idempotency_key=chance.choice((None, key)))
            case 12:
                return CaptureHold(hold_id=hold, amount=money, final=chance.random() < 0.5, idempotency_key=key)
            case 13 | 14:
                return ReleaseHold(hold_id=hold, expired=chance.random() < 0.5)
            case 15:
                return ExtendHold(hold_id=hold, expires_in_s=1)
            case 16 if self.journals:
                which = chance.choice(self.journals[-RECENT:])
                return Reverse(journal_id=which, actor="ann", reason="a history", idempotency_key=key)
        return self.again()

    def known_hold(self) -> UUID:
        """A recent one, or one that may have expired meanwhile."""
        return self.chance.choice(self.holds if self.chance.random() < OLD else self.holds[-RECENT:])

    def placing(self, payer: Wallet, payee: Wallet, money: Money, hold: UUID, *, lasts: int | None = None) -> PlaceHold:
        return PlaceHold(
            id=hold,
            payer_id=payer.owner_id,
            from_wallet_id=payer.id,
            to_wallet_id=payee.id,
            amount=money,
            transfer_id=hold,
            expires_in_s=lasts or self.chance.choice((1, 3600)),
        )

    def again(self) -> Command:
        """What somebody has sent before, word for word or with another amount."""
        if not self.sent:
            return self.command()
        command = self.chance.choice(self.sent[-RECENT:])
        if self.chance.random() < 0.3 and isinstance(command, Deposit | Withdraw | PlaceHold | CaptureHold):
            return replace(command, amount=Money(self.chance.randint(1, 80), self.wallets[0].currency))
        return command


def _refused(number: int, command: Command, refusal: Refusal) -> Event:
    return Event(number, command, Span(0, 0), status_of(refusal), details_of(refusal))


def _accepted(number: int, command: Command, answer: Answer, wallets: set[UUID]) -> Event:
    lines = sorted(
        (
            Line(line.account_id, line.seq, line.posted, line.held)
            for line in answer.lines
            if line.account_id in wallets
        ),
        key=lambda line: line.wallet_id,
    )
    journal = answer.result["journal"]
    return Event(
        number,
        command,
        Span(0, 0),
        "OK",
        replayed=answer.replayed,
        journal_id=None if journal is None else UUID(journal),
        lines=tuple(lines),
        at=answer.at.timestamp(),
        expires_at=answer.hold.expires_at.timestamp() if "hold" in answer.result else None,
    )
