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
LOOK_AGAIN_S = 0.1  # between looks at a transfer that takes its time, here or in another process
CLOSE_GRACE_S = 3.0  # what runs may finish when the process is told to stop; the rest is recovered from its last commit

log = structlog.get_logger(__name__)


class Runner:
    """Runs sagas as tasks that outlive the request which began them."""

    def __init__(self, saga: Saga, database: Database) -> None:
        self._saga = saga
        self._database = database
        self._tasks: set[asyncio.Task[None]] = set()
        self._latest: dict[UUID, asyncio.Task[None]] = {}

    @property
    def room(self) -> int:
        """How many more may be started."""
        return RUNNING_MAX - len(self._tasks)

    def start(self, transfer: Transfer) -> None:
        """Carry the transfer out, whose lease the caller holds. Without room it is left to the worker, once its lease ends."""
        if self.room <= 0:
            log.warning("no room to run a saga at once", transfer_id=str(transfer.id))
            return
        task = asyncio.create_task(self._run(transfer))
        self._tasks.add(task)
        self._latest[transfer.id] = task
        task.add_done_callback(lambda done: self._forget(transfer.id, done))

    async def settled(self, transfer_id: UUID, *, within_s: float) -> Transfer:
        """The transfer once it has ended, or as it stands after that time."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + within_s
        while True:
            if task := self._latest.get(transfer_id):
                await asyncio.wait({task}, timeout=min(LOOK_AGAIN_S, max(0.0, deadline - clock())))
            async with self._database.read() as connection:
                transfer = (await store.by_ids(connection, [transfer_id]))[transfer_id]
            if transfer.has_ended or clock() >= deadline:
                return transfer
            if transfer_id not in self._latest:
                await asyncio.sleep(LOOK_AGAIN_S)

    async def close(self, *, grace_s: float = CLOSE_GRACE_S) -> None:
        """Let what runs finish for that time, then stop it; nothing is lost."""
        running = set(self._tasks)
        if running:
            await asyncio.wait(running, timeout=grace_s)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _run(self, transfer: Transfer) -> None:
        try:
            await self._saga.carry_out(transfer)
        except Exception:
            # As after a crash: the lease ends, and the worker goes on from what was committed.
            log.exception("saga interrupted", transfer_id=str(transfer.id), state=transfer.state)

    def _forget(self, transfer_id: UUID, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if self._latest.get(transfer_id) is task:
            del self._latest[transfer_id]
