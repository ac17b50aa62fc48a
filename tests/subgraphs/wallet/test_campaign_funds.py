"""The fund of a campaign: filled from outside, paid from while something is in it, given back to from what a wallet has."""

from __future__ import annotations

import asyncio
from collections import Counter
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from payflow.kernel.errors import IdempotencyConflict, InvalidInput, Refusal
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.wallet import service, store
from subgraphs.wallet.commands import Credit, CreditSource, Debit, FundCampaign, WalletStatus
from subgraphs.wallet.domain import Entry, EntryKind, Wallet
from subgraphs.wallet.errors import CurrencyMismatch, FundNotFound, InsufficientFunds, WalletFrozen, WalletNotFound
from subgraphs.wallet.posting import posting_of
from tests.subgraphs.wallet.world import World, crowd, settled


async def open_fund(world: World, *, holding: int = 0, currency: str = "USD") -> UUID:
    campaign_id = new_id()
    async with world.database.unit_of_work() as work:
        await store.open_fund(work, campaign_id, currency)
    if holding:
        await fund(world, campaign_id, holding, currency=currency)
    return campaign_id


async def fund(world: World, campaign_id: UUID, amount: int, *, currency: str = "USD", takes_back: bool = False) -> int:
    """What is in the fund then."""
    command = FundCampaign(
        campaign_id=campaign_id,
        amount=Money(amount, currency),
        actor="operator:ada",
        reason="a test",
        idempotency_key=new_id().hex,
        takes_back=takes_back,
    )
    return (await service.fund_campaign(command, world.ledger)).amount


def granting(campaign_id: UUID, wallet: Wallet, amount: int, *, key: str | None = None) -> Credit:
    money = Money(amount, wallet.currency)
    return Credit(wallet.id, money, CreditSource.CAMPAIGN, None, key or new_id().hex, campaign_id)


async def grant(world: World, command: Credit) -> Entry | Refusal:
    return await settled(service.credit(command, world.ledger))


async def claw_back(
    world: World, campaign_id: UUID, wallet: Wallet, amount: int, *, key: str | None = None
) -> Entry | Refusal:
    command = Debit(
        wallet.id,
        Money(amount, wallet.currency),
        CreditSource.CAMPAIGN,
        None,
        key or new_id().hex,
        campaign_id,
    )
    return await settled(service.debit(command, world.ledger))


async def in_fund(world: World, campaign_id: UUID) -> int:
    async with world.database.read() as connection:
        return (await store.in_funds(connection, [campaign_id]))[campaign_id].amount


async def test_a_fund_is_filled_paid_from_and_emptied(world: World) -> None:
    """What comes in from outside goes to wallets, and what is left goes back out; the books balance."""
    campaign, ada = await open_fund(world), await world.open()

    assert await fund(world, campaign, 100) == 100
    paid = await grant(world, granting(campaign, ada, 30))
    assert await fund(world, campaign, 70, takes_back=True) == 0

    assert isinstance(paid, Entry)
    assert (paid.kind, paid.amount.amount, paid.balance_after.amount) == (EntryKind.REWARD, 30, 30)
    await world.assert_true()


async def test_a_fund_never_pays_more_than_is_in_it(world: World) -> None:
    """Fifty grants of 3 at once from a fund of 100: thirty-three are paid, the others are told what there was."""
    campaign, ada = await open_fund(world, holding=100), await world.open()

    answers = await crowd(grant(world, granting(campaign, ada, 3)) for _ in range(50))

    assert Counter(type(answer) for answer in answers) == {Entry: 33, InsufficientFunds: 17}
    assert {answer.available.amount for answer in answers if isinstance(answer, InsufficientFunds)} == {1}
    assert (await in_fund(world, campaign), (await world.now(ada)).posted) == (1, 99)
    await world.assert_true()


async def test_a_campaign_without_a_fund_has_nothing(world: World) -> None:
    """A grant of it is refused as one of an empty fund; to give back to it, or to fill what is not there, is another matter."""
    nowhere, ada = new_id(), await world.open(holding=10)

    refused = await grant(world, granting(nowhere, ada, 5))

    assert isinstance(refused, InsufficientFunds)
    assert (refused.available, refused.requested) == (Money(0, "USD"), Money(5, "USD"))
    assert isinstance(await claw_back(world, nowhere, ada, 5), FundNotFound)
    with pytest.raises(FundNotFound):
        await fund(world, nowhere, 5)


async def test_a_key_pays_once_and_keeps_its_input(world: World) -> None:
    """A repeat answers the first payment; the same key for another campaign is a conflict."""
    campaign, other, ada = await open_fund(world, holding=100), await open_fund(world, holding=100), await world.open()
    command = granting(campaign, ada, 10, key="once")

    first, again = await grant(world, command), await grant(world, command)

    assert first == again
    with pytest.raises(IdempotencyConflict):
        await grant(world, granting(other, ada, 10, key="once"))
    assert await in_fund(world, campaign) == 90


async def test_a_claw_back_takes_what_is_there(world: World) -> None:
    """All of it, or what the wallet has, or nothing; a repeat says the same, whatever the wallet has by then."""
    campaign = await open_fund(world, holding=100)
    ada = await world.open()
    await grant(world, granting(campaign, ada, 50))

    whole = await claw_back(world, campaign, ada, 20)
    part = await claw_back(world, campaign, ada, 80, key="part")
    nothing = await claw_back(world, campaign, ada, 80, key="nothing")
    await world.deposit(ada, 500)
    again = await claw_back(world, campaign, ada, 80, key="part")

    assert isinstance(whole, Entry)
    assert isinstance(part, Entry)
    assert (whole.kind, whole.amount.amount, part.amount.amount) == (EntryKind.REWARD_CLAWBACK, -20, -30)
    assert isinstance(nothing, InsufficientFunds)
    assert again == part
    assert isinstance(await claw_back(world, campaign, ada, 80, key="nothing"), InsufficientFunds)
    assert (await in_fund(world, campaign), (await world.now(ada)).posted) == (100, 500)
    await world.assert_true()


async def test_what_is_on_hold_is_not_clawed_back(world: World) -> None:
    """Only what is available is taken: a payment under way goes on."""
    campaign, ada, bob = await open_fund(world, holding=100), await world.open(), await world.open()
    await grant(world, granting(campaign, ada, 50))
    hold = await world.placed(ada, bob, 45)

    taken = await claw_back(world, campaign, ada, 50)
    await world.capture(hold.id)

    assert isinstance(taken, Entry)
    assert taken.amount.amount == -5
    assert ((await world.now(ada)).posted, (await world.now(bob)).posted) == (0, 45)


async def test_grants_and_claw_backs_together_keep_the_books(world: World) -> None:
    """Beside payments and deposits, at once, with everything that any audit asks for."""
    campaign, ada, bob = await open_fund(world, holding=500), await world.open(holding=100), await world.open()

    await asyncio.gather(
        *(grant(world, granting(campaign, wallet, 7)) for wallet in (ada, bob) for _ in range(15)),
        *(claw_back(world, campaign, wallet, 9) for wallet in (ada, bob) for _ in range(15)),
        *(world.deposit(ada, 5) for _ in range(10)),
        *(world.hold(ada, bob, 3) for _ in range(10)),
    )

    everything = await in_fund(world, campaign) + (await world.now(ada)).posted + (await world.now(bob)).posted
    assert everything == 500 + 100 + 50
    await world.assert_true()


async def test_refusals_of_wallet_and_currency(world: World) -> None:
    """A frozen wallet is paid and not debited; a fund in another currency, and a wallet that is none, are refused."""
    campaign, euros = await open_fund(world, holding=100), await open_fund(world, holding=100, currency="EUR")
    ada = await world.open(holding=10)
    await world.become(ada, WalletStatus.FROZEN)

    assert isinstance(await grant(world, granting(campaign, ada, 5)), Entry)
    assert isinstance(await claw_back(world, campaign, ada, 5), WalletFrozen)
    assert isinstance(await grant(world, granting(euros, ada, 5)), CurrencyMismatch)
    fund_as_wallet = Wallet(campaign, campaign, "USD", 0, 0, ada.created_at)
    assert isinstance(await grant(world, granting(euros, fund_as_wallet, 5)), WalletNotFound)
    with pytest.raises(InsufficientFunds):
        await fund(world, campaign, 96, takes_back=True)
    with pytest.raises(CurrencyMismatch):
        await fund(world, campaign, 1, currency="EUR")


async def test_the_source_says_whether_there_is_a_campaign(world: World) -> None:
    """CAMPAIGN needs one, REWARDS has none."""
    ada = await world.open()

    for command in (
        Credit(ada.id, Money(5, "USD"), CreditSource.CAMPAIGN, None, "a"),
        Credit(ada.id, Money(5, "USD"), CreditSource.REWARDS, None, "b", new_id()),
    ):
        with pytest.raises(InvalidInput) as refused:
            await service.credit(command, world.ledger)
        assert refused.value.field == "campaignId"


async def test_the_database_knows_funds(world: World) -> None:
    """A fund has an owner and a floor; without them it is refused whoever writes."""
    for column, value in (("floor", "0"), ("owner_id", "gen_random_uuid()")):
        with pytest.raises(IntegrityError, match="owned_accounts"):
            await world.tamper(
                f"INSERT INTO account (id, kind, currency, {column}) VALUES (gen_random_uuid(), 'CAMPAIGN', 'USD', {value})"
            )


def test_grants_of_a_campaign_share_a_lane() -> None:
    """They would wait for its row otherwise; what moves nothing of a campaign goes by its own wallet."""
    campaign, wallet = new_id(), Wallet(new_id(), new_id(), "USD", 0, 0, None)  # type: ignore[arg-type]  # when does not matter here

    assert posting_of(granting(campaign, wallet, 5), not_after=None).busiest == campaign
    credit = Credit(wallet.id, Money(5, "USD"), CreditSource.REWARDS, None, "b")
    assert posting_of(credit, not_after=None).busiest == wallet.id
