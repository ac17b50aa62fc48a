"""The yardstick: pgbench and its tpcb-like, five statements a transaction, on the very PostgreSQL that the platform runs on."""

from __future__ import annotations

import os
import re
import subprocess

from benchmarks.transfers.platform import Platform
from payflow.dev.postgres import SUPERUSER, binary

DATABASE = "tpcb"
SCALE = 50  # branches; with few, clients would wait for each other's more than for the processor
_TPS = re.compile(r"tps = ([\d.]+) \(without initial connection time\)")


async def prepare_tpcb(platform: Platform) -> None:
    """Fill a database of its own."""
    await make_database(platform, DATABASE)
    run_pgbench(platform, DATABASE, "--initialize", "--quiet", "--scale", str(SCALE))


def tpcb_rate(platform: Platform, *, clients: int, seconds: float) -> float:
    """Transactions a second."""
    return pgbench_rate(platform, DATABASE, "--builtin", "tpcb-like", clients=clients, seconds=seconds)


async def make_database(platform: Platform, name: str) -> None:
    """An empty one, whatever was there."""
    superuser = await platform.connect(SUPERUSER)
    try:
        await superuser.execute(f"DROP DATABASE IF EXISTS {name}")
        await superuser.execute(f"CREATE DATABASE {name}")
    finally:
        await superuser.close()


def pgbench_rate(platform: Platform, database: str, *script: str, clients: int, seconds: float) -> float:
    """Transactions a second of the script, prepared."""
    said = run_pgbench(
        platform, database, *script, "--protocol", "prepared", "--no-vacuum",
        "--client", str(clients), "--jobs", "1", "--time", str(max(1, round(seconds))),
    )  # fmt: skip
    found = _TPS.search(said)
    assert found, said
    return float(found[1])


def run_pgbench(platform: Platform, database: str, *arguments: str) -> str:
    """What it says, run as the superuser."""
    server = platform.postgres
    environment = os.environ | {"PGPASSWORD": server.password, "PGHOST": str(server.sockets), "PGUSER": SUPERUSER}
    command = [binary("pgbench"), *arguments, database]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
