"""The inputs of transactions' mutations, each with the command that it means."""

from __future__ import annotations

from uuid import UUID

import strawberry

from payflow.gql.types import MoneyInput
from subgraphs.transactions.domain import SendMoney
from subgraphs.transactions.refunds import RefundTransfer
from subgraphs.transactions.requests import PayRequest, RequestPayment

_KEY = (
    "idempotencyKey: 1-64 characters chosen by the client; a repeat with the same key and input gives the first answer"
)


@strawberry.input(one_of=True, description="Exactly one of the two.")
class RecipientInput:
    wallet_id: strawberry.ID | None = strawberry.UNSET
    handle: str | None = strawberry.UNSET


@strawberry.input(description=f"{_KEY} and moves no money.")
class TransferInput:
    from_wallet_id: strawberry.ID
    to: RecipientInput
    amount: MoneyInput
    note: str | None = strawberry.UNSET
    idempotency_key: str

    def to_command(self, payer_id: UUID) -> SendMoney:
        return SendMoney(
            payer_id=payer_id,
            from_wallet_id=self.from_wallet_id,
            to_wallet_id=self.to.wallet_id or None,
            to_handle=self.to.handle or None,
            amount=self.amount.to_domain(),
            note=self.note or None,
            idempotency_key=self.idempotency_key,
        )


@strawberry.input(description=f"{_KEY} and moves no money.")
class RefundInput:
    transfer_id: strawberry.ID
    amount: MoneyInput | None = strawberry.field(
        default=strawberry.UNSET, description="The whole remainder when left out."
    )
    idempotency_key: str

    def to_command(self, user_id: UUID) -> RefundTransfer:
        return RefundTransfer(
            user_id=user_id,
            transfer_id=self.transfer_id,
            amount=self.amount.to_domain() if self.amount else None,
            idempotency_key=self.idempotency_key,
        )


@strawberry.input(description=f"{_KEY} and asks nobody again.")
class RequestPaymentInput:
    payer_handle: str
    amount: MoneyInput
    note: str | None = strawberry.UNSET
    idempotency_key: str

    def to_command(self, requester_id: UUID) -> RequestPayment:
        return RequestPayment(
            requester_id=requester_id,
            payer_handle=self.payer_handle,
            amount=self.amount.to_domain(),
            note=self.note or None,
            idempotency_key=self.idempotency_key,
        )


@strawberry.input(description=f"{_KEY} and moves no money.")
class PayRequestInput:
    id: strawberry.ID
    from_wallet_id: strawberry.ID
    idempotency_key: str

    def to_command(self, payer_id: UUID) -> PayRequest:
        return PayRequest(
            payer_id=payer_id,
            request_id=self.id,
            from_wallet_id=self.from_wallet_id,
            idempotency_key=self.idempotency_key,
        )
