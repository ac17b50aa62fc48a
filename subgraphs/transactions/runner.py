"""The sagas that run in this process: a bounded number of tasks, started by requests and by the recovery worker."""

from __future__ import annotations

import asyncio
from uuid import UUID

import structlog

from payflow.kernel.db import Database
from subgraphs.transactions import store
from subgraphs.transactions.domain import Transfer
from subgraphs.transactions.saga import Saga

RUNNING_MAX = 200  # each holds a database connection only while it commits; what finds no room waits for the worker
LOOK_AGAIN_S = 0.1  # between looks at a transfer that somebody else carries out
RUN_S_MAX = 60.0  # a saga that has stood still for so long has lost its lease long ago; it must not keep its room, too
CLOSE_GRACE_S = 3.0  # what runs may finish when the process is told to stop; the rest is recovered from its last commit

log = structlog.get_logger(__name__)


class Runner:
    """Runs sagas as tasks that outlive the request which began them."""

    def __init__(self, saga: Saga, database: Database) -> None:
        self.saga = saga
        self._database = database
        self._started_at: dict[asyncio.Task[Transfer], float] = {}
        self._latest: dict[UUID, asyncio.Task[Transfer]] = {}

    @property
    def room(self) -> int:
        """How many more may be started."""
        return RUNNING_MAX - len(self._started_at)

    @property
    def is_behind(self) -> bool:
        """Whether the oldest saga that runs here is about to lose its lease: then to take up more would only lose more of them.

        One that has lost it counts no more: it stands still, or somebody else has taken it up.
        """
        lease, now = self.saga.timing.lease, asyncio.get_running_loop().time()
        return any(lease / 2 < now - started_at < lease for started_at in self._started_at.values())

    def start(self, transfer: Transfer) -> None:
        """Carry the transfer out, whose lease the caller holds. Without room it is left to the worker, once its lease ends."""
        if self.room <= 0:
            log.warning("no room to run a saga at once", transfer_id=str(transfer.id))
            return
        loop = asyncio.get_running_loop()
        task = loop.create_task(self._run(transfer))
        self._started_at[task] = loop.time()
        self._latest[transfer.id] = task
        task.add_done_callback(lambda done: self._forget(transfer.id, done))

    async def settled(self, transfer_id: UUID, *, within_s: float) -> Transfer:
        """The transfer once it has ended, or as it stands after that time."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + within_s
        while True:
            if task := self._latest.get(transfer_id):
                await asyncio.wait({task}, timeout=max(0.0, deadline - clock()))
                if task.done() and not task.cancelled() and task.result().has_ended:
                    return task.result()  # as it was committed: to read it again would tell nothing new
            async with self._database.read() as connection:
                transfer = (await store.by_ids(connection, [transfer_id]))[transfer_id]
            if transfer.has_ended or clock() >= deadline:
                return transfer
            if transfer_id not in self._latest:
                await asyncio.sleep(LOOK_AGAIN_S)

    async def close(self, *, grace_s: float = CLOSE_GRACE_S) -> None:
        """Let what runs finish for that time, then stop it; nothing is lost."""
        running = set(self._started_at)
        if running:
            await asyncio.wait(running, timeout=grace_s)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _run(self, transfer: Transfer) -> Transfer:
        try:
            async with asyncio.timeout(RUN_S_MAX):
                return await self.saga.carry_out(transfer)
        except Exception:
            # As after a crash: the lease ends, and the worker goes on from what was committed.
            log.exception("saga interrupted", transfer_id=str(transfer.id), state=transfer.state)
            return transfer

    def _forget(self, transfer_id: UUID, task: asyncio.Task[Transfer]) -> None:
        del self._started_at[task]
        if self._latest.get(transfer_id) is task:
            del self._latest[transfer_id]
