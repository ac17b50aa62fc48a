"""Rotation of the signing keys: steps, waits, what files are there, and what the command says."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from payflow.cli import app
from payflow.dev import rotation
from payflow.dev.errors import CannotStart
from payflow.dev.keys import USERS_KEY_RING, generate_keys, read_ring
from payflow.dev.rotation import rotate
from payflow.kernel.keyring import PUBLISHED_FOR, RETIRED_FOR, KeyState, StepKind

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
A_MOMENT = timedelta(seconds=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    generate_keys(tmp_path)
    return tmp_path


def states(folder: Path) -> list[str]:
    return [key.state.value for key in read_ring(folder / USERS_KEY_RING).keys]


def test_a_rotation_takes_its_steps_when_they_are_due_and_not_before(folder: Path) -> None:
    """Published, a wait, active while the old one is retired, a wait, the old one and its file are gone."""
    first = read_ring(folder / USERS_KEY_RING).active
    [published] = rotate(folder, now=NOW).done
    assert (published.kind, states(folder)) == (StepKind.PUBLISH, ["ACTIVE", "PUBLISHED"])

    assert rotate(folder, now=NOW + PUBLISHED_FOR - A_MOMENT).done == ()
    [activated] = rotate(folder, now=(active_at := NOW + PUBLISHED_FOR)).done
    assert (activated.kind, activated.kid, states(folder)) == (
        StepKind.ACTIVATE,
        published.kid,
        ["RETIRED", "ACTIVE"],
    )

    assert rotate(folder, now=active_at + RETIRED_FOR - A_MOMENT).done == ()
    assert (folder / first.file).exists()
    [removed] = rotate(folder, now=active_at + RETIRED_FOR).done
    assert (removed.kind, removed.kid, states(folder)) == (StepKind.REMOVE, first.kid, ["ACTIVE"])
    assert not (folder / first.file).exists()
    assert generate_keys(folder) == [], "the key of old is not made again"


def test_one_rotation_at_a_time(folder: Path) -> None:
    """While one is under way, no second key is published, however late the next call comes: it takes the step that is due."""
    rotate(folder, now=NOW)

    assert [step.kind for step in rotate(folder, now=NOW + timedelta(days=30)).done] == [StepKind.ACTIVATE]
    assert len(states(folder)) == 2


def test_force_takes_one_step_before_its_time(folder: Path) -> None:
    """For a key that was stolen: three calls make a rotation, whatever the clock says."""
    kinds = [step.kind for _ in range(3) for step in rotate(folder, now=NOW, force=True).done]

    assert kinds == [StepKind.PUBLISH, StepKind.ACTIVATE, StepKind.REMOVE]
    assert states(folder) == ["ACTIVE"]


def test_private_keys_of_a_rotation_are_for_their_owner_only(folder: Path) -> None:
    """Mode 0600, also for those that come later."""
    rotate(folder, now=NOW)

    assert {oct(path.stat().st_mode & 0o777) for path in folder.glob("*.pem")} == {"0o600"}


def test_waiting_takes_all_steps(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--wait` sleeps until each step is due and ends with the rotation."""
    now = NOW

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return now

    def sleep(seconds: float) -> None:
        nonlocal now
        now += timedelta(seconds=seconds)

    monkeypatch.setattr(rotation, "datetime", Clock)
    monkeypatch.setattr(time, "sleep", sleep)
    told: list[str] = []
    rotation.rotate_until_done(folder, tell=lambda done: told.extend(step.kind.value for step in done.done))

    assert told == ["PUBLISH", "ACTIVATE", "REMOVE"]
    assert now - NOW == PUBLISHED_FOR + RETIRED_FOR


def test_the_command_says_what_comes_next(folder: Path) -> None:
    """`payflow keys rotate`, for people and with --json, and `payflow keys list`."""
    run = CliRunner().invoke

    first = run(app, ["keys", "rotate", "--dir", str(folder)])
    again = run(app, ["keys", "rotate", "--dir", str(folder), "--json"])
    listed = run(app, ["keys", "list", "--dir", str(folder)])

    assert first.exit_code == again.exit_code == listed.exit_code == 0
    assert first.output.startswith("published ")
    assert "(in 15 min)" in first.output
    report = json.loads(again.output)
    assert report["done"] == []
    assert report["next"]["step"] == "ACTIVATE"
    assert [key["state"] for key in report["keys"]] == [KeyState.ACTIVE, KeyState.PUBLISHED]
    assert listed.output.count("ACTIVE ") == listed.output.count("PUBLISHED ") == 1
    assert all(key["kid"] in listed.output for key in report["keys"])


@pytest.mark.parametrize("content", ["", "[]", '{"keys": []}', '{"keys": [{"kid": "a"}]}'])
def test_a_ring_that_is_none_is_refused(folder: Path, content: str) -> None:
    """Neither `rotate` nor a start writes over what cannot be read."""
    (folder / USERS_KEY_RING).write_text(content)

    for attempt in (lambda: rotate(folder, now=NOW), lambda: generate_keys(folder)):
        with pytest.raises(CannotStart, match=r"users-keys\.json does not hold the ring"):
            attempt()


def test_without_keys_there_is_nothing_to_rotate(tmp_path: Path) -> None:
    """The message names the command that makes them."""
    with pytest.raises(CannotStart, match="payflow keys generate"):
        rotate(tmp_path, now=NOW)
    with pytest.raises(CannotStart, match="cannot be opened"):
        rotate(tmp_path / "absent", now=NOW)
