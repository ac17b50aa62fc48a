"""Who pays and who is paid: resolves the wallets that a command names, and refuses those it may not use."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from payflow.kernel.ids import parse_id
from subgraphs.transactions.domain import SendMoney
from subgraphs.transactions.errors import CurrencyMismatch, RecipientNotFound, SameWallet, WalletNotFound
from subgraphs.transactions.gateways import UserDirectory, Wallet, WalletGateway


@dataclass(frozen=True, slots=True)
class Route:
    """From which wallet to which."""

    payer: Wallet
    payee: Wallet


async def find_route(command: SendMoney, wallets: WalletGateway, users: UserDirectory) -> Route:
    """Raises WalletNotFound, RecipientNotFound, CurrencyMismatch, SameWallet; OutcomeUnknown where a service is silent."""
    payer, payee = await asyncio.gather(
        _wallet(command.from_wallet_id, wallets), _recipient(command, wallets, users), return_exceptions=True
    )
    if isinstance(payer, BaseException):
        raise payer
    if payer is None or payer.owner_id != command.payer_id:
        raise WalletNotFound
    if payer.currency != command.amount.currency:
        raise CurrencyMismatch(f"This wallet holds {payer.currency}, the amount is in {command.amount.currency}.")
    if isinstance(payee, BaseException):
        raise payee
    if payee.currency != command.amount.currency:
        raise CurrencyMismatch(f"The recipient's wallet holds {payee.currency}, not {command.amount.currency}.")
    if payer.id == payee.id:
        raise SameWallet
    return Route(payer, payee)


async def _recipient(command: SendMoney, wallets: WalletGateway, users: UserDirectory) -> Wallet:
    if command.to_handle is None:
        wallet = await _wallet(command.to_wallet_id or "", wallets)
        if wallet is None:
            raise RecipientNotFound("There is no wallet with this id to pay into.")
        return wallet
    user_id = await users.user_by_handle(command.to_handle) if command.to_handle.isprintable() else None
    if user_id is None:
        raise RecipientNotFound("Nobody goes by this handle.")
    wallet = await wallets.wallet_of(user_id, command.amount.currency)
    if wallet is None:
        raise RecipientNotFound(f"The recipient has no {command.amount.currency} wallet to be paid into.")
    return wallet


async def _wallet(text: str, wallets: WalletGateway) -> Wallet | None:
    wallet_id = parse_id(text)
    return None if wallet_id is None else await wallets.wallet(wallet_id)
