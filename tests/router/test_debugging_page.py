"""The page on debugging, run as it is written."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from router.commands.stages import Stage
from tests.router.test_cli import run

REPOSITORY = Path(__file__).parents[2]
PAGE = (REPOSITORY / "docs" / "DEBUGGING.md").read_text()
OPERATIONS = re.findall(r"in `(\S+\.graphql)`:\n\n```graphql\n(.*?)```", PAGE, re.DOTALL)
COMMANDS = re.findall(r"```sh\npython -m router (.*?)\n```\n(?:\n```text\n(.*?)```)?", PAGE, re.DOTALL)


@pytest.mark.parametrize(("command", "output"), [pytest.param(*each, id=each[0]) for each in COMMANDS])
def test_commands_print_what_the_page_shows(
    command: str, output: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each command prints the block below it, to its end or to the dots."""
    for name, text in OPERATIONS:
        (tmp_path / name).write_text(text)
    (tmp_path / "schema").symlink_to(REPOSITORY / "schema")
    monkeypatch.chdir(tmp_path)

    done = run(*shlex.split(command))

    shown, dots, _ = output.partition("…\n")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip("\n").startswith(shown.strip("\n"))
    assert not output or dots or done.stdout.strip("\n") == shown.strip("\n")


def test_every_stage_is_on_the_page() -> None:
    """No stage that can be printed is left out."""
    told = {match for command, _ in COMMANDS for match in re.findall(r"--stage (\w+)", command)}
    assert told | {"plan"} == {stage.value for stage in Stage}
