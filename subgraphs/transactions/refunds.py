"""Refunds: the payee of a completed payment gives money back. The decision, pure, no I/O.

A refund is a transfer of its own, from the wallet that was paid to the one that paid, carried out by the same saga. What it will give
back is reserved on the payment (`refunding`) by the commit that begins it, becomes `refunded` by the commit that completes it, and is let
go of by the one that records a definite failure. So `refunded + refunding` never exceeds what was paid, however many ask at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from payflow.kernel.errors import Refusal
from payflow.kernel.idempotency import fingerprint
from payflow.kernel.money import Money
from subgraphs.transactions.domain import Command, Scope, State, Transfer, TransferKind
from subgraphs.transactions.errors import CurrencyMismatch, NotRefundable, TransferNotFound
from subgraphs.transactions.forms import check_amount, check_key


@dataclass(frozen=True, slots=True)
class RefundTransfer:
    """The command. `amount` None: all that is left. The id is as the client wrote it."""

    user_id: UUID
    transfer_id: str
    amount: Money | None
    idempotency_key: str

    @property
    def input(self) -> dict[str, Any]:
        """What the client sent, for the fingerprint: as received, never as resolved."""
        return {
            "transfer": self.transfer_id,
            "amount": None if self.amount is None else self.amount.amount,
            "currency": None if self.amount is None else self.amount.currency,
        }

    @property
    def command(self) -> Command:
        return Command(self.user_id, Scope.REFUND, self.idempotency_key, fingerprint(self.input))


def check_refund(command: RefundTransfer) -> None:
    """Raises InvalidInput for the first field that breaks a rule of form."""
    check_key(command.idempotency_key)
    if command.amount is not None:
        check_amount(command.amount)


def decide_refund(payment: Transfer | None, command: RefundTransfer) -> Money:
    """What is given back of the payment as it stands. Raises the refusals, in this order of precedence."""
    if payment is None or not payment.is_party(str(command.user_id)):
        raise TransferNotFound
    if refusal := _refusal(payment, command):
        raise refusal
    return command.amount or payment.refundable


def refund_of(payment: Transfer, amount: Money, *, refund_id: UUID, now: datetime) -> Transfer:
    """The transfer that gives this much back."""
    return Transfer(
        id=refund_id,
        payer_id=payment.payee_id,
        payee_id=payment.payer_id,
        from_wallet_id=payment.to_wallet_id,
        to_wallet_id=payment.from_wallet_id,
        amount=amount,
        note=None,
        created_at=now,
        kind=TransferKind.REFUND,
        refund_of=payment.id,
    )


def _refusal(payment: Transfer, command: RefundTransfer) -> Refusal | None:
    left = payment.refundable
    if payment.kind is TransferKind.REFUND:
        return NotRefundable("This is a refund itself; send the money back with a new transfer.")
    if command.user_id != payment.payee_id:
        return NotRefundable("Only the one who was paid can give the money back.")
    if payment.state is not State.COMPLETED:
        return NotRefundable("This transfer has not been completed, so there is nothing to give back.")
    if command.amount is not None and command.amount.currency != payment.amount.currency:
        return CurrencyMismatch(f"This transfer was in {payment.amount.currency}, the amount is not.")
    if left.amount == 0:
        return NotRefundable(f"All of the {payment.amount.formatted} has been given back, or is on its way back.")
    if command.amount is not None and not command.amount <= left:
        return NotRefundable(f"Only {left.formatted} of the {payment.amount.formatted} is left to be given back.")
    return None


def reserved(payment: Transfer, amount: Money) -> Transfer:
    """The payment with this much on its way back."""
    return replace(payment, refunding=payment.refunding + amount.amount)


def settled(payment: Transfer, refund: Transfer) -> Transfer:
    """The payment once the refund has ended: given back, or free to be given back again."""
    given_back = refund.amount.amount if refund.state is State.COMPLETED else 0
    return replace(payment, refunding=payment.refunding - refund.amount.amount, refunded=payment.refunded + given_back)
