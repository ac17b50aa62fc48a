"""One case: two people with a wallet each, and the command that one of them sends; what a process does with it, and how it is settled."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self
from uuid import UUID

from payflow.kernel.clock import Clock, SystemClock
from payflow.kernel.errors import DependencyUnavailable, Refusal
from payflow.kernel.money import Money
from subgraphs.transactions import review
from subgraphs.transactions.domain import HOLD_BUDGET, Event, SendMoney, Transfer
from subgraphs.transactions.gateways import ImpossibleAnswer
from subgraphs.transactions.refunds import RefundTransfer
from subgraphs.transactions.review import Decision
from tests.failpoints.matrix import CANCELLED, GIVEN_UP, LAPSED, REFUND
from tests.failpoints.process import Outside, Place, Process, connected

BALANCE = 10_000
AMOUNT = 2_500
TOO_MUCH = 20_000
SETTLED_WITHIN_S = 60.0  # a matter of two seconds, on a machine that has time
LOOK_AGAIN_S = 0.02
LED = "led-0"  # the file that the first leading failpoint makes
UNSETTLED = "SELECT count(*) FROM transfers WHERE $1 IN (payer_id, payee_id) AND ended_at IS NULL"
PAYMENT_OF = "SELECT id FROM transfers WHERE payer_id = $1 AND kind = 'PAYMENT'"
# In review with the hold extended, so not due for long; or past it.
DECIDABLE = """
SELECT FROM transfers WHERE payer_id = $1 AND (
    state = 'REVIEW' AND due_at > now() + interval '1 hour' OR state IN ('RELEASING', 'FAILED')
)
"""
UNTOLD = """
SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM event_log WHERE pos > coalesce((SELECT min(pos) FROM sink_cursor), 0))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Ada has BALANCE and sends `amount` to Bob."""

    journey: str
    ada: str
    bob: str
    ada_wallet: str
    bob_wallet: str
    amount: int
    key: str
    folder: str

    @property
    def payment(self) -> SendMoney:
        return SendMoney(
            payer_id=UUID(self.ada),
            from_wallet_id=self.ada_wallet,
            to_wallet_id=self.bob_wallet,
            to_handle=None,
            amount=Money(self.amount, "USD"),
            note=None,
            idempotency_key=self.key,
        )

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        return cls(**value)


Answer = Transfer | Refusal
"""What the client is told: how the transfer stands, or why there is none."""


async def ready(process: Process, case: Case) -> None:
    """What has to have happened before the journey begins: there is a payment, where one is to be refunded."""
    if case.journey == REFUND.name:
        await process.transfers.send(case.payment)
        await ended(process, case)
        await told(process)


async def send(process: Process, case: Case) -> Answer:
    """Send the command once. Raises whatever is no answer."""
    try:
        if case.journey != REFUND.name:
            return await process.transfers.send(case.payment)
        ((payment_id,),) = await process.database.call(PAYMENT_OF, UUID(case.ada))
        return await process.refunds.refund(RefundTransfer(UUID(case.bob), str(payment_id), None, case.key))
    except DependencyUnavailable:
        raise
    except Refusal as refusal:
        return refusal


async def settled(process: Process, case: Case) -> Answer:
    """Wait until everything that was begun has ended and is told, without any help; then send the command again, as a client does."""
    async with asyncio.timeout(SETTLED_WITHIN_S):
        if case.journey == CANCELLED.name:
            await _repeated(process, case)
            await decide(process, case)
        await ended(process, case)
        await _repeated(process, case)
        await ended(process, case)
        await told(process)
        return await _repeated(process, case)


async def taken_over(process: Process, case: Case) -> None:
    """What others do while somebody hangs: finish what was begun."""
    if case.journey == CANCELLED.name:
        await decide(process, case)
    await ended(process, case)


async def ended(process: Process, case: Case) -> None:
    """Wait until no transfer of Ada's is under way."""
    while await process.database.call(UNSETTLED, UUID(case.ada)) != [(0,)]:
        await asyncio.sleep(LOOK_AGAIN_S)


async def told(process: Process) -> None:
    """Wait until every event is with the broker."""
    while await process.database.call(UNTOLD) != [(0,)]:
        await asyncio.sleep(LOOK_AGAIN_S)


@dataclass(frozen=True, slots=True)
class World(Outside):
    """What happens behind the saga's back on the case's journey."""

    place: Place
    case: Case

    @property
    def clock(self) -> Clock:
        """Time passes at once where a payment is to be given up: as soon as its first try is lost."""
        return LateAfter(Path(self.case.folder) / LED) if self.case.journey == GIVEN_UP.name else SystemClock()

    async def hold_placed(self, hold_id: UUID) -> None:
        if self.case.journey == LAPSED.name:
            async with connected(self.place.superuser_wallet_url) as database:
                await database.execute("UPDATE hold SET expires_at = now() WHERE id = $1", hold_id)

    async def capture_asked(self, hold_id: UUID) -> None:
        if self.case.journey == CANCELLED.name:
            raise ImpossibleAnswer(f"the wallet does not know the hold {hold_id} that it placed")


@dataclass(frozen=True, slots=True)
class LateAfter:
    """The machine's clock; once the file is there, it tells a time when every hold should have been answered."""

    path: Path

    def now(self) -> datetime:
        return datetime.now(UTC) + (HOLD_BUDGET * 2 if self.path.exists() else timedelta())


async def act(process: Process, case: Case) -> Answer:
    """What the people do: Ada sends her command, and where it needs somebody to decide, somebody decides."""
    answer = await send(process, case)
    if case.journey == CANCELLED.name:
        await decide(process, case)
    return answer


async def decide(process: Process, case: Case) -> None:
    """Give the money back as soon as the transfer is in review and its hold is extended; again where that was decided already."""
    while not await process.database.call(DECIDABLE, UUID(case.ada)):
        await asyncio.sleep(LOOK_AGAIN_S)
    ((transfer_id,),) = await process.database.call(PAYMENT_OF, UUID(case.ada))
    decision = Decision(Event.CANCELLED, "operator", "The wallet has lost the hold.")
    await review.decide(process.database, transfer_id, decision, clock=SystemClock())


async def _repeated(process: Process, case: Case) -> Answer:
    while True:
        with contextlib.suppress(DependencyUnavailable):
            return await send(process, case)
        await asyncio.sleep(LOOK_AGAIN_S)
