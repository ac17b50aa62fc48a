"""What a new platform for development begins with: money in the fund of the campaign that every database has, so that rewards are paid.

An operator of a real one fills funds with `payflow campaigns fund`.
"""

from __future__ import annotations

from uuid import UUID

from payflow.kernel.clock import SystemClock
from payflow.kernel.db import Database
from payflow.kernel.money import Money
from payflow.kernel.settings import Settings
from subgraphs.rewards import campaigns_store, operating
from subgraphs.rewards.operating import Operator
from subgraphs.wallet import service, store
from subgraphs.wallet.commands import FundCampaign
from subgraphs.wallet.ledger import Ledger

DEFAULT_CAMPAIGN = UUID("01935000-0000-7000-8000-000000000001")  # the first migration of rewards makes it
AMOUNT = Money(100_000_000, "USD")  # a million dollars: a hundred million of transfers earn it
BY = Operator("service:setup", "so that a new platform has something to give")


async def fund_default_campaign(settings: Settings) -> bool:
    """Fill the default campaign's fund, once; answers whether it was done now. Raises SettingsError, the databases' errors."""
    wallet, rewards = (Database(settings.database_url(name)) for name in ("wallet", "rewards"))
    try:
        async with rewards.read() as connection:
            record = await campaigns_store.changes_of(connection, DEFAULT_CAMPAIGN)
        if any(change.actor == BY.actor for change in record):
            return False
        await _fill(wallet)
        async with rewards.unit_of_work() as work:
            await operating.note_funding(work, DEFAULT_CAMPAIGN, AMOUNT, by=BY, clock=SystemClock())
        return True
    finally:
        await wallet.close()
        await rewards.close()


async def _fill(wallet: Database) -> None:
    """Once, however often it is tried: the key is always the same."""
    async with wallet.unit_of_work() as work:
        await store.open_fund(work, DEFAULT_CAMPAIGN, AMOUNT.currency)
    ledger = Ledger(wallet)
    try:
        command = FundCampaign(
            campaign_id=DEFAULT_CAMPAIGN, amount=AMOUNT, actor=BY.actor, reason=BY.reason, idempotency_key="setup"
        )
        await service.fund_campaign(command, ledger)
    finally:
        await ledger.close()
