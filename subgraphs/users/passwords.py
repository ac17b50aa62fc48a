"""Password hashes: argon2id with OWASP's minimum (19 MiB, 2 passes, 1 lane), off the event loop, on a bounded number of threads."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

THREADS_MAX = 2  # each hash takes 19 MiB and a core for some 30 ms; more threads would starve the loop
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class Passwords:
    """Hashes and checks passwords."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS_MAX, thread_name_prefix="argon2")
        self._nobody = _HASHER.hash("the password of nobody")

    async def hash(self, password: str) -> str:
        return await asyncio.get_running_loop().run_in_executor(self._threads, _HASHER.hash, password)

    async def matches(self, password: str, password_hash: str | None) -> bool:
        """Whether the password is right. With no hash (no such person) it takes as long, and it is not."""
        right = await asyncio.get_running_loop().run_in_executor(
            self._threads, _verify, password_hash or self._nobody, password
        )
        return right and password_hash is not None

    def is_outdated(self, password_hash: str) -> bool:
        """Whether the hash was made with weaker parameters than today's."""
        return _HASHER.check_needs_rehash(password_hash)

    def close(self) -> None:
        self._threads.shutdown()


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
