"""Texts that clients registered under their SHA-256: in memory, and in Redis for the other routers."""

from __future__ import annotations

import asyncio
import re
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from router import limits
from router.config.persisted import AutomaticSettings
from router.errors import RedisUnavailable
from router.lru import Lru

if TYPE_CHECKING:
    from router.redis_link import RedisLink

_SHA256: Final = re.compile("[0-9a-f]{64}")


class AutomaticQueries:
    """The registered texts. A text is hashed when it is new here, and compared from then on."""

    def __init__(self, settings: AutomaticSettings, *, link: RedisLink | None, key_prefix: str) -> None:
        self._texts: Lru[str, str] = Lru(settings.memory_bytes)
        self._ttl_s = settings.redis_ttl_s
        self._link = link
        self._key_prefix = f"{key_prefix}apq:"
        self._writing: set[asyncio.Task[None]] = set()

    async def find(self, digest: str) -> str | None:
        """The text of this hash, or None where it was never registered, is forgotten, or Redis cannot be asked."""
        text = self._texts.get(digest)
        if text is None and self._link is not None and _SHA256.fullmatch(digest):
            text = await self._read(digest, self._link)
            # What somebody else wrote there is believed as far as its hash goes.
            if text is None or not self._remember(digest, text):
                return None
        return text

    def register(self, digest: str, text: str) -> bool:
        """Keep a text under its hash for everybody; False where that is not its hash."""
        if self._texts.get(digest) == text:
            return True
        if not self._remember(digest, text):
            return False
        if self._link is None or len(text) > limits.AUTOMATIC_SHARED_CHARACTERS_MAX:
            return True
        if len(self._writing) < limits.AUTOMATIC_WRITES_MAX:
            writing = asyncio.create_task(self._write(digest, text, self._link))
            self._writing.add(writing)
            writing.add_done_callback(self._writing.discard)
        return True

    async def close(self) -> None:
        """See that what was registered gets to Redis."""
        await asyncio.gather(*self._writing)

    def _remember(self, digest: str, text: str) -> bool:
        encoded = text.encode(errors="surrogatepass")
        if sha256(encoded).hexdigest() != digest:
            return False
        self._texts.put(digest, text, weight=len(encoded) + limits.AUTOMATIC_ENTRY_BYTES)
        return True

    async def _read(self, digest: str, link: RedisLink) -> str | None:
        try:
            kept = await link.ask(lambda client: client.getex(self._key_prefix + digest, ex=self._ttl_s))
        except RedisUnavailable:
            return None
        return kept.decode(errors="replace") if isinstance(kept, bytes) else None

    async def _write(self, digest: str, text: str, link: RedisLink) -> None:
        try:
            encoded = text.encode(errors="surrogatepass")
            await link.ask(lambda client: client.set(self._key_prefix + digest, encoded, ex=self._ttl_s))
        except RedisUnavailable:
            return  # its client will be asked for the text again elsewhere
