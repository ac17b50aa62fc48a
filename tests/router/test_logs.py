"""What the router's log tells of faults, and what it keeps to itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.telemetry.fault import SECRET, logged_of_a_fault


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_traceback_tells_places_and_no_values(tmp_path: Path, form: str) -> None:
    """In either form of the log: a token or a variable of a client is such a value."""
    configuring = f"from router.logs import configure_logging; configure_logging(form={form!r})"

    logged = logged_of_a_fault(configuring, tmp_path)

    assert logged.count("RuntimeError: it broke") == 2
    assert logged.count("in fail") == 2
    assert SECRET not in logged
