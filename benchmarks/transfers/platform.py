"""The whole platform, as `payflow up` starts it, on ports and folders of its own; and what each of its processes has used."""

from __future__ import annotations

import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import psutil

from payflow.dev.errors import CannotStart
from payflow.dev.folders import Folders
from payflow.dev.passwords import load_or_make_passwords
from payflow.dev.ports import ports_from, refuse_taken
from payflow.dev.postgres import PostgresServer

ROOT = Path(__file__).parents[2]
START_S = 120.0
LOAD = "load generator"  # this process


class DidNotStart(Exception):
    """`payflow up` failed; the message is what it said."""


@dataclass(frozen=True)
class Platform:
    """A running platform."""

    port: int
    folders: Folders
    parts: Mapping[str, psutil.Process]

    @property
    def postgres(self) -> PostgresServer:
        """The server that all its databases are on."""
        password = load_or_make_passwords(self.folders.secrets).postgres
        return PostgresServer(self.folders.postgres, self.folders.socket_folder("postgres"), password)

    async def connect(self, database: str) -> asyncpg.Connection:
        """To one of its databases, as the superuser."""
        return await asyncpg.connect(self.postgres.url(database))

    def cpu_seconds(self) -> dict[str, float]:
        """User and system time so far by part, that of children included, ended ones too; and our own."""
        return {LOAD: _cpu_seconds(psutil.Process())} | {part: _of_family(one) for part, one in self.parts.items()}


@contextmanager
def running_platform() -> Iterator[Platform]:
    """A new platform with empty databases, gone behind the block. Raises DidNotStart."""
    with tempfile.TemporaryDirectory(prefix="payflow-bench-") as name:
        folder, port = Path(name), _free_ports()
        folder.chmod(0o711)  # the account that runs PostgreSQL passes through
        _payflow("up", "--detach", "--no-web", "--port", str(port), "--data-dir", name)
        try:
            status = json.loads(_payflow("status", "--json", "--data-dir", name))
            parts = {part["name"]: psutil.Process(part["pid"]) for part in status["parts"]}
            yield Platform(port, Folders(folder), parts)
        finally:
            _payflow("down", "--data-dir", name)


def _payflow(*arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PAYFLOW_")}
    done = subprocess.run(
        [sys.executable, "-m", "payflow", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=START_S,
    )
    if done.returncode != 0:
        raise DidNotStart(done.stdout + done.stderr)
    return done.stdout


def _free_ports() -> int:
    while True:
        port = random.randrange(20_000, 32_000, 200)
        try:
            refuse_taken(ports_from(port))
        except CannotStart:
            continue
        return port


def _of_family(process: psutil.Process) -> float:
    used = _cpu_seconds(process)
    for child in process.children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # it has ended meanwhile; its parent has its times
            used += _cpu_seconds(child)
    return used


def _cpu_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)
