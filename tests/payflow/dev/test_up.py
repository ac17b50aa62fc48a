"""`payflow up`, `status` and `down` with real servers and stand-in services, as somebody at a terminal sees them."""

from __future__ import annotations

import json
import os
import re
import signal
import socket

import asyncpg
import pytest

from payflow.dev.testing import DatabaseFactory, free_port
from payflow.kernel.settings import SERVICES
from tests.payflow.dev.harness import PARTS, Cli, query, wait_until


def test_down_leaves_no_process_and_no_port(cli: Cli) -> None:
    """What `up` started is gone, children of children too; a second `down` says kindly that there is nothing to do."""
    cli.up()
    assert len(cli.processes()) > len(PARTS)

    first, second = cli.run("down"), cli.run("down")

    assert (first.returncode, first.stdout) == (0, "PayFlow has stopped.\n")
    assert (second.returncode, second.stdout) == (0, "PayFlow is not running.\n")
    assert (cli.data_dir / "logs" / "supervisor.log").read_text() == "", "the supervisor had nothing to complain of"
    assert cli.processes() == []
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", cli.port))
    assert cli.run("status").returncode == 1
    assert {part["state"] for part in cli.status()["parts"]} == {"down"}


def test_state_survives_a_restart_and_reset_starts_over(cli: Cli) -> None:
    """A second start finds the databases and migrates nothing; `--reset` removes what they held and keeps the keys."""
    cli.up()
    key = (cli.data_dir / "keys" / "users-signing.pem").read_bytes()
    cli.run("down")

    again = cli.up()
    migrated_again = query(
        cli, "users", "INSERT INTO migrated DEFAULT VALUES RETURNING (SELECT count(*) FROM migrated)"
    )
    cli.run("down")
    reset = cli.up("--reset")

    assert (again.returncode, reset.returncode) == (0, 0), again.stderr + reset.stderr
    assert migrated_again == 1
    assert query(cli, "users", "SELECT count(*) FROM migrated") == 1
    assert (cli.data_dir / "keys" / "users-signing.pem").read_bytes() == key


def test_a_supervisor_killed_takes_its_children_with_it_and_the_next_start_recovers(cli: Cli) -> None:
    """After SIGKILL of the supervisor nothing lives on, and `up` works at once, even while the guardian still cleans."""
    cli.up()

    os.kill(cli.supervisor, signal.SIGKILL)
    again = cli.up()

    assert again.returncode == 0, again.stderr
    os.kill(cli.supervisor, signal.SIGKILL)
    wait_until(lambda: cli.processes() == [], "the guardian ends everything")
    assert cli.run("status").returncode == 1


def test_down_ends_what_a_killed_supervisor_and_a_killed_guardian_left(cli: Cli) -> None:
    """With the guardian gone too, the recorded processes are found by pid and start time."""
    cli.up()
    guardian = json.loads((cli.data_dir / "state.json").read_text())["guardian"]["pid"]
    os.kill(guardian, signal.SIGKILL)
    os.kill(cli.supervisor, signal.SIGKILL)

    down = cli.run("down")

    assert down.stdout == "PayFlow was not running; what an earlier run had left is ended.\n"
    assert cli.processes() == []


def test_a_stale_state_file_harms_nobody(cli: Cli) -> None:
    """A recorded pid that belongs to a stranger by now is left alone, and a stale postmaster.pid does not matter."""
    cli.up()
    state = cli.data_dir / "state.json"
    stale = re.sub(r'"pid": \d+', f'"pid": {os.getpid()}', state.read_text())
    cli.run("down")
    state.write_text(stale)
    (cli.data_dir / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{cli.data_dir}/postgres\n")

    again = cli.up()

    assert again.returncode == 0, again.stderr


def test_the_foreground_shows_logs_and_stops_on_ctrl_c(cli: Cli) -> None:
    """Without `--detach` the logs of all parts are one stream, and SIGINT ends everything with exit code 0."""
    up = cli.start("up", *cli.platform)
    assert up.stdout is not None
    lines = []
    for line in up.stdout:
        lines.append(line)
        if "PayFlow is ready" in line:
            break
    wait_until(lambda: cli.status()["ready"], "ready")

    up.send_signal(signal.SIGINT)
    rest, errors = up.communicate(timeout=60)

    assert (up.returncode, errors) == (0, "")
    assert re.search(r"^wallet +\S* ?info +listening port=\d+", "".join(lines) + rest, re.MULTILINE)
    assert rest.endswith("PayFlow has stopped.\n")
    assert cli.processes() == []


def test_ctrl_c_while_starting_leaves_nothing(cli: Cli) -> None:
    """Interrupted half-way, `up` ends with the shell's code for it and nothing runs."""
    up = cli.start("up", *cli.platform)
    wait_until(lambda: (cli.data_dir / "state.json").exists(), "the first part starts")

    up.send_signal(signal.SIGINT)
    up.communicate(timeout=60)

    assert up.returncode == 130
    assert cli.processes() == []


@pytest.mark.parametrize(("part", "offset"), [("router", 0), ("wallet", 102), ("broker", 192)])
def test_a_taken_port_is_one_sentence(cli: Cli, part: str, offset: int) -> None:
    """It names port and part and what to do; exit 1, nothing left running."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", cli.port + offset))
        listener.listen()
        up = cli.up()

    assert up.returncode == 1
    assert up.stderr == (
        f"Port {cli.port + offset} is taken and the {part} part needs it; "
        "stop what listens there, or move the whole stack with --port\n"
    )
    assert cli.processes() == []


def test_a_wrong_url_is_one_sentence_that_names_the_variable(cli: Cli) -> None:
    """It is said before anything starts, without the password; exit 1."""
    port = free_port()
    up = cli.up(PAYFLOW_REDIS_URL=f"redis://:secret@127.0.0.1:{port}/0")

    assert up.returncode == 1
    assert up.stderr.startswith(f"PAYFLOW_REDIS_URL: no Redis answers at redis://127.0.0.1:{port}/0: ")
    assert up.stderr.count("\n") == 1
    assert cli.processes() == []


def test_an_unknown_variable_is_one_sentence_with_the_nearest_name(cli: Cli) -> None:
    """A typing error in a setting is refused, not ignored."""
    up = cli.up(PAYFLOW_REDIS_ULR="redis://127.0.0.1")

    assert up.returncode == 1
    assert up.stderr == "PAYFLOW_REDIS_ULR is not a setting of PayFlow; did you mean PAYFLOW_REDIS_URL?\n"


def test_a_variable_that_the_stack_sets_itself_is_refused(cli: Cli) -> None:
    """It could not be honoured, and ignoring it would be a surprise."""
    up = cli.up(PAYFLOW_WALLET_PORT="9")

    assert up.returncode == 1
    assert up.stderr == "PAYFLOW_WALLET_PORT is set by `payflow up` itself, from --port and --data-dir; unset it\n"


def test_a_port_without_room_for_the_others_is_refused(cli: Cli) -> None:
    """The other ports follow from the router's."""
    up = cli.run("up", "--detach", "--port", "65500")

    assert up.returncode == 1
    assert up.stderr == "--port 65500 is not possible; choose one from 1024 to 65343, the others follow from it\n"


def test_a_part_that_dies_while_starting_fails_the_start_with_its_last_words(cli: Cli) -> None:
    """The sentence quotes what the part said last; nothing is left running."""
    up = cli.up(PAYFLOW_JWT_ISSUER="nobody")

    assert up.returncode == 1
    assert up.stderr == (
        f"rewards stopped with exit code 3 while starting: no such issuer (see {cli.data_dir}/logs/rewards.log)\n"
    )
    assert cli.processes() == []


async def test_every_server_can_be_replaced_by_a_url(
    cli: Cli, database_factory: DatabaseFactory, redis_url: str, kafka_bootstrap: str
) -> None:
    """With all URLs given, no embedded server is started, and the status says which servers are not ours."""
    urls = {f"PAYFLOW_{name.upper()}_DATABASE_URL": await database_factory.make(f"outside_{name}") for name in SERVICES}

    up = cli.up(PAYFLOW_REDIS_URL=redis_url, PAYFLOW_KAFKA_BOOTSTRAP_SERVERS=kafka_bootstrap, **urls)
    status = cli.status()

    assert up.returncode == 0, up.stderr
    assert status["external"] == ["postgres", "valkey", "broker"]
    assert [part["name"] for part in status["parts"]] == PARTS[3:]
    assert not (cli.data_dir / "postgres").exists()


async def test_one_database_elsewhere_leaves_the_others_embedded(cli: Cli, database_url: str) -> None:
    """Each service's database is replaced on its own; the migrations reach both kinds."""
    up = cli.up(PAYFLOW_WALLET_DATABASE_URL=database_url)

    assert up.returncode == 0, up.stderr
    assert cli.part("postgres")["state"] == "up"
    connection = await asyncpg.connect(database_url)
    assert await connection.fetchval("SELECT count(*) FROM migrated") == 1
    await connection.close()
