"""The embedded PostgreSQL: first start, interrupted first start, a long path, the leftovers of a killed server."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from payflow.dev.errors import CannotStart
from payflow.dev.folders import Folders
from payflow.dev.passwords import Passwords
from payflow.dev.postgres import PostgresServer, binary, postgres_part, prepare_postgres
from payflow.dev.provision import make_databases
from payflow.dev.testing import private_temporary_folder, running


@pytest.fixture
def folder() -> Iterator[Path]:
    """One that PostgreSQL's account may reach, also where the tests run as root."""
    with private_temporary_folder() as folder:
        yield folder


def server_in(root: Path) -> PostgresServer:
    """A server whose files are below `root`."""
    folders = Folders(root)
    return PostgresServer(folders.postgres, folders.socket_folder("postgres"), "secret")


def test_it_serves_from_a_path_too_long_for_a_socket(folder: Path) -> None:
    """The data is where it was asked to be, the socket somewhere shorter."""
    server = server_in(folder / ("long" * 30) / "data")
    server.data.parent.mkdir(parents=True)
    prepare_postgres(server, sync=False)
    try:
        with running(postgres_part(server), logs=folder):
            assert asyncio.run(settings(server, "data_directory", "data_checksums")) == [str(server.data), "on"]
    finally:
        shutil.rmtree(server.sockets)


def test_a_login_without_the_password_is_refused(folder: Path) -> None:
    """Also for the superuser, also over the local socket."""
    server = server_in(folder)
    prepare_postgres(server, sync=False)
    with running(postgres_part(server), logs=folder), pytest.raises(asyncpg.InvalidPasswordError):
        asyncio.run(settings(dataclasses.replace(server, password="guess")))


def test_an_interrupted_first_start_is_done_again(folder: Path) -> None:
    """What initdb had left half made is not taken for a database."""
    server = server_in(folder)
    half = server.data.with_name("postgres.initdb")
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")

    prepare_postgres(server, sync=False)

    assert (server.data / "global" / "pg_control").exists()
    assert not half.exists()


def test_a_server_that_outlived_its_supervisor_is_ended(folder: Path) -> None:
    """Two servers on one set of files would be the end of the files."""
    server = server_in(folder)
    prepare_postgres(server, sync=False)
    with running(postgres_part(server), logs=folder) as process:
        prepare_postgres(server, sync=False)

        assert process.wait(timeout=10) == 0
        assert not (server.data / "postmaster.pid").exists()


def test_a_stale_pid_file_does_not_end_a_stranger(folder: Path) -> None:
    """Its pid belongs to somebody else by now."""
    server = server_in(folder)
    prepare_postgres(server, sync=False)
    stranger = subprocess.Popen(["sleep", "60"])
    (server.data / "postmaster.pid").write_text(f"{stranger.pid}\n{server.data}\n")

    prepare_postgres(server, sync=False)

    assert stranger.poll() is None
    assert not (server.data / "postmaster.pid").exists()
    os.kill(stranger.pid, signal.SIGKILL)
    stranger.wait()


def test_lost_passwords_are_one_sentence(folder: Path) -> None:
    """Whoever removed secrets.json is told what to do."""
    server = server_in(folder)
    prepare_postgres(server, sync=False)
    advice = r"restore secrets\.json, or start over with `payflow up --reset`"
    with running(postgres_part(server), logs=folder), pytest.raises(CannotStart, match=advice):
        asyncio.run(
            make_databases(dataclasses.replace(server, password="another"), Passwords.make(), services=["users"])
        )


def test_the_server_does_not_run_as_root(folder: Path) -> None:
    """Root's PostgreSQL runs as an account of its own, which owns the data."""
    server = server_in(folder)
    prepare_postgres(server, sync=False)

    assert server.data.stat().st_uid != 0
    assert server.data.stat().st_mode & 0o777 == 0o700
    assert Path(binary("postgres")).exists()


async def settings(server: PostgresServer, *names: str) -> list[object]:
    """Log in as the superuser and read settings of the server."""
    connection = await asyncpg.connect(server.url())
    try:
        return [await connection.fetchval(f"SHOW {name}") for name in names]
    finally:
        await connection.close()
