"""`payflow seed` on a whole platform: a world that is there once, however often it is told, and books that balance."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import Any

import pytest

from payflow.dev.seed.people import MIA
from payflow.dev.seed.story import tell
from tests.e2e.conftest import REPOSITORY, Platform
from tests.subgraphs.harness import Client

STILL_S = 2.0  # without a change: rewards take a twentieth of it
LOGIN = """
mutation ($input: LoginInput!) { login(input: $input) { ... on Session { accessToken } ... on Problem { message } } }
"""
MINE = """
{ me {
  transfers(first: 100) { edges { node { id kind status note } } }
  paymentRequests(first: 100) { edges { node { id status } } }
  notifications(first: 100) { edges { node { id } } }
  unreadNotificationCount
  rewardsEarned { amount currency }
  wallets { currency balance { available { amount } held { amount } } entries(first: 100) { edges { node { id kind } } } }
} }
"""


def seed(platform: Platform) -> str:
    """What `payflow seed` prints."""
    command = [sys.executable, "-m", "payflow", "seed", "--port", str(platform.port)]
    told = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=150, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
    return told.stdout


async def what_mia_has(api: Client) -> dict[str, Any]:
    """All of it, once the rewards that follow her payments have come."""
    session = await api.data(LOGIN, {"input": {"email": MIA.email, "password": MIA.password}})
    token = session["login"]["accessToken"]
    before, mine = None, await api.data(MINE, token=token)
    while before != mine:
        await asyncio.sleep(STILL_S)
        before, mine = mine, await api.data(MINE, token=token)
    has: dict[str, Any] = mine["me"]
    return has


@pytest.mark.timeout(300)  # some 600 operations; on a machine with other things to do they take a minute or two
async def test_a_world_is_made_once(platform: Platform, api: Client) -> None:
    """Who is listed can sign in, and has what the story says and what it earned; a second run adds nothing."""
    told = seed(platform)
    mine = await what_mia_has(api)
    earned = {money["currency"]: money["amount"] for money in mine["rewardsEarned"]}
    has = {wallet["currency"]: wallet["balance"]["available"]["amount"] for wallet in mine["wallets"]}
    story = {currency: balance for (handle, currency), balance in tell(1).balances().items() if handle == MIA.handle}

    assert f"{MIA.email}" in told
    assert MIA.password in told
    assert has == {currency: balance + earned.get(currency, 0) for currency, balance in story.items()}
    assert {request["node"]["status"] for request in mine["paymentRequests"]["edges"]} >= {"OPEN", "PAID"}
    assert {transfer["node"]["status"] for transfer in mine["transfers"]["edges"]} == {"COMPLETED"}
    assert 0 < mine["unreadNotificationCount"] < len(mine["notifications"]["edges"])

    again = seed(platform)

    assert "Nobody of them is new" in again
    assert await what_mia_has(api) == mine
    assert "The ledger balances" in platform.payflow("ledger", "verify").stdout
