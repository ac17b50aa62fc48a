"""The first outcome of every idempotency key: settled once, answered for ever.

Business refusals are outcomes too: a key that was refused once never succeeds later. A fault rolls back and leaves the key free.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from payflow.kernel.db import UnitOfWork
from payflow.kernel.errors import IdempotencyConflict, Refusal
from payflow.kernel.money import Money
from subgraphs.wallet.commands import Claim
from subgraphs.wallet.errors import (
    BalanceTooLarge,
    CurrencyMismatch,
    HoldCancelled,
    InsufficientFunds,
    SameWallet,
    WalletNotFound,
)
from subgraphs.wallet.tables import idempotency

ACCEPTED = "ACCEPTED"


@dataclass(frozen=True, slots=True)
class Settled:
    """What stands under a key: a refusal, or the effect that `ref` names. `repeat`: an earlier command put it there."""

    refusal: Refusal | None
    ref: UUID | None
    repeat: bool


async def settle(work: UnitOfWork, claim: Claim, *, refusal: Refusal | None, ref: UUID) -> Settled:
    """Put this outcome under the key, or find the one that stands there. Raises IdempotencyConflict.

    Call it under the locks of the accounts and before the effect: a second command with the key waits here for the first to
    commit, and then finds its outcome.
    """
    table = idempotency
    settling = insert(table).values(
        scope=claim.scope,
        key=claim.key,
        fingerprint=claim.fingerprint,
        outcome=ACCEPTED if refusal is None else refusal.failure_code,
        ref=ref if refusal is None else None,
        result=None if refusal is None else _details(refusal),
    )
    if (await work.connection.execute(settling.on_conflict_do_nothing())).rowcount == 1:
        return Settled(refusal, ref, repeat=False)
    first = (
        await work.connection.execute(
            select(table).where(table.c.scope == claim.scope, table.c.key == claim.key),
        )
    ).one()
    if None not in (claim.fingerprint, first.fingerprint) and claim.fingerprint != first.fingerprint:
        raise IdempotencyConflict
    if first.outcome == ACCEPTED:
        return Settled(None, first.ref, repeat=True)
    return Settled(_RESTORE[first.outcome](first.result), None, repeat=True)


def _details(refusal: Refusal) -> dict[str, Any]:
    """What a refusal says beyond its kind."""
    match refusal:
        case InsufficientFunds(available=available, requested=requested):
            return {
                "currency": available.currency,
                "available": available.amount,
                "requested": requested.amount,
            }
        case CurrencyMismatch(wallet=wallet, amount=amount):
            return {"wallet": wallet, "amount": amount}
        case _:
            return {}


_RESTORE: Mapping[str, Callable[[dict[str, Any]], Refusal]] = {
    "WALLET_NOT_FOUND": lambda _: WalletNotFound(),
    "SAME_WALLET": lambda _: SameWallet(),
    "HOLD_CANCELLED": lambda _: HoldCancelled(),
    "BALANCE_TOO_LARGE": lambda _: BalanceTooLarge(),
    "CURRENCY_MISMATCH": lambda said: CurrencyMismatch(wallet=said["wallet"], amount=said["amount"]),
    "INSUFFICIENT_FUNDS": lambda said: InsufficientFunds(
        available=Money(said["available"], said["currency"]), requested=Money(said["requested"], said["currency"])
    ),
}
