"""Log files within their bound, and the merged view of them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from payflow.dev.logs import Logs
from payflow.dev.view import MergedView, readable


def test_a_log_beyond_its_bound_is_moved_aside_while_its_writer_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The older part is in `.log.1`; what the open writer appends next starts the file anew."""
    monkeypatch.setattr("payflow.dev.logs.LOG_BYTES_MAX", 10)
    logs = Logs(tmp_path)
    with logs.open("wallet") as writer:
        writer.write(b"0123456789ten\n")
        writer.flush()
        logs.bound()
        writer.write(b"after\n")
        writer.flush()
        logs.bound()

    assert (tmp_path / "wallet.log.1").read_text() == "0123456789ten\n"
    assert (tmp_path / "wallet.log").read_text() == "after\n"


def test_the_last_words_are_the_message_of_the_last_line(tmp_path: Path) -> None:
    """Of a JSON line its event; of any other line all of it; of no log nothing."""
    logs = Logs(tmp_path)
    with logs.open("plain") as plain, logs.open("structured") as structured:
        plain.write(b"Traceback\nValueError: no\n")
        structured.write(b'{"event": "port taken", "level": "error"}\n')

    assert logs.last_words("plain") == "ValueError: no"
    assert logs.last_words("structured") == "port taken"
    assert logs.last_words("missing") == ""


def test_the_view_shows_new_lines_of_all_logs_with_their_names(tmp_path: Path) -> None:
    """Only whole lines, only new ones; also of a log that appears later or was cut."""
    logs = Logs(tmp_path)
    view, shown = view_of(tmp_path)
    with logs.open("users") as users:
        users.write(b"old\n")
        users.flush()
        view.skip_to_end()
        users.write(
            b'{"event": "signed up", "level": "info", "timestamp": "2026-01-02T03:04:05.678901Z", "user": 7}\nhalf'
        )
        users.flush()
        with logs.open("router") as router:
            router.write(b"Serving\n")
        view.print_new_lines()
        users.write(b" and half\n")
    view.print_new_lines()
    logs.path("router").write_text("anew\n")
    view.print_new_lines()

    assert shown.getvalue().splitlines() == [
        "router                 Serving",
        "users                  03:04:05.678 info    signed up user=7",
        "users                  half and half",
        "router                 anew",
    ]


@pytest.mark.parametrize("line", ['{"unfinished', "[1, 2]", '"text"', "plain [bold]markup[/]", '{"no": "event"}'])
def test_a_line_that_is_no_log_entry_is_shown_as_it_is(line: str) -> None:
    """Nothing is interpreted, least of all as markup."""
    assert readable(line).plain == line


def view_of(folder: Path) -> tuple[MergedView, io.StringIO]:
    """A view and what it prints."""
    shown = io.StringIO()
    return MergedView(folder, Console(file=shown, width=200)), shown
