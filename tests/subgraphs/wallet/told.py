"""The real ledger's answers in the words of the model, so that the two can be compared."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from payflow.kernel.errors import PayflowError
from payflow.kernel.money import Money
from subgraphs.wallet import posting
from tests.subgraphs.wallet.model import Answer, Line

GRAIN_S = 1000  # what a hold lasts is told this exactly: a test takes less


def told(answer: posting.Answer, wallets: Collection[UUID]) -> Mapping[str, Any]:
    """What the ledger said, but for ids and times that it made up. Lines: of these wallets; system accounts have no part in it."""
    if answer.status != "OK":
        return _said(answer.status, answer.replayed, details=answer.result)
    return _said(
        "OK",
        answer.replayed,
        lines={
            Line(line.account_id, line.seq, line.posted, line.held)
            for line in answer.lines
            if line.account_id in wallets
        },
        hold=_hold(answer) if "hold" in answer.result else None,
        wallet=_wallet(answer) if "wallet" in answer.result else None,
    )


def expected(answer: Answer) -> Mapping[str, Any]:
    """What the model said, in the same shape."""
    hold, wallet = answer.hold, answer.wallet
    return _said(
        answer.status,
        answer.replayed,
        details=answer.details,
        lines=set(answer.lines),
        hold=None
        if hold is None
        else (
            (hold.id, hold.payer, hold.payee, hold.transfer_id, hold.currency, hold.purpose),
            (hold.amount, hold.captured, hold.released, hold.expired),
            answer.lasts // GRAIN_S if answer.lasts is not None else None,
        ),
        wallet=None
        if wallet is None
        else (wallet.id, wallet.owner_id, wallet.currency, wallet.posted, wallet.held, wallet.status),
    )


def status_of(refusal: PayflowError) -> str:
    """The status that a refusal was, e.g. HOLD_NOT_FOUND for HoldNotFound."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(refusal).__name__).upper()


def details_of(refusal: PayflowError) -> dict[str, Any]:
    """What a refusal says beside its kind, as the status's details say it."""
    said = {name: value for name, value in vars(refusal).items() if isinstance(value, Money)}
    details: dict[str, Any] = {name: money.amount for name, money in said.items()}
    if said:
        return details | {"currency": next(iter(said.values())).currency}
    return {name: vars(refusal)[name] for name in ("wallet", "amount") if name in vars(refusal)}


def _said(
    status: str,
    replayed: bool,
    *,
    details: Mapping[str, Any] | None = None,
    lines: Collection[Line] = (),
    hold: tuple[Any, ...] | None = None,
    wallet: tuple[Any, ...] | None = None,
) -> Mapping[str, Any]:
    return {
        "status": status,
        "replayed": replayed,
        "details": dict(details or {}),
        "lines": set(lines),
        "hold": hold,
        "wallet": wallet,
    }


def _hold(answer: posting.Answer) -> tuple[Any, ...]:
    hold = answer.hold
    return (
        (hold.id, hold.wallet_id, hold.payee_id, hold.transfer_id, hold.amount.currency, hold.purpose),
        (hold.amount.amount, hold.captured, hold.released, hold.expired),
        (hold.expires_at - answer.at).total_seconds() // GRAIN_S,
    )


def _wallet(answer: posting.Answer) -> tuple[Any, ...]:
    wallet = answer.wallet
    return (wallet.id, wallet.owner_id, wallet.currency, wallet.posted, wallet.held, wallet.status)
