"""The use cases of wallet: each checks the form of its command and has the ledger post it. Refusals are raised, committed by then."""

from __future__ import annotations

from uuid import UUID

from payflow.kernel.db import UnitOfWork
from payflow.kernel.errors import DependencyUnavailable
from payflow.kernel.money import Money
from subgraphs.wallet import commands, store
from subgraphs.wallet.commands import (
    CaptureHold,
    ChangeStatus,
    Credit,
    Debit,
    Deposit,
    ExtendHold,
    FundCampaign,
    OpenWallet,
    PlaceHold,
    ReleaseHold,
    Reverse,
    Withdraw,
)
from subgraphs.wallet.domain import Entry, EntryKind, Hold, Wallet
from subgraphs.wallet.errors import WalletExists
from subgraphs.wallet.ledger import Ledger


async def open_wallet(command: OpenWallet, work: UnitOfWork) -> Wallet:
    """A new, empty wallet, also where a former one of the currency is closed. Raises InvalidInput, WalletExists."""
    commands.check_currency(command.currency, input_field="currency")
    if (opened := await store.add_wallet(work, command)) is not None:
        return opened
    key = store.OwnerCurrency(command.owner_id, command.currency)
    existing = (await store.by_owners_and_currencies(work.connection, [key])).get(key)
    if existing is None:
        raise DependencyUnavailable("The wallet of this currency was closed just now; try again to open another.")
    raise WalletExists(command.currency, wallet_id=existing.id)


async def deposit(command: Deposit, ledger: Ledger) -> Entry:
    """From the world outside into a wallet of one's own. Raises InvalidInput, IdempotencyConflict.

    Remembered: WalletNotFound, WalletClosed, CurrencyMismatch, BalanceTooLarge.
    """
    return await _move(command, EntryKind.DEPOSIT, command.amount, ledger)


async def withdraw(command: Withdraw, ledger: Ledger) -> Entry:
    """From a wallet of one's own to the world outside. Raises InvalidInput, IdempotencyConflict.

    Remembered: WalletNotFound, WalletClosed, WalletFrozen, CurrencyMismatch, InsufficientFunds.
    """
    return await _move(command, EntryKind.WITHDRAWAL, -command.amount, ledger)


async def credit(command: Credit, ledger: Ledger) -> Entry:
    """From a campaign's fund, or a system account, into anybody's wallet. Raises InvalidInput, IdempotencyConflict.

    Remembered: WalletNotFound, WalletClosed, CurrencyMismatch, BalanceTooLarge, and InsufficientFunds of the campaign.
    """
    commands.check_source(command)
    return await _move(command, EntryKind.REWARD, command.amount, ledger)


async def debit(command: Debit, ledger: Ledger) -> Entry:
    """From anybody's wallet back to where a credit came from. Raises InvalidInput, IdempotencyConflict.

    A campaign gets what is there: the entry says how much, and InsufficientFunds that it was nothing. Remembered: WalletNotFound,
    FundNotFound, WalletClosed, WalletFrozen, CurrencyMismatch, InsufficientFunds.
    """
    commands.check_source(command)
    return await _move(command, EntryKind.REWARD_CLAWBACK, -command.amount, ledger)


async def fund_campaign(command: FundCampaign, ledger: Ledger) -> Money:
    """Fill a campaign's fund, or take of it; answers what is in it then. Raises InvalidInput, IdempotencyConflict.

    Remembered: FundNotFound, CurrencyMismatch, InsufficientFunds, BalanceTooLarge.
    """
    commands.check_key(command.idempotency_key)
    commands.check_amount(command.amount)
    commands.check_reason(command.reason)
    answer = await ledger.post(command)
    return Money(answer.line_on(command.campaign_id).posted, command.amount.currency)


async def place_hold(command: PlaceHold, ledger: Ledger) -> Hold:
    """Set the payer's money aside for the payee. Raises InvalidInput, IdempotencyConflict.

    Remembered: SameWallet, WalletNotFound (also where the wallet is not the payer's), WalletClosed, WalletFrozen, CurrencyMismatch,
    InsufficientFunds, BalanceTooLarge, HoldCancelled.
    """
    commands.check_amount(command.amount)
    commands.check_expiry(command.expires_in_s)
    return (await ledger.post(command)).hold


async def capture_hold(command: CaptureHold, ledger: Ledger) -> Hold:
    """Move what is held, or a part, to the payee. Raises InvalidInput, IdempotencyConflict.

    Remembered: HoldNotFound, HoldExpired (by the database's clock), HoldReleased, HoldCaptured (under another key), WalletClosed (the
    payee's), CurrencyMismatch, CaptureExceedsHold, BalanceTooLarge.
    """
    commands.check_key(command.claim.key)
    if command.amount is not None:
        commands.check_amount(command.amount)
    return (await ledger.post(command)).hold


async def release_hold(command: ReleaseHold, ledger: Ledger) -> Hold:
    """Give back what is left of a hold, also when it has expired. Raises HoldCaptured, and HoldNotFound to the sweeper.

    Raises HoldCancelled where nothing was ever held, and sees to it that nothing will be. What the sweeper asks for is given back only
    where it is past its time; else the hold is answered as it stands.
    """
    return (await ledger.post(command)).hold


async def extend_hold(command: ExtendHold, ledger: Ledger) -> Hold:
    """Let a hold last at least that long from now; never shortens.

    Raises InvalidInput, HoldNotFound, HoldExpired, HoldReleased, HoldCaptured.
    """
    commands.check_expiry(command.expires_in_s)
    return (await ledger.post(command)).hold


async def reverse(command: Reverse, ledger: Ledger) -> UUID:
    """Take back what a journal posted, by a journal of its own, whose id is answered. Raises InvalidInput, IdempotencyConflict.

    Remembered: JournalNotFound, AlreadyReversed, WalletClosed, InsufficientFunds, BalanceTooLarge.
    """
    commands.check_key(command.idempotency_key)
    commands.check_reason(command.reason)
    answer = await ledger.post(command)
    assert answer.ref is not None, command
    return answer.ref


async def change_status(command: ChangeStatus, ledger: Ledger) -> Wallet:
    """Freeze, unfreeze or close a wallet; what stands already is answered as it is.

    Raises InvalidInput, WalletNotFound, WalletClosed, WalletFrozen (to its owner), WalletNotEmpty.
    """
    commands.check_reason(command.reason)
    return (await ledger.post(command)).wallet


async def _move(command: Deposit | Withdraw | Credit | Debit, kind: EntryKind, amount: Money, ledger: Ledger) -> Entry:
    commands.check_key(command.idempotency_key)
    commands.check_amount(command.amount)
    answer = await ledger.post(command)
    line = answer.line_on(command.wallet_id)
    return Entry(
        wallet_id=command.wallet_id,
        seq=line.seq,
        kind=kind,
        amount=Money(-answer.amount, amount.currency) if _takes_what_is_there(command) else amount,
        balance_after=Money(line.posted, amount.currency),
        transfer_id=None if isinstance(command, Deposit | Withdraw) else command.transfer_id,
        at=answer.at,
    )


def _takes_what_is_there(command: Deposit | Withdraw | Credit | Debit) -> bool:
    return isinstance(command, Debit) and command.campaign_id is not None
