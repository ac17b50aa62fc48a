"""Runs the audit of the `graphql-http` package against an endpoint."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.conformance.npm import NODE, ensure_installed

FOLDER = Path(__file__).parent
AUDITS = 61  # of graphql-http 1.23: one that vanished would pass unseen


@dataclass(frozen=True, slots=True)
class Finding:
    """What an audit found: `ok`, or with the reason `warn` (a SHOULD), `notice` (a MAY) or `error` (a MUST)."""

    id: str
    name: str
    status: str
    reason: str | None = None


async def audited(url: str, headers: Mapping[str, str] | None = None) -> list[Finding]:
    """What all audits find at the URL. `headers` go along with each request."""
    await asyncio.to_thread(ensure_installed, FOLDER)
    process = await asyncio.create_subprocess_exec(
        str(NODE), "audit.mjs", url, json.dumps(dict(headers or {})), cwd=FOLDER, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, f"the audit of {url} broke off"
    return [Finding(**json.loads(line)) for line in output.splitlines()]


def shortcomings(findings: list[Finding]) -> list[str]:
    """What is not as the specification says, be it a MUST, a SHOULD or a MAY."""
    assert len(findings) == AUDITS, "audits are missing"
    return [f"{found.id} {found.name}: {found.reason}" for found in findings if found.status != "ok"]
