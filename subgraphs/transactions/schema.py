"""The schema of transactions."""

from __future__ import annotations

from payflow.gql import money_problems
from payflow.gql.schema import build_schema
from subgraphs.transactions import errors, types
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
        errors.RecipientNotFound: types.RecipientNotFound,
        errors.SameWallet: money_problems.SameWallet,
        errors.CurrencyMismatch: money_problems.CurrencyMismatch,
        errors.InsufficientFunds: money_problems.InsufficientFunds,
    },
)
