"""Failpoints: nothing unless armed, and exactly what they were armed with."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from payflow.kernel.errors import SettingsError
from payflow.kernel.failpoints import FailpointReached, arm, armed, failpoint, parse


async def test_unarmed_points_do_nothing() -> None:
    """Without a specification, and next to other points, nothing happens."""
    await failpoint("here")
    with armed("there=raise"):
        await failpoint("here")


async def test_raise_and_hang() -> None:
    """`raise` is a fault, `hang` waits until it is cancelled; behind the block both are gone."""
    with armed("a=raise, b=hang"):
        with pytest.raises(FailpointReached, match="a"):
            await failpoint("a")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(failpoint("b"), 0.05)
    await failpoint("a")


async def test_a_marker_makes_it_happen_once(tmp_path: Path) -> None:
    """With a marker file a point acts the first time only, also in a process that starts later."""
    with armed(f"a=raise@{tmp_path / 'marker'}"):
        with pytest.raises(FailpointReached):
            await failpoint("a")
        await failpoint("a")
    assert (tmp_path / "marker").exists()


def test_kill_is_a_real_kill(tmp_path: Path) -> None:
    """`kill` ends the process as SIGKILL does: no handler, no clean-up."""
    code = (
        "import asyncio; from payflow.kernel.failpoints import arm, failpoint\n"
        f"arm('a=kill@{tmp_path / 'marker'}')\n"
        "try:\n asyncio.run(failpoint('a'))\nfinally:\n print('cleaned up')\n"
    )
    command = [sys.executable, "-c", code]

    killed = subprocess.run(command, check=False, capture_output=True, text=True, timeout=30)
    survived = subprocess.run(command, check=False, capture_output=True, text=True, timeout=30)

    assert (killed.returncode, killed.stdout) == (-signal.SIGKILL, "")
    assert (survived.returncode, survived.stdout) == (0, "cleaned up\n")


@pytest.mark.parametrize("wrong", ["a", "a=explode", "=raise", "a=raise,b"])
def test_a_malformed_specification_is_refused(wrong: str) -> None:
    """The message names the variable, what is wrong, and the form; what was armed stays as it was."""
    with pytest.raises(SettingsError, match="PAYFLOW_FAILPOINTS has"):
        parse(wrong)
    with pytest.raises(SettingsError):
        arm(wrong)
