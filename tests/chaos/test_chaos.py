"""Half a minute of chaos. `python -m tests.chaos --minutes 10 --seed 7` is the same for longer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from payflow.dev.testing import private_temporary_folder
from tests.chaos.outcome import show
from tests.chaos.run import Options, run
from tests.chaos.schedule import FIRST

OPTIONS = Options(seed=7, duration_s=12, gap_s=2.2, rate=15, people=5)


@pytest.fixture
def folder() -> Iterator[Path]:
    """With a path that is short enough for sockets, and that PostgreSQL's account may pass through."""
    with private_temporary_folder() as folder:
        yield folder


@pytest.mark.timeout(300)  # healing alone may take two minutes, and is told apart from standing still
def test_money_is_right_under_every_kill(folder: Path) -> None:
    """PostgreSQL, wallet, transactions and more die under load; nothing is lost, doubled or stuck, and every balance is as meant."""
    outcome = run(OPTIONS, folder, print)

    show(outcome, Console())
    assert outcome.findings == ()
    assert set(FIRST) <= set(outcome.kills)
    assert outcome.in_doubt > 0
