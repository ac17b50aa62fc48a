"""Where `payflow seed` is refused, and what it says where nothing runs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from payflow.dev.seed.command import is_local
from payflow.dev.testing import free_port


def seed(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "payflow", "seed", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:4000/graphql", True),
        ("http://127.8.8.8/graphql", True),
        ("http://localhost:4000/graphql", True),
        ("http://[::1]:4000/graphql", True),
        ("https://api.example.com/graphql", False),
        ("http://10.0.0.7:4000/graphql", False),
        ("http://0.0.0.0:4000/graphql", False),
        ("http://127.0.0.1.example.com/graphql", False),
        ("http://localhost@example.com/graphql", False),
        ("nonsense", False),
        ("http://[::1:4000/graphql", False),
    ],
)
def test_which_addresses_are_this_machines(url: str, local: bool) -> None:
    """By the host alone; a name that begins like one is none."""
    assert is_local(url) is local


def test_another_machine_is_refused() -> None:
    """Nothing is sent there; the way around is named for who knows."""
    refused = seed("--url", "https://api.example.com/graphql")

    assert refused.returncode == 1
    assert "https://api.example.com/graphql is not on this machine" in refused.stderr
    assert "--not-production" in refused.stderr


def test_without_a_platform_it_is_said() -> None:
    """With the command that starts one."""
    nobody = seed("--port", str(free_port()))

    assert nobody.returncode == 1
    assert nobody.stderr.startswith("No platform answers at http://127.0.0.1:")
    assert "start one with: payflow up" in nobody.stderr


def test_a_seed_is_a_number() -> None:
    """Told by the command line itself."""
    refused = seed("--seed", "spring")

    assert refused.returncode == 2
    assert "--seed" in refused.stderr
    assert "valid integer" in refused.stderr
