"""One run: a platform of its own, people with money, load, kills, healing, and the check of every intent."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import asyncpg
from aiokafka.errors import KafkaError

from payflow.dev.folders import Folders
from payflow.dev.ports import ports_from
from tests.chaos.checker import Finding, check, unsettled
from tests.chaos.client import ATTEMPT_TIMEOUT_S, Api
from tests.chaos.facts import Facts, read_facts
from tests.chaos.intents import History, IntentLog
from tests.chaos.killer import DidNotComeBack, Killer, is_healed
from tests.chaos.load import CURRENCIES, Load
from tests.chaos.outcome import Outcome
from tests.chaos.schedule import Kill, schedule
from tests.e2e.conftest import Platform, running_platform

PROGRESS_EVERY_S = 5.0
HEAL_MAX_S = 120.0  # from the last kill until every part answers, every intent is answered, and nothing is on its way
POLL_S = 0.5
# Amounts here are of all sizes; whether limits hold is shown elsewhere.
LIMITS = {"PAYFLOW_TRANSFER_LIMITS": "*=1000000000000", "PAYFLOW_DAILY_LIMITS": "*=1000000000000"}

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How long is killed, how often (seconds between kills, on average), and how much is asked a second."""

    seed: int
    duration_s: float
    gap_s: float = 9.0
    rate: float = 20.0
    people: int = 12

    @property
    def kills(self) -> list[Kill]:
        return schedule(seed=self.seed, duration_s=self.duration_s, gap_s=self.gap_s)


def run(options: Options, folder: Path, tell: Tell) -> Outcome:
    """In an empty folder, which keeps databases, logs and `intents.jsonl`. Whatever is wrong is in the outcome."""
    data = folder / "platform"
    tell("Starting a platform")
    with running_platform(data, **LIMITS) as platform:
        return asyncio.run(_run(options, platform, folder / "intents.jsonl", tell))


async def _run(options: Options, platform: Platform, intents: Path, tell: Tell) -> Outcome:
    killer = Killer(Folders(platform.data_dir.resolve()))
    async with _load(options, platform, intents) as load:
        await load.open()
        wrong = await _under_fire(options, killer, load, tell)
        wrong += await _healed(killer, platform, tell)
        await load.repeat()
    history, facts = History.read(intents), await _facts(killer.folders, platform)
    healed_s = time.monotonic() - killer.last_at
    wrong += check(history, facts)
    wrong += _verify(platform)
    return Outcome(history, killer.kills, healed_s, tuple(wrong))


@contextlib.asynccontextmanager
async def _load(options: Options, platform: Platform, intents: Path) -> AsyncIterator[Load]:
    """The people of a run, registered, and what they are going to do."""
    timeout = aiohttp.ClientTimeout(total=ATTEMPT_TIMEOUT_S)
    log = IntentLog(intents)
    async with aiohttp.ClientSession(timeout=timeout) as http:
        api = Api(f"http://127.0.0.1:{platform.port}", http)
        people = await asyncio.gather(*(api.person(f"chaos_{number}", CURRENCIES) for number in range(options.people)))
        yield Load(api=api, log=log, people=list(people), seed=options.seed, rate=options.rate)
    log.close()


async def _under_fire(options: Options, killer: Killer, load: Load, tell: Tell) -> list[Finding]:
    """Load and kills together, then the load until everything is answered."""
    telling = asyncio.create_task(_tell_progress(options, killer, load, tell))
    working = asyncio.create_task(load.run())
    try:
        await killer.carry_out(options.kills)
        load.stop()
        async with asyncio.timeout(HEAL_MAX_S):
            await working
    except DidNotComeBack as error:
        return [Finding("every_part_comes_back", 0, str(error))]
    except TimeoutError:
        pass  # the checker names the intents
    finally:
        for task in (telling, working):
            task.cancel()
        await asyncio.gather(telling, working, return_exceptions=True)
    return []


async def _tell_progress(options: Options, killer: Killer, load: Load, tell: Tell) -> None:
    began = time.monotonic()
    while True:
        before, then = load.meant, time.monotonic()
        await asyncio.sleep(PROGRESS_EVERY_S)
        rate = (load.meant - before) / (time.monotonic() - then)
        tell(
            f"{time.monotonic() - began:5.0f} s  seed {options.seed}  kills {killer.kills.total()}/{len(options.kills)}"
            f"  intents {load.meant}  {rate:.0f}/s  unanswered {load.unanswered}"
        )


async def _healed(killer: Killer, platform: Platform, tell: Tell) -> list[Finding]:
    """Wait until all parts answer and nothing is on its way any more; what still is when the time is up."""
    waiting = ["nothing looked at"]
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout_at(
            asyncio.get_running_loop().time() + killer.last_at + HEAL_MAX_S - time.monotonic()
        ):
            while waiting := await _waiting(killer.folders, platform):
                await asyncio.sleep(POLL_S)
            tell(f"Healed {time.monotonic() - killer.last_at:.1f} s after the last kill")
            return []
    return [Finding("everything_settles", 0, what) for what in waiting]


async def _waiting(folders: Folders, platform: Platform) -> list[str]:
    """What is not as it should be in the end, yet."""
    if not is_healed(folders):
        return ["a part does not answer"]
    try:
        return unsettled(await _facts(folders, platform))
    except (asyncpg.PostgresError, KafkaError, OSError, TimeoutError) as error:
        return [f"a server does not answer: {type(error).__name__}"]


async def _facts(folders: Folders, platform: Platform) -> Facts:
    return await read_facts(folders, broker_port=ports_from(platform.port)["broker"])


def _verify(platform: Platform) -> list[Finding]:
    """What `payflow ledger verify` finds."""
    told = platform.payflow("ledger", "verify", "--json", check=False)
    try:
        found = json.loads(told.stdout)["violations"]
    except (ValueError, KeyError):
        return [Finding("ledger_verify", 0, f"it did not run: {told.stderr.strip()[-500:]}")]
    return [Finding("ledger_verify", 0, json.dumps(violation)) for violation in found]
