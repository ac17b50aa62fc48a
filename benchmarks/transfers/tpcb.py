"""The yardstick: pgbench's tpcb-like, five statements a transaction, on the very PostgreSQL that the platform runs on."""

from __future__ import annotations

import os
import re
import subprocess

from benchmarks.transfers.platform import Platform
from payflow.dev.postgres import SUPERUSER, binary

DATABASE = "tpcb"
SCALE = 10  # branches; a million accounts
_TPS = re.compile(r"tps = ([\d.]+) \(without initial connection time\)")


async def measure_tpcb(platform: Platform, *, clients: int, seconds: float) -> float:
    """Transactions a second."""
    superuser = await platform.connect(SUPERUSER)
    try:
        await superuser.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        await superuser.execute(f"CREATE DATABASE {DATABASE}")
    finally:
        await superuser.close()
    _pgbench(platform, "--initialize", "--quiet", "--scale", str(SCALE))
    said = _pgbench(
        platform, "--builtin", "tpcb-like", "--protocol", "prepared", "--no-vacuum",
        "--client", str(clients), "--jobs", "1", "--time", str(max(1, round(seconds))),
    )  # fmt: skip
    found = _TPS.search(said)
    assert found, said
    return float(found[1])


def _pgbench(platform: Platform, *arguments: str) -> str:
    server = platform.postgres
    environment = os.environ | {"PGPASSWORD": server.password, "PGHOST": str(server.sockets), "PGUSER": SUPERUSER}
    command = [binary("pgbench"), *arguments, DATABASE]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
