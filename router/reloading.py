"""Puts a changed supergraph or configuration in place while requests go on: load, assemble, warm, swap, and let the old one drain.

What cannot be used is refused and said; what serves goes on serving.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TypeAlias

import structlog

from router.assembly import Given, assemble, read_supergraph
from router.config import ConfigSource, RouterConfig
from router.edge.gate import Gate
from router.edge.serving import Serving
from router.errors import ConfigError
from router.parts import Parts
from router.persisted.manifest import read_manifests
from router.telemetry import Reload
from router.warming import prewarm, warm

log = structlog.get_logger(__name__)

Fingerprint: TypeAlias = tuple[tuple[int, int, int] | None, ...]
"""Of each file its inode, size and time of change; None for one that is not there."""

_READ_AT_THE_START: Final[Mapping[str, Sequence[str]]] = {
    "listen": ("host", "port"),
    "http": ("url_bytes", "header_bytes", "headers_max", "head_timeout_s", "body_timeout_s"),
    "timeouts": ("shutdown_s", "shutdown_delay_s"),
    "telemetry": ("log.level", "log.format", "metrics.listen"),
    "cache": ("invalidation.path",),
}
"""What belongs to the process rather than to a gate, by section."""


class Reloader:
    """Reloads what `serving` serves, one reload at a time. Belongs to the event loop that serves."""

    def __init__(self, serving: Serving, source: ConfigSource, given: Given) -> None:
        self._serving = serving
        self._source = source
        self._given = given
        self._one_at_a_time = asyncio.Lock()
        self._under_way: set[asyncio.Task[None]] = set()
        self._retired: list[Gate] = []
        self._seen = self._look()
        self._certificates = _certificates(serving.gate.config)

    async def watch(self) -> None:
        """Reload whenever the files have changed and hold still. Runs until it is cancelled."""
        before = self._seen
        while True:
            await asyncio.sleep(self._serving.gate.config.reload.interval_s)
            now = self._look()
            if self._serving.gate.config.reload.watch and now == before and now != self._seen:
                await self.reload()
            before = now

    async def reload(self) -> bool:
        """Read everything again and serve it. False where it was refused: what served before still does."""
        async with self._one_at_a_time:
            self._seen = self._look()
            try:
                outcome: Reload = await self._take_up()
            except ConfigError as error:
                outcome = "refused"
                log.error("reload refused", reason=str(error))
            except Exception:
                outcome = "refused"
                log.exception("reload failed")
            self._serving.gate.router.telemetry.reloaded(outcome)
            return outcome != "refused"

    def ask(self) -> None:
        """Have a reload begin, without waiting for it: for signal handlers."""
        self._keep(asyncio.get_running_loop().create_task(self._asked()))

    async def stop(self) -> None:
        """Wait for nothing any more: close what old gates still hold."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        for gate in self._retired:
            await gate.parts.close()

    async def _asked(self) -> None:
        await self.reload()

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _take_up(self) -> Reload:
        before = self._serving.gate
        config = await asyncio.to_thread(self._source.read)
        supergraph = await asyncio.to_thread(read_supergraph, config.supergraph)
        documents = await asyncio.to_thread(read_manifests, config.persisted_operations.manifests)
        certificates = _certificates(config)
        if supergraph.fingerprint == before.router.supergraph.fingerprint:
            same = (before.config, before.router.persisted.safelist.documents, self._certificates)
            if (config, documents, certificates) == same:
                return "unchanged"
            supergraph = before.router.supergraph
        _say_what_needs_a_restart(config, before.config)
        parts = Parts(before.parts)
        try:
            gate = assemble(config, supergraph, given=self._given, documents=documents, before=before, parts=parts)
            if gate.router.hooks is not before.router.hooks:
                await gate.router.hooks.begin()
            warmed = await prewarm(gate.router) + await warm(gate.router, before.router)
        except BaseException:
            await parts.close()
            raise
        self._swap(gate)
        self._certificates = certificates
        log.info("reloaded", supergraph=supergraph.fingerprint[:12], plans_warmed=warmed)
        return "applied"

    def _swap(self, gate: Gate) -> None:
        gate.parts.start()
        before = self._serving.replace(gate)
        self._retired.append(before)
        self._keep(asyncio.get_running_loop().create_task(self._drain(before)))

    async def _drain(self, gate: Gate) -> None:
        """Let go of what `gate` has, once its requests have ended or had their time."""
        with suppress(TimeoutError):
            await asyncio.wait_for(gate.retire().wait(), gate.config.reload.drain_s)
        self._retired.remove(gate)
        await gate.parts.close()

    def _look(self) -> Fingerprint:
        return _fingerprint(self._source.files(self._serving.gate.config))


def _fingerprint(files: Iterable[Path]) -> Fingerprint:
    return tuple(_state(path) for path in files)


def _state(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return (status.st_ino, status.st_size, status.st_mtime_ns)


def _certificates(config: RouterConfig) -> bytes | None:
    """What the file of certificates holds; None without one. Whoever makes connections says what is wrong with it."""
    path = config.traffic.ca_file
    try:
        return None if path is None else path.read_bytes()
    except OSError:
        return None


def _say_what_needs_a_restart(config: RouterConfig, before: RouterConfig) -> None:
    for section, keys in _READ_AT_THE_START.items():
        changed = [key for key in keys if _setting(config, section, key) != _setting(before, section, key)]
        if changed:
            log.warning(f"a changed `{section}` takes effect at the next start", keys=changed)


def _setting(config: RouterConfig, section: str, key: str) -> Any:
    """What is set under a dotted key; None where a section on the way is off."""
    value: Any = getattr(config, section)
    for name in key.split("."):
        value = getattr(value, name, None)
    return value
