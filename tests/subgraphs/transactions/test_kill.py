"""The real service as a process of its own, killed with SIGKILL in the middle of a transfer, against the real wallet service."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import aiohttp

from payflow.client import wallet as wallet_api
from payflow.dev.testing import free_port
from payflow.kernel.ids import new_id
from payflow.kernel.settings import Settings
from subgraphs.transactions.wallet_gateway import ClientWallets
from subgraphs.wallet.app import create_app as create_wallet_app
from tests.subgraphs.conftest import REPOSITORY, MakeSettings
from tests.subgraphs.harness import Client, Keys, running
from tests.subgraphs.transactions.test_gateways import RealBank

START_WITHIN_S = 40
RECOVER_WITHIN_S = 40  # the lease of the killed process must end first
SEND = """
mutation ($input: TransferInput!) {
  transfer(input: $input) { __typename ... on Transfer { id status } ... on Problem { message } }
}
"""
MINE = """
query ($id: ID!) {
  _entities(representations: [{__typename: "User", id: $id}]) {
    ... on User { transfers { edges { node { id status steps { name status attempts } } } } }
  }
}
"""


def environment(settings: Settings, keys: Keys, *, port: int, wallet_url: str, failpoints: str) -> dict[str, str]:
    """What the process is told; nothing of PayFlow's is inherited."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PAYFLOW_")}
    return {
        **inherited,
        "PAYFLOW_TRANSACTIONS_DATABASE_URL": settings.database_url("transactions"),
        "PAYFLOW_TRANSACTIONS_PORT": str(port),
        "PAYFLOW_WALLET_URL": wallet_url,
        "PAYFLOW_JWKS_URL": keys.jwks_url,
        "PAYFLOW_SERVICE_JWKS_FILE": str(settings.service_jwks_file),
        "PAYFLOW_SERVICE_KEY_FILE": str(settings.service_key_file),
        "PAYFLOW_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
        "PAYFLOW_REDIS_URL": "redis://127.0.0.1:1/0",
        "PAYFLOW_FAILPOINTS": failpoints,
    }


@asynccontextmanager
async def process(environ: dict[str, str], log: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """The service, once it is ready; ended with the block."""
    with log.open("ab") as output:
        running_ = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "subgraphs",
            "serve",
            "transactions",
            cwd=REPOSITORY,
            env=environ,
            stdout=output,
            stderr=output,
        )
    try:
        await ready(f"http://127.0.0.1:{environ['PAYFLOW_TRANSACTIONS_PORT']}/ready", running_, log)
        yield running_
    finally:
        if running_.returncode is None:
            running_.terminate()
        await asyncio.wait_for(running_.wait(), START_WITHIN_S)


async def ready(url: str, running_: asyncio.subprocess.Process, log: Path) -> None:
    async with aiohttp.ClientSession() as http, asyncio.timeout(START_WITHIN_S):
        while True:
            assert running_.returncode is None, log.read_text()
            try:
                async with http.get(url) as response:
                    if response.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)


async def test_a_killed_process_finishes_its_transfers_when_it_is_back(
    make_settings: MakeSettings, keys: Keys, tmp_path: Path
) -> None:
    """Killed between hold and capture, or with the capture done and not recorded: after a restart the money has moved once."""
    async with asyncio.TaskGroup() as both:  # each waits for a lease to end
        for point in ("saga.recorded_hold", "saga.after_capture"):
            (tmp_path / point).mkdir()
            of_wallet, of_transactions = await make_settings("wallet"), await make_settings("transactions")
            both.create_task(comes_right(of_wallet, of_transactions, keys, tmp_path / point, point))


async def comes_right(of_wallet: Settings, of_transactions: Settings, keys: Keys, tmp_path: Path, point: str) -> None:
    """A process is killed at this point, and another finishes what it began."""
    async with AsyncExitStack() as stack:
        wallet = await stack.enter_async_context(running(create_wallet_app(of_wallet)))
        wallet_url, port, ada, bob = f"{wallet.url}/graphql", free_port(), new_id(), new_id()
        client = wallet_api.Client(wallet_url, token=lambda: keys.service_token("transactions"))
        bank = RealBank(ClientWallets(await stack.enter_async_context(client)), wallet, keys)
        payer, payee = await bank.open(ada, "USD", 10_000), await bank.open(bob, "USD")
        environ = environment(
            of_transactions,
            keys,
            port=port,
            wallet_url=wallet_url,
            failpoints=f"{point}=kill@{tmp_path / 'marker'}",
        )
        http = await stack.enter_async_context(aiohttp.ClientSession())
        transactions, token = Client(f"http://127.0.0.1:{port}", http), keys.user_token(ada)
        order = {
            "fromWalletId": str(payer.id),
            "to": {"walletId": str(payee.id)},
            "amount": {"amount": 2_500, "currency": "USD"},
            "idempotencyKey": uuid4().hex,
        }

        async with process(environ, tmp_path / "log") as killed:
            with contextlib.suppress(aiohttp.ClientError):
                told = await transactions.data(SEND, {"input": order}, token=token)
                assert told["transfer"]["status"] == "PENDING", "it took so long that its client was answered first"
            assert await asyncio.wait_for(killed.wait(), START_WITHIN_S) == -signal.SIGKILL
        assert await bank.available(payer) == 7_500

        async with process(environ, tmp_path / "log"):
            found = await ended(transactions, ada, token)
            repeated = await transactions.data(SEND, {"input": order}, token=token)

        assert found["status"] == "COMPLETED"
        assert [step["status"] for step in found["steps"]] == ["DONE", "DONE"]
        assert repeated["transfer"] == {"__typename": "Transfer", "id": found["id"], "status": "COMPLETED"}
        assert (await bank.available(payer), await bank.available(payee)) == (7_500, 2_500)


async def ended(transactions: Client, user_id: UUID, token: str) -> dict[str, Any]:
    """The user's one transfer, once it has ended."""
    async with asyncio.timeout(RECOVER_WITHIN_S):
        while True:
            data = await transactions.data(MINE, {"id": str(user_id)}, token=token)
            (edge,) = data["_entities"][0]["transfers"]["edges"]
            found: dict[str, Any] = edge["node"]
            if found["status"] != "PENDING":
                return found
            await asyncio.sleep(0.2)
