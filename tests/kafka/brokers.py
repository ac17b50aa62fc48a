"""The brokers that tests can run on, as one shape: started, stopped, killed and wiped, always at the same address."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Literal, Protocol

from payflow.dev.broker import broker_part
from payflow.dev.parts import Part
from payflow.dev.probes import kafka_answers
from payflow.dev.testing import free_port, running
from tests.kafka.jars import APACHE, ensure_jars, java

BrokerKind = Literal["tansu", "apache"]

FORMAT_TIMEOUT_S = 60
CLUSTER_ID = "cGF5Zmxvdy10ZXN0cy0tLQ"  # any UUID in Kafka's base64 form
# One small JVM that is up soon: the first compiler only, and the collector that has no threads of its own.
JVM_OPTIONS = ("-Xms128m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true")


class Server(Protocol):
    """What differs between the brokers."""

    idempotent: ClassVar[bool]
    """Whether it has InitProducerId, so that producers may be idempotent."""
    keeps_its_log: ClassVar[bool]
    """Whether its log outlives its process."""

    def part(self, port: int) -> Part:
        """Its process, ready to be started."""
        ...

    def wipe(self) -> None:
        """Forget every log and every committed offset. Only while it is down."""
        ...


@dataclass(frozen=True, slots=True)
class Tansu:
    """The embedded broker: its log is in memory, so every end of it is a loss of everything."""

    idempotent: ClassVar[bool] = False
    keeps_its_log: ClassVar[bool] = False

    def part(self, port: int) -> Part:
        return broker_part(port)

    def wipe(self) -> None:
        """It keeps nothing anyway."""


@dataclass(frozen=True, slots=True)
class ApacheKafka:
    """Apache Kafka in KRaft mode: one node, broker and controller, with its log in a folder of its own."""

    idempotent: ClassVar[bool] = True
    keeps_its_log: ClassVar[bool] = True

    folder: Path
    controller_port: int = field(default_factory=free_port)

    def part(self, port: int) -> Part:
        """Raises KafkaUnavailable where it cannot be run on this machine."""
        settings = self.folder / "server.properties"
        settings.write_text(self._settings(port))
        if not self._data.exists():
            self._format(settings)
        return Part(
            name="kafka",
            command=(*_jvm(), "kafka.Kafka", str(settings)),
            port=port,
            answers=lambda: kafka_answers("127.0.0.1", port),
        )

    def wipe(self) -> None:
        shutil.rmtree(self._data, ignore_errors=True)

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _format(self, settings: Path) -> None:
        """Write an empty log; only the first time by Kafka's own tool, which costs a JVM."""
        blank = self.folder / "blank"
        if not blank.exists():
            command = [*_jvm(), "kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", str(settings)]
            ended = subprocess.run(command, capture_output=True, text=True, timeout=FORMAT_TIMEOUT_S, check=False)
            if ended.returncode != 0:
                raise RuntimeError(f"Kafka's storage cannot be formatted: {ended.stdout}{ended.stderr}")
            self._data.rename(blank)
        shutil.copytree(blank, self._data)

    def _settings(self, port: int) -> str:
        """One node that keeps one copy of everything, deals partitions out at once, and makes no topic that it is not asked for."""
        settings = {
            "process.roles": "broker,controller",
            "node.id": 1,
            "controller.quorum.voters": f"1@127.0.0.1:{self.controller_port}",
            "controller.listener.names": "CONTROLLER",
            "listeners": f"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{self.controller_port}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "log.dirs": self._data,
            "auto.create.topics.enable": "false",
            "offsets.topic.num.partitions": 1,
            "offsets.topic.replication.factor": 1,
            "transaction.state.log.num.partitions": 1,
            "transaction.state.log.replication.factor": 1,
            "transaction.state.log.min.isr": 1,
            "group.initial.rebalance.delay.ms": 0,
            "group.min.session.timeout.ms": 1000,
            # A node that was killed is let in again when its controller has missed it for this long.
            "broker.heartbeat.interval.ms": 300,
            "broker.session.timeout.ms": 1500,
        }
        return "".join(f"{name}={value}\n" for name, value in settings.items())


@dataclass(slots=True)
class Broker:
    """A broker under trial. `end` stops it politely; `kill` is SIGKILL; a `wipe` in between loses its disk."""

    server: Server
    logs: Path
    port: int = field(default_factory=free_port)
    _life: ExitStack = field(default_factory=ExitStack)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def servers(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def idempotent(self) -> bool:
        return self.server.idempotent

    @property
    def keeps_its_log(self) -> bool:
        return self.server.keeps_its_log

    def start(self) -> None:
        self._process = self._life.enter_context(running(self.server.part(self.port), logs=self.logs))

    def stop(self) -> None:
        """Have it end in its own way."""
        self._process = None
        self._life.close()

    def kill(self) -> None:
        """End it in the middle of whatever it does."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self.stop()

    def wipe(self) -> None:
        self.server.wipe()

    async def lose_everything(self, *, away_s: float = 0) -> None:
        """Die, and come back empty at the same address."""
        await asyncio.to_thread(self.kill)
        self.wipe()
        await asyncio.sleep(away_s)
        await asyncio.to_thread(self.start)


def make_broker(kind: BrokerKind, *, folder: Path, logs: Path) -> Broker:
    """A broker that is not started yet, with its data in `folder` and what it says in `logs`. Raises KafkaUnavailable."""
    return Broker(ApacheKafka(folder) if kind == "apache" else Tansu(), logs)


def _jvm() -> tuple[str, ...]:
    logging = f"-Dlog4j2.configurationFile={APACHE / 'log4j2.properties'}"
    return (java(), *JVM_OPTIONS, logging, "-cp", f"{ensure_jars()}/*")
