"""Password hashes: argon2id with OWASP's minimum (19 MiB, 2 passes, 1 lane), off the event loop, on a bounded number of threads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, TypeVarTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from payflow.kernel.errors import DependencyUnavailable

THREADS_MAX = 2  # each hash takes 19 MiB and a core for some 30 ms; more threads would starve the loop
WAITING_MAX = 100  # passwords that are hashed or wait for it: the last of them waits for less than the router does
PASSWORD_LENGTH_MAX = 4_096  # what is checked; a longer one is wrong, and costs no more
BUSY_MESSAGE = "Too many people sign in at the moment. Nothing has happened; try again in a few seconds."

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

Result = TypeVar("Result")
Given = TypeVarTuple("Given")


class Passwords:
    """Hashes and checks passwords. Raises DependencyUnavailable where too many wait already."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS_MAX, thread_name_prefix="argon2")
        self._nobody = _HASHER.hash("the password of nobody")
        self._waiting = 0

    async def hash(self, password: str) -> str:
        return await self._on_a_thread(_HASHER.hash, password)

    async def matches(self, password: str, password_hash: str | None) -> bool:
        """Whether the password is right. With no hash (no such person) it takes as long, and it is not."""
        right = await self._on_a_thread(_verify, password_hash or self._nobody, password[:PASSWORD_LENGTH_MAX])
        return right and password_hash is not None and len(password) <= PASSWORD_LENGTH_MAX

    def is_outdated(self, password_hash: str) -> bool:
        """Whether the hash was made with weaker parameters than today's."""
        return _HASHER.check_needs_rehash(password_hash)

    def close(self) -> None:
        self._threads.shutdown()

    async def _on_a_thread(self, work: Callable[[*Given], Result], *given: *Given) -> Result:
        if self._waiting >= WAITING_MAX:
            raise DependencyUnavailable(BUSY_MESSAGE)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *given)
        finally:
            self._waiting -= 1


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
