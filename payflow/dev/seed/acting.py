"""Has the people of a world do what its story says, through the public API, each thing under a key that follows from the story.

A second run gives the same keys: every answer is the first one again, and nothing is added.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final, TypeAlias

from payflow.client.errors import CallRejected, OutcomeUnknown
from payflow.dev.seed.errors import SeedFailed
from payflow.dev.seed.member import Member
from payflow.dev.seed.reading import read_all_but_the_latest
from payflow.dev.seed.world import Answer, Deposit, Event, Payment, Person, Request, Withdrawal, World, concerned

Tell: TypeAlias = Callable[[int, int], None]
"""Hears how many events are done, and of how many."""

TRIES: Final = 3  # of one event whose answer got lost: the key makes a repeat harmless
PAUSE_S: Final = 1.0


async def act(world: World, seed: int, url: str, tell: Tell) -> int:
    """Make the world. Answers how many of its people are new. Raises SeedFailed."""
    done = 0
    async with _members(world, url) as members:
        for wave in waves(world.events):
            tell(done, len(world.events))
            await _together(_surely(event, members, key_of(seed, number, event)) for number, event in wave)
            done += len(wave)
        tell(done, len(world.events))
        new = [member for member in members.values() if member.is_new]
        await read_all_but_the_latest(new)
        return len(new)


def waves(events: Sequence[Event]) -> list[list[tuple[int, Event]]]:
    """The events by number, in waves: those of one have nobody in common, and everybody's own come in their order."""
    made: list[list[tuple[int, Event]]] = []
    busy_until: defaultdict[Person, int] = defaultdict(int)
    for number, event in enumerate(events):
        wave = max(busy_until[person] for person in concerned(event))
        made += [[]] if wave == len(made) else []
        made[wave].append((number, event))
        busy_until.update(dict.fromkeys(concerned(event), wave + 1))
    return made


def key_of(seed: int, number: int, event: Event) -> str:
    """The idempotency key of an event: another for another seed, place or content, and the same whenever it is told."""
    return f"seed-{hashlib.sha256(f'{seed}/{number}/{event!r}'.encode()).hexdigest()[:32]}"


async def _together(doing: Iterable[Awaitable[None]]) -> None:
    """All of them to their ends; then the first that failed is told."""
    for outcome in await asyncio.gather(*doing, return_exceptions=True):
        if isinstance(outcome, BaseException):
            raise outcome


@asynccontextmanager
async def _members(world: World, url: str) -> AsyncIterator[Mapping[str, Member]]:
    async with AsyncExitStack() as stack:
        members = {person.handle: Member(person, url) for person in world.people}
        for member in members.values():
            await stack.enter_async_context(member.client)
        first, *others = members.values()
        await _arrived(first, url)  # alone: what is wrong with the platform is told once
        await _together(_arrived(member, url) for member in others)
        yield members


async def _arrived(member: Member, url: str) -> None:
    try:
        await member.arrive()
    except OutcomeUnknown as error:
        raise SeedFailed(f"No platform answers at {url} ({error}); start one with: payflow up") from error
    except CallRejected as error:
        raise SeedFailed(f"{url} refused @{member.person.handle}: {error}") from error


async def _surely(event: Event, members: Mapping[str, Member], key: str) -> None:
    for attempt in range(1, TRIES + 1):
        try:
            return await _do(event, members, key)
        except OutcomeUnknown as error:
            if attempt == TRIES:
                raise SeedFailed(
                    f"The platform did not finish something ({error}); run this again, it goes on where it was"
                ) from error
            await asyncio.sleep(PAUSE_S)
        except CallRejected as error:
            raise SeedFailed(f"The platform refused an operation: {error}") from error
    return None


async def _do(event: Event, members: Mapping[str, Member], key: str) -> None:
    match event:
        case Deposit(who, amount):
            await members[who.handle].deposit(amount, key)
        case Withdrawal(who, amount):
            await members[who.handle].withdraw(amount, key)
        case Payment():
            await _pay(event, members, key)
        case Request():
            await _ask(event, members, key)


async def _pay(event: Payment, members: Mapping[str, Member], key: str) -> None:
    paid = await members[event.payer.handle].pay(event.payee, event.amount, note=event.note, key=key)
    if event.given_back is not None:
        await members[event.payee.handle].give_back(paid, event.given_back, f"{key}-back")


async def _ask(event: Request, members: Mapping[str, Member], key: str) -> None:
    requester, payer = members[event.requester.handle], members[event.payer.handle]
    asked = await requester.ask(event.payer, event.amount, note=event.note, key=key)
    match event.answer:
        case Answer.PAID:
            await payer.pay_request(asked, event.amount.currency, f"{key}-paid")
        case Answer.DECLINED:
            await payer.decline(asked)
        case Answer.CANCELLED:
            await requester.cancel(asked)
