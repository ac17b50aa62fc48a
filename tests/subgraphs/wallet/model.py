"""The ledger as arithmetic on dictionaries: what the real one must answer, without a database, a lock or a clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from payflow.kernel.money import Money
from subgraphs.wallet.errors import CurrencyMismatch, InsufficientFunds

Outcome = tuple[Any, ...]


@dataclass
class ModelHold:
    payer: str
    payee: str
    amount: int
    status: str = "OPEN"


@dataclass
class Model:
    """Wallets are named owner/currency, e.g. "ada/USD". Each command answers its outcome as a tuple: kind, then what it says."""

    posted: dict[str, int]
    held: dict[str, int]
    holds: dict[int, ModelHold] = field(default_factory=dict)
    settled: dict[tuple[str, Any], tuple[Outcome | None, Outcome]] = field(default_factory=dict)

    def deposit(self, wallet: str, amount: int, *, currency: str, key: int) -> Outcome:
        owner, wallet_currency = wallet.split("/")
        command = (wallet, amount, currency)
        if answer := self._settled_before((owner, key), command):
            return answer
        if currency != wallet_currency:
            said = CurrencyMismatch(wallet=wallet_currency, amount=currency).message
            return self._settle((owner, key), command, ("CurrencyMismatch", said))
        self.posted[wallet] += amount
        return self._settle((owner, key), command, ("DEPOSIT", amount, self.posted[wallet]))

    def hold(self, number: int, payer: str, payee: str, amount: int) -> Outcome:
        command = (payer, payee, amount)
        if answer := self._settled_before(("hold", number), command):
            return answer
        refusal = self._refuses(payer, payee, amount)
        if refusal is not None:
            return self._settle(("hold", number), command, refusal)
        self.held[payer] += amount
        self.holds[number] = ModelHold(payer, payee, amount)
        return self._settle(("hold", number), command, ("OPEN", amount))

    def capture(self, number: int) -> Outcome:
        if answer := self._settled_before(("capture", number), ()):
            return answer
        return self._settle(("capture", number), (), self._capture(number))

    def _capture(self, number: int) -> Outcome:
        hold = self.holds.get(number)
        if hold is None:
            return ("HoldNotFound",)
        if hold.status == "RELEASED":
            return ("HoldReleased",)
        if hold.status == "OPEN":
            hold.status = "CAPTURED"
            self.held[hold.payer] -= hold.amount
            self.posted[hold.payer] -= hold.amount
            self.posted[hold.payee] += hold.amount
        return (hold.status, hold.amount)

    def release(self, number: int) -> Outcome:
        hold = self.holds.get(number)
        if hold is None:
            self.settled.setdefault(("hold", number), (None, ("HoldCancelled",)))
            return ("HoldCancelled",)
        if hold.status == "CAPTURED":
            return ("HoldCaptured",)
        if hold.status == "OPEN":
            hold.status = "RELEASED"
            self.held[hold.payer] -= hold.amount
        return (hold.status, hold.amount)

    def _refuses(self, payer: str, payee: str, amount: int) -> Outcome | None:
        currency, other = payer.split("/")[1], payee.split("/")[1]
        available = self.posted[payer] - self.held[payer]
        if payer == payee:
            return ("SameWallet",)
        if available < amount:
            refusal = InsufficientFunds(available=Money(available, currency), requested=Money(amount, currency))
            return ("InsufficientFunds", refusal.message)
        if currency != other:
            return ("CurrencyMismatch", CurrencyMismatch(wallet=other, amount=currency).message)
        return None

    def _settled_before(self, key: tuple[str, Any], command: Outcome) -> Outcome | None:
        if key not in self.settled:
            return None
        first, answer = self.settled[key]
        return answer if first in (None, command) else ("IdempotencyConflict",)

    def _settle(self, key: tuple[str, Any], command: Outcome, answer: Outcome) -> Outcome:
        self.settled[key] = (command, answer)
        return answer
