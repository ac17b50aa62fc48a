"""Stands in for `python -m subgraphs`: migrates for real (one table), serves health."""

from __future__ import annotations

import asyncio
import os
import sys

import asyncpg
from answering import answer  # type: ignore[import-not-found]  # the folder above is the working directory of the process


async def migrate() -> None:
    """Make a table in every database that the environment names, as its owner."""
    for name, url in os.environ.items():
        if name.endswith("_DATABASE_URL") and not name.endswith("_OWNER_DATABASE_URL"):
            connection = await asyncpg.connect(
                os.environ.get(name.replace("_DATABASE_URL", "_OWNER_DATABASE_URL"), url)
            )
            await connection.execute("CREATE TABLE IF NOT EXISTS migrated (at timestamptz DEFAULT now())")
            await connection.execute("INSERT INTO migrated DEFAULT VALUES")
            await connection.close()


if sys.argv[1] == "migrate":
    asyncio.run(migrate())
elif sys.argv[2] == "rewards" and os.environ.get("PAYFLOW_JWT_ISSUER") == "nobody":
    sys.stderr.write("no such issuer\n")
    sys.exit(3)
else:
    answer(int(os.environ[f"PAYFLOW_{sys.argv[2].upper()}_PORT"]), name=sys.argv[2])
