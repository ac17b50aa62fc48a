"""The README's first steps, as written, against the running platform."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

from tests.e2e.conftest import Platform

README = (Path(__file__).parents[2] / "README.md").read_text()


def test_the_first_query(platform: Platform) -> None:
    """The curl that the README shows answers without a token."""
    [command] = re.findall(r"```bash\n(curl .*?)```", README, re.DOTALL)

    here = command.replace("127.0.0.1:4000", f"127.0.0.1:{platform.port}")
    answer = subprocess.run(["bash", "-c", here], capture_output=True, text=True, check=True)

    assert json.loads(answer.stdout)["data"]["campaigns"][0]["rate"] == 100


def test_the_demo(platform: Platform) -> None:
    """`payflow demo` tells its story to the end: the saga, a request paid, a refund, the notifications, the rewards, both balances."""
    told = platform.demo()

    for word in (
        "HOLD",
        "CAPTURE",
        "COMPLETED",
        "You sent $25.00",
        "You received $25.00",
        "You earned $0.25",
        "finds a request of @bob",
        "You are asked for $12.50",
        "Your request for $12.50 was paid",
        "gives $2.50 back",
        "You got $2.50 back",
        "You earned $0.12",
        "$65.37",  # 100.00 - 25.00 + 0.25 - 12.50 + 0.12 + 2.50
    ):
        assert word in told


def test_the_ledger_balances(platform: Platform) -> None:
    """`payflow ledger verify` finds nothing wrong after all these stories."""
    verified = platform.payflow("ledger", "verify")

    assert "The ledger balances" in verified.stdout
