"""What an operator does with campaigns: look, create, change, fund, resume, end; by name, with a reason.

Works on this platform's databases, or those that the environment names, by the rules that the services have: the rewards database has the
campaigns, the wallet's has their funds.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from payflow.dev.addresses import DatabaseUnreachable, database_of
from payflow.dev.folders import Folders
from payflow.dev.wallet_desk import operator
from payflow.kernel.clock import FixedClock, SystemClock
from payflow.kernel.currencies import minor_digits
from payflow.kernel.db import Database, UnitOfWork
from payflow.kernel.errors import InvalidInput
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money, currencies
from subgraphs.rewards import campaigns_store, operating
from subgraphs.rewards import store as rewards_store
from subgraphs.rewards.campaigns import Life, State, Terms, checked_reason
from subgraphs.rewards.campaigns_store import Change
from subgraphs.rewards.domain import Period
from subgraphs.rewards.errors import CampaignNotFound
from subgraphs.rewards.operating import Operator
from subgraphs.wallet import service as wallet_service
from subgraphs.wallet import store as wallet_store
from subgraphs.wallet.commands import FundCampaign
from subgraphs.wallet.ledger import Ledger

NONE = "none"  # what takes a limit away
DIGITS_MAX = 30  # of an amount as it is written: more than any that is taken, and few enough to be said in a sentence


@dataclass(frozen=True, slots=True)
class Shown:
    """A campaign as an operator sees it. `in_fund` is None where it never had a fund; `waiting` rewards are granted and not paid."""

    life: Life
    state: State
    in_fund: Money | None
    waiting: int
    changes: Sequence[Change] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """Terms as an operator writes them: what is None stays as it is; amounts such as "12.50", or NONE for no limit."""

    name: str | None = None
    rate: int | None = None
    cap: str | None = None
    minimum: str | None = None
    user_cap: str | None = None
    budget: str | None = None
    period: Period | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def applied_to(self, terms: Terms, currency: str) -> Terms:
        """Raises InvalidInput."""
        plain = ("name", "rate", "period", "starts_at", "ends_at")
        wished: dict[str, Any] = {name: value for name in plain if (value := getattr(self, name)) is not None}
        for field in ("cap", "minimum", "user_cap", "budget"):
            written: str | None = getattr(self, field)
            if written is not None:
                option = field.replace("_", "-")
                wished[field] = None if written == NONE else minor_units(written, currency, option=option)
        return replace(terms, **wished)


async def list_campaigns(folders: Folders, *, ended_too: bool) -> list[Shown]:
    """The oldest first. Raises DatabaseUnreachable."""
    async with _database(folders, "rewards") as rewards, _database(folders, "wallet") as wallet:
        async with rewards.read() as connection:
            lives = await campaigns_store.every(connection)
        shown = [await _shown(life, rewards, wallet) for life in lives]
    return [one for one in shown if ended_too or one.state is not State.ENDED]


async def show(folders: Folders, campaign_id: UUID) -> Shown:
    """With the record of what was done to it. Raises CampaignNotFound, DatabaseUnreachable."""
    async with _database(folders, "rewards") as rewards, _database(folders, "wallet") as wallet:
        async with rewards.read() as connection:
            life = await campaigns_store.one(connection, campaign_id)
            changes = await campaigns_store.changes_of(connection, campaign_id)
        if life is None:
            raise CampaignNotFound
        return replace(await _shown(life, rewards, wallet), changes=changes)


async def create(folders: Folders, wishes: Wishes, *, currency: str, reason: str) -> Shown:
    """Raises InvalidInput, TooManyCampaigns, DatabaseUnreachable."""
    if currency not in currencies():
        raise InvalidInput("currency", f"{currency} is not a currency in use; give an ISO 4217 code such as USD")
    clock = FixedClock(SystemClock().now())  # what starts now has not started in the past a moment later
    terms = wishes.applied_to(Terms(name="", rate=0, starts_at=clock.now()), currency)
    return await _acting(
        folders, lambda work: operating.create(work, terms, currency=currency, by=_by(reason), clock=clock)
    )


async def change(folders: Folders, campaign_id: UUID, wishes: Wishes, *, reason: str) -> Shown:
    """Raises InvalidInput, CampaignNotFound, CampaignEnded, TooManyCampaigns, DatabaseUnreachable."""

    async def under_new_terms(work: UnitOfWork) -> Life:
        life = await campaigns_store.lock(work, campaign_id)
        if life is None:
            raise CampaignNotFound
        terms = wishes.applied_to(life.newest.terms, life.currency)
        return await operating.change(work, campaign_id, terms, by=_by(reason), clock=SystemClock())

    return await _acting(folders, under_new_terms)


async def resume(folders: Folders, campaign_id: UUID, *, reason: str) -> Shown:
    """Raises InvalidInput, CampaignNotFound, NotPaused, DatabaseUnreachable."""
    return await _acting(folders, lambda work: operating.resume(work, campaign_id, by=_by(reason), clock=SystemClock()))


async def end(folders: Folders, campaign_id: UUID, *, reason: str) -> Shown:
    """Raises InvalidInput, CampaignNotFound, CampaignEnded, DatabaseUnreachable."""
    return await _acting(folders, lambda work: operating.end(work, campaign_id, by=_by(reason), clock=SystemClock()))


async def fund(folders: Folders, campaign_id: UUID, amount: str, *, reason: str, takes_back: bool = False) -> Shown:
    """Fill its fund from outside, or take of it. Each call is a command of its own.

    Raises InvalidInput, CampaignNotFound, InsufficientFunds, DatabaseUnreachable.
    """
    by = _by(reason)
    async with _database(folders, "rewards") as rewards, _database(folders, "wallet") as wallet:
        async with rewards.read() as connection:
            life = await campaigns_store.one(connection, campaign_id)
        if life is None:
            raise CampaignNotFound
        money = Money(minor_units(amount, life.currency, option="amount"), life.currency)
        await move(wallet, campaign_id, money, by=by, key=str(new_id()), takes_back=takes_back)
        async with rewards.unit_of_work() as work:
            noted = -money if takes_back else money
            life = await operating.note_funding(work, campaign_id, noted, by=by, clock=SystemClock())
        return await _shown(life, rewards, wallet)


async def move(
    wallet: Database, campaign_id: UUID, amount: Money, *, by: Operator, key: str, takes_back: bool = False
) -> None:
    """Money into a campaign's fund, once per key; the fund is made where there is none. Raises what the ledger refuses."""
    async with wallet.unit_of_work() as work:
        await wallet_store.open_fund(work, campaign_id, amount.currency)
    ledger = Ledger(wallet)
    try:
        command = FundCampaign(
            campaign_id=campaign_id,
            amount=amount,
            actor=by.actor,
            reason=by.reason,
            idempotency_key=key,
            takes_back=takes_back,
        )
        await wallet_service.fund_campaign(command, ledger)
    finally:
        await ledger.close()


def minor_units(written: str, currency: str, *, option: str) -> int:
    """ "12.50" as 1250. Raises InvalidInput where it is no amount of the currency."""
    digits = minor_digits(currency)
    try:
        amount = Decimal(written).scaleb(digits)
        if amount.adjusted() < DIGITS_MAX and amount == amount.to_integral_value():
            return int(amount)
    except (InvalidOperation, ValueError, OverflowError):
        pass
    example = Money(1250, currency)
    raise InvalidInput(
        option,
        f"{option} must be an amount of {currency} with {digits} digits behind the point at most, such as"
        f" {Decimal(example.amount).scaleb(-digits)}; got {written}",
    )


async def _acting(folders: Folders, act: Callable[[UnitOfWork], Awaitable[Life]]) -> Shown:
    """Do it in one transaction, and show what came of it."""
    async with _database(folders, "rewards") as rewards, _database(folders, "wallet") as wallet:
        async with rewards.unit_of_work() as work:
            life = await act(work)
        return await _shown(life, rewards, wallet)


async def _shown(life: Life, rewards: Database, wallet: Database) -> Shown:
    async with wallet.read() as connection:
        funds: Mapping[UUID, Money] = await wallet_store.in_funds(connection, [life.id])
    async with rewards.read() as connection:
        waiting = await rewards_store.count_waiting(connection, life.id)
    return Shown(life, life.state_at(SystemClock().now()), funds.get(life.id), waiting)


def _by(reason: str) -> Operator:
    """Raises InvalidInput."""
    return Operator(operator(), checked_reason(reason))


@asynccontextmanager
async def _database(folders: Folders, service: str) -> AsyncIterator[Database]:
    """Raises DatabaseUnreachable where it does not answer."""
    database = Database(database_of(folders, service))
    try:
        await _answers(database, service)
        yield database
    finally:
        await database.close()


async def _answers(database: Database, service: str) -> None:
    try:
        await database.ping()
    except (SQLAlchemyError, OSError):
        raise DatabaseUnreachable(
            f"The database of {service} does not answer; start the platform with `payflow up`,"
            f" or name the database in PAYFLOW_{service.upper()}_DATABASE_URL"
        ) from None
