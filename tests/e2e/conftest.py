"""The whole platform, as `payflow up` starts it, for the stories that cross it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import psutil
import pytest

from payflow.dev.folders import Folders
from payflow.dev.testing import private_temporary_folder
from tests.e2e.people import People
from tests.payflow.dev.harness import free_port_range
from tests.subgraphs.harness import Client

REPOSITORY = Path(__file__).parents[2]
START_TIMEOUT_S = 100


@dataclass(frozen=True)
class Platform:
    """A running platform."""

    port: int
    data_dir: Path

    def payflow(
        self, *arguments: str, check: bool = True, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command of the CLI on this platform's data directory."""
        command = [sys.executable, "-m", "payflow", *arguments, "--data-dir", str(self.data_dir)]
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PAYFLOW_")}
        done = subprocess.run(
            command,
            cwd=REPOSITORY,
            env={**clean, **(environment or {})},
            capture_output=True,
            text=True,
            check=False,
            timeout=START_TIMEOUT_S,
        )
        assert done.returncode == 0 or not check, f"{' '.join(command)}: {done.stdout}{done.stderr}"
        return done

    def demo(self) -> str:
        """What `payflow demo` prints."""
        command = [sys.executable, "-m", "payflow", "demo", "--port", str(self.port)]
        told = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=False)
        assert told.returncode == 0, told.stdout + told.stderr
        return told.stdout

    def status(self) -> dict[str, Any]:
        """What `payflow status --json` says."""
        report: dict[str, Any] = json.loads(self.payflow("status", "--json", check=False).stdout)
        return report

    def processes(self) -> list[psutil.Process]:
        """Those of all parts that are up."""
        return [psutil.Process(part["pid"]) for part in self.status()["parts"] if part["state"] == "up"]

    def process(self, part: str) -> psutil.Process:
        """The process of a part."""
        [found] = [candidate for candidate in self.status()["parts"] if candidate["name"] == part]
        return psutil.Process(found["pid"])


@contextmanager
def running_platform(data_dir: Path, **environment: str) -> Iterator[Platform]:
    """Start a platform on free ports, and stop it; what it leaves behind is an error. The page is what was built before, if it was."""
    platform = Platform(free_port_range(), data_dir)
    processes: list[psutil.Process] = []
    try:
        platform.payflow("up", "--detach", "--no-web", "--port", str(platform.port), environment=environment)
        processes = platform.processes()
        yield platform
    finally:
        processes += platform.processes()
        platform.payflow("down")
    assert [process for process in processes if process.is_running()] == []


@contextmanager
def temporary_platform(logs: Path, **environment: str) -> Iterator[Platform]:
    """One on a folder of its own; `logs`, which pytest keeps, has what its parts logged.

    Not on a folder of pytest's: another run of pytest closes those to PostgreSQL, which runs as another account where we are root.
    """
    with private_temporary_folder() as folder:
        try:
            with running_platform(folder, **environment) as platform:
                yield platform
        finally:
            with suppress(FileNotFoundError):  # it did not come that far
                shutil.copytree(Folders(folder).logs, logs, dirs_exist_ok=True)


@pytest.fixture
async def api(platform: Platform) -> AsyncIterator[Client]:
    """A client of the platform's API."""
    async with aiohttp.ClientSession() as http:
        yield Client(f"http://127.0.0.1:{platform.port}", http)


@pytest.fixture
def people(api: Client) -> People:
    """Makes people with wallets and money."""
    return People(api)
