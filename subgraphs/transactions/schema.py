"""The schema of transactions."""

from __future__ import annotations

from payflow.gql import money_problems
from payflow.gql.schema import build_schema
from subgraphs.transactions import errors, problems, types
from subgraphs.transactions.mutations import Mutation
from subgraphs.transactions.queries import Query
from subgraphs.transactions.subscriptions import Subscription

schema = build_schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=[types.User],
    problems={
        errors.WalletNotFound: money_problems.WalletNotFound,
        errors.WalletFrozen: money_problems.WalletFrozen,
        errors.WalletClosed: money_problems.WalletClosed,
        errors.SameWallet: money_problems.SameWallet,
        errors.CurrencyMismatch: money_problems.CurrencyMismatch,
        errors.InsufficientFunds: money_problems.InsufficientFunds,
        errors.RecipientNotFound: problems.RecipientNotFound,
        errors.LimitExceeded: problems.LimitExceeded,
        errors.TransferNotFound: problems.TransferNotFound,
        errors.NotRefundable: problems.NotRefundable,
        errors.PaymentRequestNotFound: problems.PaymentRequestNotFound,
        errors.PaymentRequestClosed: problems.PaymentRequestClosed,
        errors.TooManyOpenRequests: problems.TooManyOpenRequests,
    },
)
