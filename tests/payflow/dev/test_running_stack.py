"""A stack that runs: what `status` says of it, who may log in where, who is told what, who comes back from the dead.

One stack for the whole module.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from tests.payflow.dev.harness import PARTS, Cli, command_line, embedded_url, environment_of, query, wait_until


@pytest.fixture(scope="module")
def running() -> Iterator[Cli]:
    """A stack that nobody harms."""
    with command_line() as cli:
        up = cli.up()
        assert up.returncode == 0, up.stderr
        assert "PayFlow is ready" in up.stdout
        yield cli


def test_the_status_names_every_part_as_up(running: Cli) -> None:
    """`up --detach` has ended in `PayFlow is ready`; `status` says the same, part by part, and exits with 0."""
    status, table = running.status(), running.run("status")

    assert status["ready"] is True
    assert status["external"] == []
    assert status["page"] == f"http://127.0.0.1:{running.port}/"
    assert [part["name"] for part in status["parts"]] == PARTS
    assert {(part["state"], part["health"]) for part in status["parts"]} == {("up", "ok")}
    assert table.returncode == 0
    assert all(name in table.stdout for name in (*PARTS, status["page"]))


def test_everything_binds_the_loopback_address_only(running: Cli) -> None:
    """No process of the stack listens where another machine could reach it."""
    listening = [
        connection.laddr.ip
        for process in running.processes()
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    ]

    assert len(listening) == len(PARTS) - 2, "all but PostgreSQL and Valkey, which have unix sockets"
    assert set(listening) == {"127.0.0.1"}


def test_a_process_is_told_its_own_secrets_only(running: Cli) -> None:
    """The wallet's environment names no other database and no key; the users service has the signing key."""
    environ = {name: environment_of(running, name) for name in ("wallet", "users", "transactions", "router")}

    databases = {name: {key for key in told if key.endswith("DATABASE_URL")} for name, told in environ.items()}
    keys = {
        name: {Path(value).name for key, value in told.items() if key.endswith("KEY_FILE")}
        for name, told in environ.items()
    }
    assert databases == {
        "wallet": {"PAYFLOW_WALLET_DATABASE_URL"},
        "users": {"PAYFLOW_USERS_DATABASE_URL"},
        "transactions": {"PAYFLOW_TRANSACTIONS_DATABASE_URL"},
        "router": set(),
    }
    assert keys == {
        "wallet": set(),
        "users": {"users-keys.json"},
        "transactions": {"transactions-service.pem"},
        "router": set(),
    }


def test_no_password_is_on_a_command_line(running: Cli) -> None:
    """Everybody on the machine may read command lines."""
    passwords = json.loads((running.data_dir / "secrets.json").read_text())
    secrets = [
        passwords["postgres"],
        passwords["valkey"],
        *passwords["databases"].values(),
        *passwords["owners"].values(),
    ]

    shown = " ".join(word for process in running.processes() for word in process.cmdline())

    assert len(secrets) == 8
    assert not [secret for secret in secrets if secret in shown]


def test_only_one_stack_runs_from_a_data_directory(running: Cli) -> None:
    """A second `up`, with or without `--reset`, is refused in one sentence and disturbs nothing."""

    second, reset = running.up(), running.up("--reset")

    assert second.returncode == reset.returncode == 1
    assert second.stderr == (
        f"PayFlow is already running on port {running.port} (data directory {running.data_dir}); stop it with `payflow down`\n"
    )
    assert running.status()["ready"] is True


async def test_a_role_can_log_in_to_its_own_database_only(running: Cli) -> None:
    """Not to another service's, not to `postgres` or a template; and not at all without its password."""
    mine = embedded_url(running, "wallet")

    for database in (
        "payflow_users",
        "payflow_transactions",
        "payflow_rewards",
        "payflow_notifications",
        "postgres",
        "template1",
    ):
        with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
            await asyncpg.connect(mine, database=database)
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(mine, password="guess")
    connection = await asyncpg.connect(mine)
    assert await connection.fetchval("SELECT current_database()") == "payflow_wallet"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("CREATE ROLE intruder")
    await connection.close()


async def test_rights_hold_even_if_the_login_rules_were_wide_open(running: Cli) -> None:
    """REVOKE CONNECT alone keeps a role out, pg_hba.conf aside."""
    connection = await asyncpg.connect(embedded_url(running, "wallet"))

    may = await connection.fetch(
        "SELECT datname FROM pg_database WHERE has_database_privilege('payflow_wallet', datname, 'CONNECT')"
    )

    await connection.close()
    assert [row["datname"] for row in may] == ["payflow_wallet"]


def test_a_part_that_dies_is_started_again(running: Cli) -> None:
    """Its death is counted and said in the log; what it had started is ended."""
    before = running.part("transactions")
    children = [process.pid for process in running.processes() if process.ppid() == before["pid"]]

    os.kill(before["pid"], signal.SIGKILL)
    wait_until(
        lambda: running.part("transactions")["restarts"] == 1 and running.status()["ready"], "transactions is up again"
    )

    after = running.part("transactions")
    assert after["pid"] != before["pid"]
    assert not set(children) & {process.pid for process in running.processes()}
    journal = (running.data_dir / "logs" / "payflow.log").read_text()
    assert "transactions was killed by signal 9; starting it again in 0.5 s" in journal
    assert "transactions is up again" in journal


def test_embedded_postgres_survives_a_kill(running: Cli) -> None:
    """The database server comes back after SIGKILL with what was committed."""
    query(running, "rewards", "CREATE TABLE coin AS SELECT 42 AS amount")

    os.kill(running.part("postgres")["pid"], signal.SIGKILL)
    wait_until(
        lambda: running.part("postgres")["restarts"] >= 1 and running.status()["ready"], "PostgreSQL is up again"
    )

    assert query(running, "rewards", "SELECT amount FROM coin") == 42
