"""What must not matter, does not: the order of commands that have nothing to do with each other, and asking everything twice."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from payflow.kernel.errors import Refusal
from payflow.kernel.money import Money
from subgraphs.wallet.commands import Command, Deposit, PlaceHold
from subgraphs.wallet.domain import Wallet
from tests.subgraphs.wallet.clients import Crowd
from tests.subgraphs.wallet.model import key_of
from tests.subgraphs.wallet.told import status_of
from tests.subgraphs.wallet.world import World

LENGTH = 60


async def people(world: World) -> list[Wallet]:
    """Two wallets with nothing in them."""
    return [await world.open() for _ in range(2)]


def story(wallets: Sequence[Wallet], seed: str) -> list[Command]:
    """Random commands over these wallets; the same for the same seed, but for ids."""
    crowd = Crowd(wallets, (), random.Random(seed))
    commands: list[Command] = [
        Deposit(wallet.owner_id, wallet.id, Money(100, wallet.currency), "first") for wallet in wallets
    ]
    while len(commands) < LENGTH:
        command = crowd.command()
        if isinstance(command, PlaceHold):
            crowd.holds.append(command.id)
        if key_of(command) is not None:
            crowd.sent.append(command)
        commands.append(command)
    return commands


async def answers(world: World, commands: Sequence[Command]) -> list[tuple[str, str]]:
    """What each comes to, one after the other."""
    came_to = []
    for command in commands:
        try:
            status = (await world.ledger.post(command)).status
        except Refusal as refusal:
            status = status_of(refusal)
        came_to.append((type(command).__name__, status))
    return came_to


async def stand(world: World, wallets: Sequence[Wallet]) -> list[tuple[int, int, str]]:
    """Balances and statuses."""
    now = [await world.now(wallet) for wallet in wallets]
    return [(wallet.posted, wallet.held, wallet.status) for wallet in now]


@pytest.mark.parametrize("seed", range(3))
async def test_strangers_do_not_matter_to_each_other(world: World, seed: int) -> None:
    """Two stories over different wallets come to the same in every interleaving as one after the other."""
    apart: list[object] = []
    mixed: list[object] = []
    for outcome in (apart, mixed):
        ours, theirs = await people(world), await people(world)
        first, second = story(ours, f"{seed} ours"), story(theirs, f"{seed} theirs")
        turns = [0] * LENGTH + [1] * LENGTH
        if outcome is mixed:
            random.Random(seed).shuffle(turns)
        parts = (iter(first), iter(second))
        told = await answers(world, [next(parts[turn]) for turn in turns])
        for side in (0, 1):
            outcome.append([said for said, turn in zip(told, turns, strict=True) if turn == side])
        outcome.append(await stand(world, [*ours, *theirs]))
    assert apart == mixed
    await world.assert_true()


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_is_told_twice_is_told_once(world: World, seed: int) -> None:
    """After any part of a story its beginning is sent again: it answers as before, and the story ends as without it."""
    once = await people(world)
    plain = await answers(world, story(once, f"{seed}"))

    twice = await people(world)
    commands, told, chance = story(twice, f"{seed}"), [], random.Random(seed)
    for number, command in enumerate(commands):
        told += await answers(world, [command])
        if number % 10 == 9:
            upto = chance.randint(1, number + 1)
            keyed = [place for place in range(upto) if key_of(commands[place]) is not None]
            again = await answers(world, [commands[place] for place in keyed])
            assert again == [told[place] for place in keyed]

    assert told == plain
    assert await stand(world, twice) == await stand(world, once)
    await world.assert_true()
