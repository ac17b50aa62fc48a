"""The schema of wallet."""

from __future__ import annotations

from payflow.gql import money_problems
from payflow.gql.schema import build_schema
from subgraphs.wallet import errors, internal_types, types
from subgraphs.wallet.mutations import Mutation
from subgraphs.wallet.queries import Query

schema = build_schema(
    query=Query,
    mutation=Mutation,
    problems={
        errors.WalletExists: types.WalletExists,
        errors.WalletNotFound: money_problems.WalletNotFound,
        errors.SameWallet: money_problems.SameWallet,
        errors.CurrencyMismatch: money_problems.CurrencyMismatch,
        errors.InsufficientFunds: money_problems.InsufficientFunds,
        errors.HoldCancelled: internal_types.HoldCancelled,
        errors.HoldNotFound: internal_types.HoldNotFound,
        errors.HoldReleased: internal_types.HoldReleased,
        errors.HoldCaptured: internal_types.HoldCaptured,
        errors.HoldExpired: internal_types.HoldExpired,
    },
)
