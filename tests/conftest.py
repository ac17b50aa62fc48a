"""The real servers as fixtures: PostgreSQL, Valkey and a Kafka broker, started once per run and only if a test asks.

The broker is the embedded one, or Apache Kafka with `--broker apache`.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
import structlog
from hypothesis import HealthCheck, settings

from payflow.dev.postgres import PostgresServer
from payflow.dev.testing import (
    DatabaseFactory,
    MakeDatabase,
    Prepare,
    TestValkey,
    private_temporary_folder,
    running_postgres,
    running_valkey,
)
from tests.e2e.conftest import Platform, temporary_platform
from tests.kafka.brokers import Broker, make_broker
from tests.kafka.jars import KafkaUnavailable
from tests.telemetry.collector import Collector, collecting

# An example is not wrong where the machine stands still for a moment; each test as a whole has its time-out.
settings.register_profile("any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--broker apache` runs what needs a broker on Apache Kafka."""
    parser.addoption("--broker", choices=("tansu", "apache"), default="tansu", help="which broker tests run on")


def pytest_configure() -> None:
    """Faults are logged plainly: structlog's pretty tracebacks take seconds each, and all that is timed in this process waits meanwhile."""
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], plain])


def pytest_sessionstart(session: pytest.Session) -> None:
    """Where tests get a second try, workers count over a socket: without this, two small messages of each test wait 40 ms for another."""
    counts = getattr(session.config, "failures_db", None)  # pytest-rerunfailures'
    if isinstance(line := getattr(counts, "sock", None), socket.socket):
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


RunningBroker = Callable[[], AbstractContextManager[Broker]]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One PostgreSQL for the whole run; `postgres_server.url()` is the superuser's."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def database_factory(postgres_server: PostgresServer) -> DatabaseFactory:
    """Makes databases that outlive a test: for fixtures of a wider scope. Prefer `make_database`."""
    return DatabaseFactory(postgres_server)


@pytest.fixture
async def make_database(database_factory: DatabaseFactory) -> AsyncIterator[MakeDatabase]:
    """`await make_database("wallet", prepare=migrate)`: the URL of a database for this test alone, dropped after it."""
    urls: list[str] = []

    async def make(name: str = "test", *, prepare: Prepare | None = None) -> str:
        urls.append(await database_factory.make(name, prepare=prepare))
        return urls[-1]

    yield make
    await asyncio.gather(*(database_factory.drop(url) for url in urls))


@pytest.fixture
async def database_url(make_database: MakeDatabase) -> str:
    """The URL of an empty database for this test alone."""
    return await make_database()


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[TestValkey]:
    """One Valkey for the whole run; `valkey_server.url` is shared, `redis_url` is not."""
    with running_valkey() as server:
        yield server


@pytest.fixture
async def redis_url(valkey_server: TestValkey) -> str:
    """The URL of an empty Valkey database for this test alone. Pub/sub channels are the server's: name them by random ids."""
    import redis.asyncio  # a third of a second that most runs of a few tests need not pay

    url = valkey_server.next_url()
    async with redis.asyncio.from_url(url) as client:
        await client.flushdb()
    return url


@pytest.fixture(scope="session")
def running_broker(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> RunningBroker:
    """`with running_broker() as broker`: one that runs, of the kind that `--broker` says, gone behind the block."""

    @contextmanager
    def run() -> Iterator[Broker]:
        logs = tmp_path_factory.mktemp("broker")  # pytest keeps the folders of the last three runs
        with private_temporary_folder() as folder:
            broker = make_broker(pytestconfig.getoption("broker"), folder=folder, logs=logs)
            try:
                broker.start()
            except KafkaUnavailable as reason:
                pytest.skip(str(reason))
            try:
                yield broker
            finally:
                broker.stop()

    return run


@pytest.fixture(scope="session")
def kafka_bootstrap(running_broker: RunningBroker) -> Iterator[str]:
    """Bootstrap servers of one broker for the whole run; others publish to it too, so filter by your own keys."""
    with running_broker() as running:
        yield running.servers


@pytest.fixture(scope="session")
def kafka_idempotence(pytestconfig: pytest.Config) -> bool:
    """Whether producers may be idempotent: always, but for the embedded broker."""
    return bool(pytestconfig.getoption("broker") == "apache")


@pytest.fixture
def fresh_kafka_bootstrap(running_broker: RunningBroker) -> Iterator[str]:
    """Bootstrap servers of an empty broker for this test alone."""
    with running_broker() as running:
        yield running.servers


@pytest.fixture
def mortal_broker(running_broker: RunningBroker) -> Iterator[Broker]:
    """An empty broker for this test alone, to be stopped, killed and wiped."""
    with running_broker() as running:
        yield running


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell the size of the failpoint matrix, where it was run, and the figures that tests took."""
    reports = [report for report in terminalreporter.getreports("passed") if report.when == "call"]
    for figure in (told for report in reports for name, told in report.user_properties if name == "figure"):
        terminalreporter.write_line(str(figure))
    passed = [report.nodeid for report in reports]
    if any(nodeid.startswith("tests/failpoints/") and "[" in nodeid for nodeid in passed):
        from tests.failpoints.matrix import summary

        terminalreporter.write_line(f"failpoints: {summary()}")


@pytest.fixture(scope="session")
def collector() -> Iterator[Collector]:
    """Takes the traces of that platform."""
    with collecting() as collector:
        yield collector


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory, collector: Collector) -> Iterator[Platform]:
    """One platform for all stories that do not break it, those of browsers among them. It traces."""
    with temporary_platform(tmp_path_factory.mktemp("platform"), PAYFLOW_OTLP_ENDPOINT=collector.endpoint) as platform:
        yield platform
