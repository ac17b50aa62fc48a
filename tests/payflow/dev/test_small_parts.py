"""Ports, folders, environment, state and passwords: the decisions behind `payflow up`."""

from __future__ import annotations

import json
import os
import socket
from dataclasses import asdict
from pathlib import Path

import pytest

from payflow.dev.environment import passed_on
from payflow.dev.errors import AlreadyRunning, CannotStart
from payflow.dev.folders import SOCKET_PATH_MAX, Folders, private_folder
from payflow.dev.passwords import load_or_make_passwords
from payflow.dev.ports import OFFSETS, ports_from, refuse_taken
from payflow.dev.processes import ProcessId
from payflow.dev.provision import revisions_fingerprint
from payflow.dev.state import Health, PartState, PartStatus, StackStatus, exclusively, holder


def test_every_port_follows_from_the_routers() -> None:
    """The defaults that the documentation names."""
    ports = ports_from(4000)

    assert (ports["router"], ports["users"], ports["notifications"], ports["broker"]) == (4000, 4101, 4105, 4192)
    assert len(set(ports.values())) == len(OFFSETS)


@pytest.mark.parametrize("port", [-1, 0, 80, 65344, 70000])
def test_a_router_port_without_room_is_refused(port: int) -> None:
    """Privileged, or so high that another part's would not exist."""
    with pytest.raises(CannotStart, match=f"--port {port} is not possible"):
        ports_from(port)


def test_a_port_whose_last_connection_is_closing_is_not_taken() -> None:
    """TIME_WAIT after a restart keeps nobody from listening again."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as every server does
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            accepted, _ = listener.accept()
            accepted.close()

    refuse_taken({"router": port})


def test_sockets_are_in_the_data_directory_where_its_path_is_short_enough() -> None:
    """Otherwise in a folder of the user's own, which depends on the data directory alone."""
    short, long = Folders(Path("/srv/payflow")), Folders(Path("/srv") / ("x" * 90))

    assert short.socket_folder("postgres") == Path("/srv/payflow/run/postgres")
    assert long.socket_folder("postgres") == long.socket_folder("postgres")
    assert long.socket_folder("postgres") != Folders(Path("/srv") / ("y" * 90)).socket_folder("postgres")
    assert len(os.fsencode(long.socket_folder("postgres") / ".s.PGSQL.5432")) <= SOCKET_PATH_MAX


def test_a_private_folder_is_not_shared_with_whoever_made_it_first(tmp_path: Path) -> None:
    """A link or a file in its place, as somebody may lay in /tmp, is refused."""
    (tmp_path / "link").symlink_to(tmp_path)
    (tmp_path / "loose").mkdir(mode=0o777)

    assert private_folder(tmp_path / "loose").stat().st_mode & 0o777 == 0o700
    with pytest.raises(CannotStart, match="is not a folder of ours"):
        private_folder(tmp_path / "link")


def test_settings_of_ours_are_passed_on_and_those_of_the_stack_refused() -> None:
    """PAYFLOW_LOG_LEVEL reaches every process, server URLs only those that need them."""
    environ = {"PAYFLOW_LOG_LEVEL": "DEBUG", "PAYFLOW_REDIS_URL": "redis://x", "PAYFLOW_PORT": "5000", "HOME": "/root"}

    assert passed_on(environ) == {"PAYFLOW_LOG_LEVEL": "DEBUG"}
    with pytest.raises(CannotStart, match="PAYFLOW_JWKS_URL is set by `payflow up` itself"):
        passed_on({"PAYFLOW_JWKS_URL": "http://x"})


def test_one_holder_at_a_time(tmp_path: Path) -> None:
    """The second is refused; when the first lets go, the folder is free again."""
    folders = Folders(tmp_path)
    with exclusively(folders):
        assert holder(folders) == os.getpid()
        with pytest.raises(AlreadyRunning, match="PayFlow is already running"), exclusively(folders):
            pass

    assert holder(folders) is None
    with exclusively(folders):
        pass


def test_the_state_is_read_back_as_written(tmp_path: Path) -> None:
    """And what cannot be understood is as good as nothing."""
    status = StackStatus(ProcessId(1, 2.5), ProcessId(3, 4.5), 4000, [PartStatus("wallet", 4102)], ["valkey"])
    status.parts[0].process = ProcessId(5, 6.5)
    status.parts[0].state, status.parts[0].health = PartState.UP, Health.OK
    status.write(tmp_path / "state.json")

    assert StackStatus.read(tmp_path / "state.json") == status
    (tmp_path / "state.json").write_text('{"ready": true}')
    assert StackStatus.read(tmp_path / "state.json") is None
    assert StackStatus.read(tmp_path / "none.json") is None


def test_a_pid_used_again_is_another_process() -> None:
    """The start time tells them apart."""
    me = ProcessId.of(os.getpid())
    assert me is not None
    assert me.find() is not None
    assert ProcessId(pid=me.pid, started=me.started - 1).find() is None


def test_passwords_are_made_once(tmp_path: Path) -> None:
    """For their owner only; a damaged file is refused, not replaced."""
    path = tmp_path / "secrets.json"
    first, second = load_or_make_passwords(path), load_or_make_passwords(path)

    assert first == second
    assert len({first.postgres, first.valkey, *first.databases.values()}) == 7
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_text('{"postgres": 1')
    with pytest.raises(CannotStart, match=r"secrets\.json is damaged"):
        load_or_make_passwords(path)


def test_passwords_that_a_file_of_older_times_lacks_are_added(tmp_path: Path) -> None:
    """Those that it has stay, since the servers know them; the owner's is made once."""
    path = tmp_path / "secrets.json"
    older = {name: value for name, value in asdict(load_or_make_passwords(path)).items() if name != "owners"}
    path.write_text(json.dumps(older))

    first, second = load_or_make_passwords(path), load_or_make_passwords(path)

    assert first == second
    assert set(first.owners) == {"wallet"}
    assert {name: value for name, value in asdict(first).items() if name != "owners"} == older
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_fingerprint_of_the_migrations_follows_every_revision(tmp_path: Path) -> None:
    """A new file, a changed file and a renamed file each change it."""
    folder = tmp_path / "subgraphs" / "wallet" / "migrations"
    folder.mkdir(parents=True)
    seen = [revisions_fingerprint(tmp_path)]
    (folder / "0001.py").write_text("a")
    seen.append(revisions_fingerprint(tmp_path))
    (folder / "0001.py").write_text("b")
    seen.append(revisions_fingerprint(tmp_path))
    (folder / "0001.py").rename(folder / "0002.py")
    seen.append(revisions_fingerprint(tmp_path))

    assert len(set(seen)) == 4
    assert revisions_fingerprint(tmp_path) == seen[-1]
