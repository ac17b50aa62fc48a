"""A stack of stand-in processes (and real servers) on its own data directory and ports, driven through the command line."""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import psutil

from payflow.dev.errors import CannotStart
from payflow.dev.ports import ports_from, refuse_taken
from payflow.dev.testing import private_temporary_folder
from payflow.kernel.settings import SERVICES

PARTS = [
    "postgres",
    "valkey",
    "broker",
    *SERVICES,
    "rewards-consumer",
    "notifications-consumer",
    "router",
]
STANDIN = Path(__file__).with_name("standin")
WAIT_S = 30.0


@dataclass
class Cli:
    """The command `payflow` for one data directory."""

    data_dir: Path
    port: int
    environment: dict[str, str] = field(default_factory=dict)
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run to the end."""
        return subprocess.run(
            self._command(*arguments),
            env=self._env(environment),
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Run in the background, with its output to read; ended by the fixture."""
        process = subprocess.Popen(
            self._command(*arguments),
            env=self._env({}),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.started.append(process)
        return process

    def up(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """`payflow up --detach` of the stand-in platform."""
        return self.run("up", "--detach", *self.platform, *arguments, **environment)

    @property
    def platform(self) -> list[str]:
        return ["--port", str(self.port), "--project", str(STANDIN)]

    def status(self) -> dict[str, Any]:
        """`payflow status --json`."""
        parsed: dict[str, Any] = json.loads(self.run("status", "--json").stdout)
        return parsed

    def part(self, name: str) -> dict[str, Any]:
        """One part of the status."""
        return next(part for part in self.status()["parts"] if part["name"] == name)

    @property
    def supervisor(self) -> int:
        return int((self.data_dir / "supervisor.lock").read_text())

    def processes(self) -> list[psutil.Process]:
        """Every living process that was started for this data directory or these ports."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            told = [*process.cmdline(), *process.environ().values()]
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return False
        if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
            return False
        marks = (str(self.data_dir), f"127.0.0.1:{self.port + 101}/", f"tcp://127.0.0.1:{self.port + 192}")
        return any(mark in text for text in told for mark in marks)

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "payflow", *arguments, "--data-dir", str(self.data_dir)]

    def _env(self, more: dict[str, str]) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PAYFLOW_")}
        return {**clean, **self.environment, **more}


@contextmanager
def command_line() -> Iterator[Cli]:
    """The command line for a new data directory and free ports; afterwards nothing of it is left."""
    with private_temporary_folder() as folder:
        cli = Cli(folder / ".payflow", free_port_range())
        try:
            yield cli
        finally:
            cli.run("down")
            for process in cli.started:
                process.kill()
                process.communicate()
            left = cli.processes()
            for survivor in left:
                survivor.kill()
            assert not left, [process.cmdline() for process in left]


def free_port_range() -> int:
    """A router port such that all that follow from it are free. Test processes side by side choose from ranges of their own."""
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    for _ in range(100):
        port = random.choice(range(20_000, 32_000, 200)[number % processes :: processes])
        try:
            refuse_taken(ports_from(port))
        except CannotStart:
            continue
        return port
    raise AssertionError("no free ports")


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Poll until it holds; fails with `what` when it does not in time."""
    deadline = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def environment_of(cli: Cli, part: str) -> dict[str, str]:
    """What the process of a part was told."""
    pid = cli.part(part)["pid"]
    return next(dict(process.environ()) for process in cli.processes() if process.pid == pid)


def embedded_url(cli: Cli, service: str) -> str:
    """A service's database on the embedded server, as its process is told."""
    return environment_of(cli, service)[f"PAYFLOW_{service.upper()}_DATABASE_URL"]


def query(cli: Cli, service: str, statement: str) -> object:
    """Run a statement in a service's database; answers its first value."""

    async def fetch() -> object:
        connection = await asyncpg.connect(embedded_url(cli, service))
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(fetch())
