"""What transactions' mutations answer: the thing itself, or the problem that was met."""

from __future__ import annotations

from typing import Annotated

import strawberry

from payflow.gql.money_problems import (
    CurrencyMismatch,
    InsufficientFunds,
    SameWallet,
    WalletClosed,
    WalletFrozen,
    WalletNotFound,
)
from payflow.gql.types import IdempotencyConflict, InvalidInput
from subgraphs.transactions.problems import (
    LimitExceeded,
    NotRefundable,
    PaymentRequestClosed,
    PaymentRequestNotFound,
    RecipientNotFound,
    TooManyOpenRequests,
    TransferNotFound,
)
from subgraphs.transactions.types import PaymentRequest, Transfer

TransferResult = Annotated[
    Transfer
    | WalletNotFound
    | RecipientNotFound
    | SameWallet
    | InsufficientFunds
    | CurrencyMismatch
    | LimitExceeded
    | WalletFrozen
    | WalletClosed
    | IdempotencyConflict
    | InvalidInput,
    strawberry.union("TransferResult"),
]

RefundResult = Annotated[
    Transfer
    | TransferNotFound
    | NotRefundable
    | InsufficientFunds
    | CurrencyMismatch
    | WalletFrozen
    | WalletClosed
    | IdempotencyConflict
    | InvalidInput,
    strawberry.union("RefundResult"),
]

RequestPaymentResult = Annotated[
    PaymentRequest | RecipientNotFound | WalletNotFound | TooManyOpenRequests | IdempotencyConflict | InvalidInput,
    strawberry.union("RequestPaymentResult"),
]

PayRequestResult = Annotated[
    Transfer
    | PaymentRequestNotFound
    | PaymentRequestClosed
    | WalletNotFound
    | InsufficientFunds
    | CurrencyMismatch
    | LimitExceeded
    | WalletFrozen
    | WalletClosed
    | IdempotencyConflict
    | InvalidInput,
    strawberry.union("PayRequestResult"),
]

ClosePaymentRequestResult = Annotated[
    PaymentRequest | PaymentRequestNotFound | PaymentRequestClosed, strawberry.union("ClosePaymentRequestResult")
]
