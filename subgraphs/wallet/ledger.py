"""The one door to the books: every command goes through the posting function, many in one round trip where many wait.

There is no timer: what queued while the last call of a lane ran goes with its next, so an idle ledger answers at once and a busy one
in batches (smart batching; M. Thompson, Mechanical Sympathy, 2011). Commands on one wallet, or of one campaign, share a lane, so that
they queue here and not on its row.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from payflow.kernel import failpoints
from payflow.kernel.backoff import full_jitter_s
from payflow.kernel.db import Database, is_away
from payflow.kernel.errors import DependencyUnavailable, one_line
from subgraphs.wallet.commands import Command
from subgraphs.wallet.outcomes import refusal_of
from subgraphs.wallet.posting import POST, Answer, Posting, posting_of, wallets_changed

LANES = 4  # calls at once per process: more would only wait for each other's locks and for the database's cores
BATCH_MAX = 64  # commands of one call; they share its locks, so their number bounds how long those are held
QUEUE_MAX = 1000  # waiting commands of a lane; past it the database is far behind, and waiting longer helps nobody
LIFE_S = 10.0  # a command that has waited so long has no effect any more; longer than any caller waits
CALL_S = 6.0  # one call; the server ends a statement of its own accord before, so past this the connection is dead
TRIES_MAX = 5  # of one command that the database is too busy for
PAUSE_S, PAUSE_MAX_S = 0.01, 0.25
_AWAY = "The ledger's database cannot be reached at the moment. Send the same command again."
_STOPPED = "The ledger was stopped. Send the same command again."
_TAKEN = "23505"  # somebody settled the same key or placed the same hold at the same time: the next try finds it

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Waiting:
    """A command on its way, and who waits for it."""

    posting: Posting
    answer: asyncio.Future[Answer]


@dataclass(slots=True)
class _Lane:
    """One call after the other; what comes meanwhile queues."""

    queue: deque[_Waiting] = field(default_factory=deque)
    running: asyncio.Task[None] | None = None


class Ledger:
    """Posts commands. `on_change` gets the wallets that a commit has changed; it must not block or raise."""

    def __init__(self, database: Database, *, on_change: Callable[[Collection[UUID]], None] | None = None) -> None:
        self._database = database
        self._on_change = on_change
        self._lanes = [_Lane() for _ in range(LANES)]
        self._closed = False

    async def post(self, command: Command) -> Answer:
        """The command's outcome, committed. Raises the refusal that it is, remembered under its key by then.

        Raises DependencyUnavailable where the database is too busy or gone (RequestTooOld: the command waited too long): the same
        command may be sent again, and answers what it came to if it had an effect after all.
        """
        answer = await self._enqueue(posting_of(command, not_after=datetime.now(UTC) + timedelta(seconds=LIFE_S)))
        if (refusal := refusal_of(answer.status, answer.result)) is not None:
            raise refusal
        return answer

    async def close(self) -> None:
        """Post what waits, and take no more. Idempotent."""
        self._closed = True
        await asyncio.gather(
            *(lane.running for lane in self._lanes if lane.running is not None), return_exceptions=True
        )

    async def _enqueue(self, posting: Posting) -> Answer:
        lane = self._lanes[hash(posting.busiest) % LANES]
        if self._closed or len(lane.queue) >= QUEUE_MAX:
            raise DependencyUnavailable("The ledger takes no commands at the moment. Nothing has happened; try again.")
        waiting = _Waiting(posting, asyncio.get_running_loop().create_future())
        lane.queue.append(waiting)
        if lane.running is None:
            lane.running = asyncio.create_task(self._run(lane), name="ledger lane")
        return await waiting.answer

    async def _run(self, lane: _Lane) -> None:
        batch: list[_Waiting] = []
        try:
            while lane.queue:
                batch = [lane.queue.popleft() for _ in range(min(BATCH_MAX, len(lane.queue)))]
                await self._settle([waiting for waiting in batch if not waiting.answer.done()])
        except asyncio.CancelledError:
            _let_go([*batch, *lane.queue], _STOPPED)
            lane.queue.clear()
            raise
        finally:
            lane.running = None

    async def _settle(self, batch: Sequence[_Waiting]) -> None:
        """Give everybody in the batch an answer, or the error that is theirs alone."""
        if not batch:
            return
        try:
            answers = await self._call(batch)
        except Exception as error:
            await self._settle_apart(batch, error)
            return
        for waiting, answer in zip(batch, answers, strict=True):
            if not waiting.answer.done():  # nobody waits any more; it stands under its key
                waiting.answer.set_result(answer)

    async def _settle_apart(self, batch: Sequence[_Waiting], error: Exception) -> None:
        """Halve a batch that failed, down to the command that it fails of; keys make the repeat of the others safe.

        Where the database is away no half fares better than the whole: all are told to come again.
        """
        if is_away(error):
            log.warning("postings do not reach the database", commands=len(batch), reason=one_line(error))
            _let_go(batch, _AWAY)
            return
        if len(batch) == 1:
            if not batch[0].answer.done():
                batch[0].answer.set_exception(error)
            return
        log.warning("a batch of postings failed and is halved", commands=len(batch), reason=one_line(error))
        middle = len(batch) // 2
        await self._settle(batch[:middle])
        await self._settle(batch[middle:])

    async def _call(self, batch: Sequence[_Waiting]) -> list[Answer]:
        """One round trip; again, after a pause, where the database says that the same may work now. A batch is halved instead."""
        tries = 0
        while True:
            try:
                return await self._post([waiting.posting for waiting in batch])
            except (DependencyUnavailable, SQLAlchemyError, OSError) as error:
                tries += 1
                if tries >= TRIES_MAX or not _worth_another_try(error) or (len(batch) > 1 and not is_away(error)):
                    raise
                await asyncio.sleep(full_jitter_s(tries, base_s=PAUSE_S, max_s=PAUSE_MAX_S))

    async def _post(self, postings: list[Posting]) -> list[Answer]:
        async with asyncio.timeout(CALL_S):
            rows = await failpoints.call(
                "ledger.post", lambda: self._database.call(POST, postings), lost=ConnectionResetError
            )
        answers = [Answer(row["status"], row["replayed"], row["ref"], row["result"] or {}) for row in rows]
        changed = set().union(*map(wallets_changed, postings, answers))
        if changed and self._on_change is not None:
            self._on_change(changed)
        return answers


def _let_go(waiting: Sequence[_Waiting], why: str) -> None:
    """Nobody posts for them any more: they are told, and do not wait for it until their callers give up."""
    for one in waiting:
        if not one.answer.done():
            one.answer.set_exception(DependencyUnavailable(why))


def _worth_another_try(error: Exception) -> bool:
    """Busy, gone for a moment, or met by a command with the same key: all of them may be sent again as they are."""
    if isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) == _TAKEN:
        return True
    return isinstance(error, DependencyUnavailable) or is_away(error)
