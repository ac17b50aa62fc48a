"""The browser is found, or installed, or asked for in words that help."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.chromium import NAMED_BY, ChromiumUnavailable, ensure_chromium

APT_GET = """#!/bin/sh
echo "$*" >> {log}
case "$*" in *install*) printf '#!/bin/sh\\n' > {folder}/chromium; /bin/chmod +x {folder}/chromium;; esac
"""


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The only folder with programs, without any at first."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv(NAMED_BY, raising=False)
    return folder


def program(path: Path, text: str = "#!/bin/sh\n") -> Path:
    path.write_text(text)
    path.chmod(0o755)
    return path


def test_the_one_on_the_path(programs: Path) -> None:
    """Is taken as it is."""
    mine = program(programs / "chromium")

    assert ensure_chromium() == mine


def test_the_named_one(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Comes first."""
    program(programs / "chromium")
    mine = program(programs / "chrome-of-mine")
    monkeypatch.setenv(NAMED_BY, str(mine))

    assert ensure_chromium() == mine


def test_a_name_of_nothing(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is an error, though there were others."""
    program(programs / "chromium")
    monkeypatch.setenv(NAMED_BY, "/nowhere/chrome")

    with pytest.raises(ChromiumUnavailable, match="/nowhere/chrome, which is no program"):
        ensure_chromium()


def test_it_is_installed_for_root(programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By apt-get, after a look at what there is."""
    log = tmp_path / "log"
    program(programs / "apt-get", APT_GET.format(log=log, folder=programs))
    monkeypatch.setattr("os.geteuid", lambda: 0)

    assert ensure_chromium() == programs / "chromium"
    assert [line.split()[1] for line in log.read_text().splitlines()] == ["update", "install"]


def test_apt_fails(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it said is told, with what to do."""
    program(programs / "apt-get", "#!/bin/sh\necho no network >&2\nexit 100\n")
    monkeypatch.setattr("os.geteuid", lambda: 0)

    with pytest.raises(ChromiumUnavailable, match=r"(?s)apt-get install chromium.*no network"):
        ensure_chromium()


@pytest.mark.parametrize("tools", [(), ("apt-get",), ("apt-get", "sudo")])
def test_who_may_not_install(programs: Path, tools: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """Is told what to do: without apt, without sudo, and where sudo asks for a password."""
    for tool in tools:
        program(programs / tool, "#!/bin/sh\nexit 1\n")
    monkeypatch.setattr("os.geteuid", lambda: 1000)

    with pytest.raises(ChromiumUnavailable, match="apt-get install chromium"):
        ensure_chromium()
