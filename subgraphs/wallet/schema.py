"""The schema of wallet."""

from __future__ import annotations

from payflow.gql import money_problems
from payflow.gql.schema import build_schema
from subgraphs.wallet import command_types, errors, internal_types
from subgraphs.wallet.mutations import Mutation
from subgraphs.wallet.queries import Query
from subgraphs.wallet.subscriptions import Subscription

schema = build_schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    problems={
        errors.WalletExists: command_types.WalletExists,
        errors.WalletNotEmpty: command_types.WalletNotEmpty,
        errors.WalletFrozen: money_problems.WalletFrozen,
        errors.WalletClosed: money_problems.WalletClosed,
        errors.WalletNotFound: money_problems.WalletNotFound,
        errors.SameWallet: money_problems.SameWallet,
        errors.CurrencyMismatch: money_problems.CurrencyMismatch,
        errors.InsufficientFunds: money_problems.InsufficientFunds,
        errors.HoldCancelled: internal_types.HoldCancelled,
        errors.HoldNotFound: internal_types.HoldNotFound,
        errors.HoldReleased: internal_types.HoldReleased,
        errors.HoldCaptured: internal_types.HoldCaptured,
        errors.HoldExpired: internal_types.HoldExpired,
        errors.CaptureExceedsHold: internal_types.CaptureExceedsHold,
    },
)
