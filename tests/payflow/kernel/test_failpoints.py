"""Failpoints: nothing unless armed, and exactly what they were armed with."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from payflow.kernel.errors import SettingsError
from payflow.kernel.failpoints import FailpointReached, arm, armed, call, failpoint, parse

COMMIT, OTHER = "saga.begun", "saga.recorded_hold"


class Lost(Exception):
    """What the sender sees of a message that does not arrive."""


@dataclass
class Service:
    """Answers how often it has been called; or, called with an error, raises it."""

    error: Exception | None = None
    calls: list[int] = field(default_factory=list)

    async def __call__(self) -> int:
        self.calls.append(len(self.calls) + 1)
        if self.error is not None:
            raise self.error
        return len(self.calls)


async def test_unarmed_points_do_nothing() -> None:
    """Without a specification, and next to other points, nothing happens."""
    await failpoint(COMMIT)
    with armed(f"{OTHER}=raise"):
        await failpoint(COMMIT)
    assert await call("saga.hold", Service(), lost=Lost) == 1


async def test_raise_and_hang() -> None:
    """`raise` is a fault, `hang` waits until it is cancelled; behind the block both are gone."""
    with armed(f"{COMMIT}=raise, {OTHER}=hang"):
        with pytest.raises(FailpointReached, match=COMMIT):
            await failpoint(COMMIT)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(failpoint(OTHER), 0.05)
    await failpoint(COMMIT)


async def test_who_hangs_wakes_up_when_the_point_is_disarmed() -> None:
    """So a test can let others finish the work first, and then see what he does who comes too late."""
    with armed(f"{COMMIT}=hang"):
        hanging = asyncio.create_task(failpoint(COMMIT))
        done, _ = await asyncio.wait({hanging}, timeout=0.05)
        assert not done
    await asyncio.wait_for(hanging, 1)


async def test_cancel_ends_the_task() -> None:
    """`cancel` cancels the task that comes by, at that place."""
    with armed(f"{COMMIT}=cancel"):
        task = asyncio.create_task(failpoint(COMMIT))
        await asyncio.wait({task})
    assert task.cancelled()


@pytest.mark.parametrize(
    ("point", "action", "calls", "answer"),
    [
        ("saga.before_hold", "drop", 0, None),
        ("saga.after_hold", "drop", 1, None),
        ("saga.before_hold", "duplicate", 2, 1),
        ("saga.after_hold", "duplicate", 2, 1),
        ("saga.before_hold", "raise", 0, FailpointReached),
        ("saga.after_hold", "raise", 1, FailpointReached),
    ],
)
async def test_what_happens_to_messages(
    point: str, action: str, calls: int, answer: int | type[Exception] | None
) -> None:
    """A request or a reply is lost; a request arrives twice, at once or late, and the first answer counts; else, as at any point."""
    service = Service()

    async def send() -> int:
        await service()
        return 1

    with armed(f"{point}={action}"):
        if answer == 1:
            assert await call("saga.hold", send, lost=Lost) == 1
        else:
            with pytest.raises(answer if isinstance(answer, type) else Lost):
                await call("saga.hold", send, lost=Lost)

    assert len(service.calls) == calls


async def test_an_answer_that_is_an_error_passes_the_point_behind_the_call() -> None:
    """A refusal is a reply: it reaches the sender, and is lost where replies are."""
    with armed("saga.after_hold=duplicate"):
        service = Service(ValueError("refused"))
        with pytest.raises(ValueError, match="refused"):
            await call("saga.hold", service, lost=Lost)
        assert len(service.calls) == 2
    with armed("saga.after_hold=drop"), pytest.raises(Lost):
        await call("saga.hold", Service(ValueError("refused")), lost=Lost)


async def test_a_marker_makes_it_happen_once(tmp_path: Path) -> None:
    """With a marker file a point acts the first time only, also in a process that starts later."""
    with armed(f"{COMMIT}=raise@{tmp_path / 'marker'}"):
        with pytest.raises(FailpointReached):
            await failpoint(COMMIT)
        await failpoint(COMMIT)
    assert (tmp_path / "marker").exists()


async def test_the_first_to_come_by_may_pass() -> None:
    """With `#2` the second who comes by is the first that anything happens to."""
    with armed(f"{COMMIT}#2=raise"):
        await failpoint(COMMIT)
        with pytest.raises(FailpointReached):
            await failpoint(COMMIT)


def test_kill_is_a_real_kill(tmp_path: Path) -> None:
    """`kill` ends the process as SIGKILL does: no handler, no clean-up."""
    code = (
        "import asyncio; from payflow.kernel.failpoints import arm, failpoint\n"
        f"arm('{COMMIT}=kill@{tmp_path / 'marker'}')\n"
        f"try:\n asyncio.run(failpoint('{COMMIT}'))\nfinally:\n print('cleaned up')\n"
    )
    command = [sys.executable, "-c", code]

    killed = subprocess.run(command, check=False, capture_output=True, text=True, timeout=30)
    survived = subprocess.run(command, check=False, capture_output=True, text=True, timeout=30)

    assert (killed.returncode, killed.stdout) == (-signal.SIGKILL, "")
    assert (survived.returncode, survived.stdout) == (0, "cleaned up\n")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ("saga.begun", "PAYFLOW_FAILPOINTS has 'saga.begun'; give it as name=action"),
        ("saga.begun=explode", "the action one of raise, cancel, kill, hang, duplicate, drop"),
        ("saga.begun#x=raise", "PAYFLOW_FAILPOINTS has 'saga.begun#x=raise'; give it as"),
        ("=raise", "PAYFLOW_FAILPOINTS has '=raise'; give it as"),
        ("saga.begun=raise,x", "PAYFLOW_FAILPOINTS has 'x'; give it as"),
        ("saga.began=raise", "'saga.began', which is no failpoint; there are saga.beginning, "),
        ("saga.begun=drop", "saga.begun stands beside a commit, which is no message to drop"),
    ],
)
def test_a_malformed_specification_is_refused(wrong: str, sentence: str) -> None:
    """The message names the variable, what is wrong, and the form or the names; what was armed stays as it was."""
    with pytest.raises(SettingsError, match=sentence.replace("(", "\\(")):
        parse(wrong)
    with pytest.raises(SettingsError):
        arm(wrong)
