"""The use cases of wallet: open, deposit, credit, hold, capture, release. Each reads: lock, decide, settle the key, post.

A refusal that is remembered with its key is a value, which the door raises once it is committed; the others are raised here and
leave no trace.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from payflow.kernel.db import UnitOfWork
from payflow.kernel.errors import Refusal
from payflow.kernel.money import Money
from subgraphs.wallet import commands, domain, outcomes, postings, statements, store
from subgraphs.wallet.commands import Claim, Credit, CreditSource, Deposit, OpenWallet, PlaceHold
from subgraphs.wallet.domain import AccountKind, Entry, Hold, Journal, JournalKind, Wallet
from subgraphs.wallet.errors import HoldCancelled, HoldNotFound, WalletExists

# Which account a credit is paid from, and how its journal reads.
CREDITS = {CreditSource.REWARDS: (AccountKind.REWARDS, JournalKind.REWARD)}


async def open_wallet(command: OpenWallet, work: UnitOfWork) -> Wallet:
    """A new, empty wallet. Raises InvalidInput, WalletExists."""
    commands.check_currency(command.currency, input_field="currency")
    opened = await store.add_wallet(work, command)
    if opened is None:
        key = store.OwnerCurrency(command.owner_id, command.currency)
        existing = (await store.by_owners_and_currencies(work.connection, [key]))[key]
        raise WalletExists(command.currency, wallet_id=existing.id)
    return opened


async def deposit(command: Deposit, work: UnitOfWork) -> Entry | Refusal:
    """From the world outside into a wallet of one's own. Raises InvalidInput, IdempotencyConflict.

    Remembered: WalletNotFound, CurrencyMismatch, BalanceTooLarge.
    """
    paying = _PayIn(
        claim=command.claim,
        wallet_id=command.wallet_id,
        amount=command.amount,
        source=AccountKind.EXTERNAL,
        kind=JournalKind.DEPOSIT,
        owner_id=command.owner_id,
    )
    return await _pay_in(paying, work)


async def credit(command: Credit, work: UnitOfWork) -> Entry | Refusal:
    """From a system account into anybody's wallet. Raises InvalidInput, IdempotencyConflict.

    Remembered: WalletNotFound, CurrencyMismatch, BalanceTooLarge.
    """
    source, kind = CREDITS[command.source]
    paying = _PayIn(
        claim=command.claim,
        wallet_id=command.wallet_id,
        amount=command.amount,
        source=source,
        kind=kind,
        transfer_id=command.transfer_id,
    )
    return await _pay_in(paying, work)


async def place_hold(command: PlaceHold, work: UnitOfWork) -> Hold | Refusal:
    """Set money aside for the payee. Raises InvalidInput, IdempotencyConflict.

    Remembered: SameWallet, WalletNotFound, CurrencyMismatch, InsufficientFunds, BalanceTooLarge, HoldCancelled.
    """
    commands.check_amount(command.amount)
    commands.check_expiry(command.expires_in_s)
    payees = await store.by_ids(work.connection, [command.to_wallet_id])
    payers = await postings.lock(work, [command.from_wallet_id])
    refusal = domain.decide_hold(
        command, payer=payers.get(command.from_wallet_id), payee=payees.get(command.to_wallet_id)
    )
    settled = await outcomes.settle(work, command.claim, refusal=refusal, ref=command.id)
    if settled.refusal is not None:
        return settled.refusal
    if settled.repeat:
        return (await _existing_hold(command.id, work)).as_placed()
    hold = await store.add_hold(work, command)
    await postings.post(work, domain.placing(hold))
    return hold


async def capture_hold(hold_id: UUID, work: UnitOfWork) -> Hold:
    """Move what is held to the payee, once. Raises HoldNotFound, HoldReleased, HoldExpired (by the database's clock)."""
    known = await store.hold_by_id(work.connection, hold_id)
    if known is None:
        raise HoldNotFound
    await postings.lock(work, [known.wallet_id, known.payee_id])
    hold, now = await store.lock_hold(work, hold_id)
    amount = domain.decide_capture(hold, now)
    if not amount:
        return hold
    await postings.post(work, domain.capturing(hold, amount))
    return await store.resolve_hold(work, hold, captured=amount)


async def release_hold(hold_id: UUID, work: UnitOfWork) -> Hold | Refusal:
    """Give back what is held, once; also when it has expired. Raises HoldCaptured.

    Answers HoldCancelled where nothing was ever held, and sees to it that nothing will be.
    """
    known = await store.hold_by_id(work.connection, hold_id)
    if known is None:
        settled = await outcomes.settle(work, commands.hold_claim(hold_id), refusal=HoldCancelled(), ref=hold_id)
        if settled.refusal is not None:
            return HoldCancelled()
        known = await _existing_hold(hold_id, work)  # placed while we looked
    await postings.lock(work, [known.wallet_id])
    hold, _ = await store.lock_hold(work, hold_id)
    amount = domain.decide_release(hold)
    if not amount:
        return hold
    await postings.post(work, domain.releasing(hold, amount))
    return await store.resolve_hold(work, hold, released=amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class _PayIn:
    """What deposit and credit have in common. With `owner_id` the wallet must be that person's."""

    claim: Claim
    wallet_id: UUID
    amount: Money
    source: AccountKind
    kind: JournalKind
    owner_id: UUID | None = None
    transfer_id: UUID | None = None


async def _pay_in(paying: _PayIn, work: UnitOfWork) -> Entry | Refusal:
    commands.check_key(paying.claim.key)
    commands.check_amount(paying.amount)
    source_id = await store.system_account(work, paying.source, paying.amount.currency)
    wallets = await postings.lock(work, [source_id, paying.wallet_id])
    refusal = domain.decide_pay_in(wallets.get(paying.wallet_id), paying.amount, owner_id=paying.owner_id)
    journal = domain.pay_in(
        paying.wallet_id, source_id, paying.amount, kind=paying.kind, transfer_id=paying.transfer_id
    )
    settled = await outcomes.settle(work, paying.claim, refusal=refusal, ref=journal.id)
    if settled.refusal is not None:
        return settled.refusal
    if settled.repeat:
        assert settled.ref is not None, paying.claim
        return await statements.line_of(work.connection, journal_id=settled.ref, wallet_id=paying.wallet_id)
    posted = await postings.post(work, journal)
    return _line_on(paying.wallet_id, journal, posted[paying.wallet_id])


def _line_on(wallet_id: UUID, journal: Journal, posted: postings.Posted) -> Entry:
    delta = next(line.posted for line in journal.lines if line.account_id == wallet_id)
    currency = journal.amount.currency
    return Entry(
        wallet_id=wallet_id,
        seq=posted.seq,
        kind=domain.entry_kind(journal.kind, delta),
        amount=Money(delta, currency),
        balance_after=Money(posted.posted_after, currency),
        transfer_id=journal.transfer_id,
        at=posted.at,
    )


async def _existing_hold(hold_id: UUID, work: UnitOfWork) -> Hold:
    hold = await store.hold_by_id(work.connection, hold_id)
    assert hold is not None, hold_id
    return hold
