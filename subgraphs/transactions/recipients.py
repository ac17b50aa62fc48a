"""Who pays and who is paid: resolves the wallets that a command names, and refuses those it may not use.

Whose a wallet is and what currency it holds never changes, so what was found once by its id is known for ever. Into which wallet
somebody is paid does change, as one that is closed makes room for another, so that is asked each time. Whether money may leave or enter
a wallet, only the wallet service decides, with each hold.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from uuid import UUID

from payflow.kernel.ids import parse_id
from subgraphs.transactions.domain import SendMoney
from subgraphs.transactions.errors import CurrencyMismatch, RecipientNotFound, SameWallet, WalletNotFound
from subgraphs.transactions.gateways import UserDirectory, Wallet, WalletGateway

KNOWN_MAX = 50_000  # wallets, at about half a kilobyte each; the one used longest ago goes first


@dataclass(frozen=True, slots=True)
class Route:
    """From which wallet to which."""

    payer: Wallet
    payee: Wallet


@dataclass(frozen=True, slots=True)
class Recipients:
    """Finds routes, and remembers wallets: one per process."""

    wallets: WalletGateway
    users: UserDirectory
    _by_id: OrderedDict[UUID, Wallet] = field(default_factory=OrderedDict)

    async def route(self, command: SendMoney) -> Route:
        """Raises WalletNotFound, RecipientNotFound, CurrencyMismatch, SameWallet; OutcomeUnknown where a service is silent."""
        payer, payee = await self._find(command)
        if payer is None or payer.owner_id != command.payer_id:
            raise WalletNotFound
        if payer.currency != command.amount.currency:
            raise CurrencyMismatch(f"This wallet holds {payer.currency}, the amount is in {command.amount.currency}.")
        if isinstance(payee, RecipientNotFound):
            raise payee
        if payee.currency != command.amount.currency:
            raise CurrencyMismatch(f"The recipient's wallet holds {payee.currency}, not {command.amount.currency}.")
        if payer.id == payee.id:
            raise SameWallet
        return Route(payer, payee)

    async def own_wallet(self, text: str, owner_id: UUID) -> Wallet:
        """The wallet that its owner names. Raises WalletNotFound; OutcomeUnknown where the wallet service is silent."""
        wallet_id = parse_id(text)
        wallet = (await self._known([wallet_id])).get(wallet_id) if wallet_id else None
        if wallet is None or wallet.owner_id != owner_id:
            raise WalletNotFound
        return wallet

    async def person(self, handle: str) -> UUID | None:
        """Who goes by this handle. Raises OutcomeUnknown where the users service is silent."""
        return await self.users.user_by_handle(handle) if handle.isprintable() else None

    async def wallet_of(self, owner_id: UUID, currency: str) -> Wallet | None:
        """The wallet that somebody is paid into now."""
        found = await self.wallets.wallet_of(owner_id, currency)
        if found is not None:
            self._remember(found)
        return found

    async def _find(self, command: SendMoney) -> tuple[Wallet | None, Wallet | RecipientNotFound]:
        """The payer's wallet and the payee's, by one question for both where neither is known."""
        payer_id = parse_id(command.from_wallet_id)
        if command.to_handle is None:
            payee_id = parse_id(command.to_wallet_id or "")
            known = await self._known([wallet_id for wallet_id in (payer_id, payee_id) if wallet_id])
            payee = known.get(payee_id) if payee_id else None
            nobody = RecipientNotFound("There is no wallet with this id to pay into.")
            return known.get(payer_id) if payer_id else None, payee or nobody
        known, payee_or_not = await asyncio.gather(
            self._known([payer_id] if payer_id else []), self._who_goes_by(command.to_handle, command.amount.currency)
        )
        return known.get(payer_id) if payer_id else None, payee_or_not

    async def _who_goes_by(self, handle: str, currency: str) -> Wallet | RecipientNotFound:
        user_id = await self.person(handle)
        if user_id is None:
            return RecipientNotFound("Nobody goes by this handle.")
        wallet = await self.wallet_of(user_id, currency)
        return wallet or RecipientNotFound(f"The recipient has no {currency} wallet to be paid into.")

    async def _known(self, wallet_ids: list[UUID]) -> dict[UUID, Wallet]:
        known = {wallet_id: wallet for wallet_id in wallet_ids if (wallet := self._by_id.get(wallet_id)) is not None}
        for wallet_id in known:
            self._by_id.move_to_end(wallet_id)
        if unknown := [wallet_id for wallet_id in dict.fromkeys(wallet_ids) if wallet_id not in known]:
            found = await self.wallets.wallets(unknown)
            for wallet in found.values():
                self._remember(wallet)
            known |= found
        return known

    def _remember(self, wallet: Wallet) -> None:
        self._by_id[wallet.id] = wallet
        self._by_id.move_to_end(wallet.id)
        if len(self._by_id) > KNOWN_MAX:
            self._by_id.popitem(last=False)
