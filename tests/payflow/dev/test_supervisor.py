"""Starting in order, starting again, stopping all: the supervisor with small processes."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from payflow.dev.errors import CannotStart
from payflow.dev.guardian import Guardian
from payflow.dev.logs import Logs
from payflow.dev.parts import Part
from payflow.dev.running import RESTART_DELAY_MAX_S, restart_delay
from payflow.dev.state import PartState, PartStatus, StackStatus
from payflow.dev.supervisor import Step, Supervisor

SLEEP = "import time; time.sleep(60)"
FAMILY = "import subprocess, sys; subprocess.Popen(['sleep', '60']); subprocess.Popen(['setsid', 'sleep', '60']).wait()"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"


@pytest.fixture
def guardian() -> Iterator[Guardian]:
    """The real one."""
    with Guardian() as guardian:
        yield guardian


class World:
    """A supervisor for the units that a test names, on its own folder."""

    def __init__(self, folder: Path, guardian: Guardian) -> None:
        self.folder, self.guardian, self.order = folder, guardian, list[str]()

    def supervisor(self, *units: Part | Step) -> Supervisor:
        """One that notes the order of what it starts."""
        return Supervisor(
            units,
            logs=Logs(self.folder / "logs"),
            guardian=self.guardian,
            state_file=self.folder / "state.json",
            port=1,
            progress=self.order.append,
        )

    def status(self, name: str) -> PartStatus:
        """What the state file says of a part."""
        status = StackStatus.read(self.folder / "state.json")
        assert status is not None
        return next(part for part in status.parts if part.name == name)


@pytest.fixture
def world(tmp_path: Path, guardian: Guardian) -> World:
    """An empty world."""
    return World(tmp_path, guardian)


async def yes() -> bool:
    """A part that answers at once."""
    return True


async def no() -> bool:
    """A part that never answers."""
    return False


def part(name: str, code: str = SLEEP, *, after: tuple[str, ...] = (), layer: int = 0, silent: bool = False) -> Part:
    """A Python process."""
    command = (sys.executable, "-c", code)
    return Part(name=name, command=command, answers=no if silent else yes, after=after, layer=layer)


async def eventually(condition: object) -> None:
    """Wait until the callable holds."""
    assert callable(condition)
    async with asyncio.timeout(15):
        while not condition():
            await asyncio.sleep(0.05)


async def test_units_start_when_those_before_them_are_up(world: World) -> None:
    """A step runs between the parts that it is between; what waits for nothing starts first."""

    async def note() -> None:
        world.order.append("migrated")

    supervisor = world.supervisor(
        part("service", after=("migrations", "elsewhere")),
        Step(name="migrations", doing="migrate", run=note, after=("database",)),
        part("database"),
    )
    await supervisor.start()
    await supervisor.stop()

    assert world.order == ["Starting database", "migrate", "migrated", "Starting service"]


@pytest.mark.parametrize(("deaths", "delay"), [(1, 0.5), (2, 1), (3, 2), (4, 4), (5, 8), (6, 15), (1000, 15)])
def test_the_delay_before_a_restart_doubles_within_bounds(deaths: int, delay: float) -> None:
    """Half a second first, a quarter of a minute at most."""
    assert restart_delay(deaths) == delay <= RESTART_DELAY_MAX_S


async def test_a_dead_part_is_restarted_and_its_orphans_are_ended(world: World) -> None:
    """The count of restarts goes up, the state tells, and children of the dead do not live on."""
    supervisor = world.supervisor(part("family", "import subprocess; subprocess.run(['sleep', '60'])"))
    await supervisor.start()
    first = world.status("family")
    assert first.pid is not None
    await eventually(lambda: len(psutil.Process(first.pid).children()) == 1)
    (orphan,) = psutil.Process(first.pid).children()

    os.kill(first.pid, signal.SIGKILL)
    await eventually(lambda: world.status("family").state is PartState.RESTARTING)
    await eventually(lambda: world.status("family").is_up)

    second = world.status("family")
    assert (second.restarts, second.pid == first.pid) == (1, False)
    assert not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE
    await supervisor.stop()


async def test_a_part_that_keeps_dying_is_restarted_ever_more_slowly(world: World) -> None:
    """Each death is said with the delay that follows."""
    supervisor = world.supervisor(part("mayfly", "import time; time.sleep(0.3)"))
    await supervisor.start()
    await eventually(lambda: world.status("mayfly").restarts >= 3)
    await supervisor.stop()

    journal = (world.folder / "logs" / "payflow.log").read_text()
    assert [f"starting it again in {delay} s" in journal for delay in ("0.5", "1", "2")] == [True] * 3


async def test_a_part_that_dies_at_once_fails_the_start_with_its_last_words(world: World) -> None:
    """The error quotes the log; what else had started can be stopped."""
    supervisor = world.supervisor(
        part("other"), part("broken", "import sys; sys.exit('no such table: coins')", silent=True)
    )

    with pytest.raises(CannotStart, match=r"broken stopped with exit code 1 while starting: no such table: coins"):
        await supervisor.start()

    other = world.status("other")
    await supervisor.stop()
    assert other.process is not None
    assert other.process.find() is None


async def test_a_missing_program_fails_the_start(world: World) -> None:
    """The sentence names the part."""
    supervisor = world.supervisor(Part(name="ghost", command=("/no/such/program",), answers=yes))

    with pytest.raises(CannotStart, match=r"ghost cannot be started: .*No such file"):
        await supervisor.start()

    await supervisor.stop()


async def test_stop_ends_children_of_children_and_removes_the_state(world: World) -> None:
    """Also a grandchild in a session of its own."""
    supervisor = world.supervisor(part("family", FAMILY))
    await supervisor.start()
    leader = psutil.Process(world.status("family").pid)
    await eventually(lambda: len(leader.children(recursive=True)) == 2)
    children = leader.children(recursive=True)

    await supervisor.stop()

    assert not [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]
    assert not (world.folder / "state.json").exists()


async def test_stop_goes_through_the_layers_from_the_top(world: World) -> None:
    """A server lives until the service above it has ended."""
    goodbye = (
        "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit()); print('up', flush=True);"
        "\ntry: time.sleep(60)\nfinally: print(time.monotonic(), flush=True); time.sleep({pause})"
    )
    supervisor = world.supervisor(
        part("server", goodbye.format(pause=0)), part("service", goodbye.format(pause=0.5), layer=1)
    )
    await supervisor.start()
    logs = {name: world.folder / "logs" / f"{name}.log" for name in ("server", "service")}
    await eventually(lambda: all(log.read_text() for log in logs.values()))

    await supervisor.stop()

    ended = {name: float(log.read_text().splitlines()[-1]) for name, log in logs.items()}
    assert ended["server"] >= ended["service"] + 0.5


async def test_who_does_not_hear_sigterm_is_killed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """After its grace."""
    monkeypatch.setattr("payflow.dev.supervisor.STOP_GRACE_S", 0.5)
    supervisor = world.supervisor(part("deaf", DEAF))
    await supervisor.start()
    await eventually(lambda: (world.folder / "logs" / "deaf.log").read_text() == "deaf\n")
    process = world.status("deaf").process
    assert process is not None

    await supervisor.stop()

    assert process.find() is None


async def test_a_part_that_lives_and_does_not_answer_is_reported(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is failing, hence the stack is not ready, and it keeps its process."""
    monkeypatch.setattr("payflow.dev.supervisor.HEALTH_INTERVAL_S", 0.05)
    answers = [True]

    async def sometimes() -> bool:
        return answers[0]

    supervisor = world.supervisor(Part(name="moody", command=(sys.executable, "-c", SLEEP), answers=sometimes))
    await supervisor.start()
    before = world.status("moody")

    answers[0] = False
    await eventually(lambda: not world.status("moody").is_up)

    after = world.status("moody")
    assert (after.state, after.health, after.pid) == (PartState.UP, "failing", before.pid)
    answers[0] = True
    await eventually(lambda: world.status("moody").is_up)
    await supervisor.stop()
