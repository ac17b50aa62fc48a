"""When the web client is installed and built, when it is not, and what is said where that fails."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import pytest

from payflow.dev.logs import Logs
from payflow.dev.reporter import Reporter
from payflow.dev.web import npm
from payflow.dev.web.building import bring_up_to_date
from payflow.dev.web.commands import build
from payflow.dev.web.errors import NotBuilt, WebError
from payflow.dev.web.step import web_step
from tests.payflow.dev.web.checkout import BUILDS, Checkout, make_checkout

INSTALL, BUILD = "ci --ignore-scripts --prefer-offline --loglevel=error", "run --silent build"


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    checkout = make_checkout(tmp_path)
    monkeypatch.setenv("PATH", f"{checkout.tools}:{os.environ['PATH']}")
    return checkout


@pytest.fixture
def logs(tmp_path: Path) -> Logs:
    return Logs(tmp_path / "logs")


async def bring(checkout: Checkout, logs: Logs, *, anew: bool = False) -> bool:
    return await bring_up_to_date(checkout.folder, logs, lambda _: None, anew=anew)


async def test_a_new_checkout_is_installed_and_built(checkout: Checkout, logs: Logs) -> None:
    """And what takes time is told."""
    told: list[str] = []

    assert await bring_up_to_date(checkout.folder, logs, told.append)

    assert checkout.asked == [INSTALL, BUILD]
    assert told == ["Installing the web client's packages", "Building the web client"]
    assert checkout.page == "<!doctype html>\none"


async def test_what_is_current_is_left_alone(checkout: Checkout, logs: Logs) -> None:
    """Nothing runs for it; `anew` builds it all the same."""
    await bring(checkout, logs)

    assert not await bring(checkout, logs)
    assert checkout.asked == [INSTALL, BUILD]
    assert await bring(checkout, logs, anew=True)
    assert checkout.asked == [INSTALL, BUILD, BUILD]


@pytest.mark.parametrize("changed", ["web-demo/src/main.tsx", "web-demo/src/new.tsx", "schema/api.graphql"])
async def test_a_changed_source_is_built(checkout: Checkout, logs: Logs, changed: str) -> None:
    """The API's schema is one: the client's types come from it. Packages stay as they are."""
    await bring(checkout, logs)
    (checkout.folder / changed).write_text("two")

    assert await bring(checkout, logs)
    assert checkout.asked == [INSTALL, BUILD, BUILD]


async def test_a_touched_source_is_not_built(checkout: Checkout, logs: Logs) -> None:
    """What counts is what it says; and what nobody builds from counts not at all."""
    await bring(checkout, logs)
    os.utime(checkout.web / "src" / "main.tsx", (0, 0))
    (checkout.web / "README.md").write_text("words")

    assert not await bring(checkout, logs)


async def test_a_changed_lock_is_installed(checkout: Checkout, logs: Logs) -> None:
    """Before the build."""
    await bring(checkout, logs)
    (checkout.web / "package-lock.json").write_text('{"a": 1}')

    assert await bring(checkout, logs)
    assert checkout.asked == [INSTALL, BUILD, INSTALL, BUILD]


async def test_what_somebody_installed_himself_counts(checkout: Checkout, logs: Logs) -> None:
    """npm's own record is newer than the lock file."""
    (checkout.web / "node_modules").mkdir()
    (checkout.web / "node_modules" / ".package-lock.json").write_text("{}")

    await bring(checkout, logs)

    assert checkout.asked == [BUILD]


async def test_an_edit_during_the_build_is_built_next_time(checkout: Checkout, logs: Logs) -> None:
    """The page is of the sources as they were when it began."""
    checkout.npm_does(build=f"{BUILDS} && echo three > src/main.tsx")
    await bring(checkout, logs)

    assert await bring(checkout, logs)


async def test_a_page_that_lost_its_build_is_built(checkout: Checkout, logs: Logs) -> None:
    """Whatever was noted of it went with it."""
    await bring(checkout, logs)
    (checkout.web / "dist" / "index.html").unlink()

    assert await bring(checkout, logs)


async def test_two_at_once_build_once(checkout: Checkout, logs: Logs) -> None:
    """The second finds what the first made."""
    checkout.npm_does(build=f"sleep 0.5; {BUILDS}")

    assert sorted(await asyncio.gather(bring(checkout, logs), bring(checkout, logs))) == [False, True]
    assert checkout.asked == [INSTALL, BUILD]


async def test_a_checkout_without_one_has_nothing_to_build(tmp_path: Path, logs: Logs) -> None:
    """As an installation of the services alone."""
    assert not await bring_up_to_date(tmp_path, logs, lambda _: None)


# ── where it fails ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_npm_that_cannot_be_reached_is_said(checkout: Checkout, logs: Logs) -> None:
    """In npm's own words, without the notices around them, and where the rest of them is; the next time is tried again."""
    unreachable = "printf 'npm error code ENOTFOUND\\nnpm error A complete log of this run\\n' >&2; exit 1"
    checkout.npm_does(install=unreachable)

    with pytest.raises(NotBuilt) as caught:
        await bring(checkout, logs)

    log = logs.path("web")
    assert str(caught.value) == f"npm could not install its packages: npm error code ENOTFOUND (see {log})"
    assert "A complete log" in log.read_text()
    checkout.npm_does()
    assert await bring(checkout, logs)


async def test_a_mistake_in_the_sources_is_said(checkout: Checkout, logs: Logs) -> None:
    """The first line that names an error, and no heading; of this run alone."""
    checkout.npm_does(build="echo 'error during build:'; echo 'src/main.tsx(1,1): error TS2304: no name x'; exit 2")
    for _ in range(2):
        with pytest.raises(NotBuilt, match=r"could not be built: src/main\.tsx\(1,1\): error TS2304: no name x \(see "):
            await bring(checkout, logs)


async def test_a_build_that_hangs_is_ended(
    checkout: Checkout, logs: Logs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With everything it started."""
    monkeypatch.setattr(npm, "BUILD_TIMEOUT_S", 1.0)
    checkout.npm_does(build=f"sleep 30 & echo $! > {tmp_path}/child; wait")

    with pytest.raises(NotBuilt, match="could not be built within 1 s"):
        await bring(checkout, logs)

    assert_gone(int((tmp_path / "child").read_text()))


async def test_who_is_told_to_stop_leaves_nothing_running(checkout: Checkout, logs: Logs, tmp_path: Path) -> None:
    """Ctrl-C during a first `up`."""
    checkout.npm_does(build=f"sleep 30 & echo $! > {tmp_path}/child; wait")
    building = asyncio.create_task(bring(checkout, logs))
    while not (tmp_path / "child").exists() or not (tmp_path / "child").read_text():
        await asyncio.sleep(0.02)

    building.cancel()
    await asyncio.gather(building, return_exceptions=True)

    assert_gone(int((tmp_path / "child").read_text()))


async def test_npm_is_told_no_secret(checkout: Checkout, logs: Logs, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database's URL has its password; packages have no need of it."""
    monkeypatch.setenv("PAYFLOW_WALLET_DATABASE_URL", "postgresql://hush")
    checkout.npm_does(build=f"env > seen; {BUILDS}")

    await bring(checkout, logs)

    assert "PAYFLOW_" not in (checkout.web / "seen").read_text()


class Heard(Reporter):
    """Keeps the notes."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def progress(self, doing: str) -> None: ...

    def note(self, sentence: str) -> None:
        self.notes.append(sentence)

    def ready(self, port: int) -> None: ...


async def test_a_tool_that_does_not_start_is_said(checkout: Checkout, logs: Logs) -> None:
    """As a file that may not be read: whatever the operating system refuses is a sentence, and stops nobody's platform."""
    (checkout.tools / "npm").write_text("#!/nowhere/sh\n")
    heard = Heard()

    await web_step(checkout.folder, logs, heard).run()

    [note] = heard.notes
    assert note.startswith("The web client is not built: one of its files or tools cannot be used: [Errno 2]")


def test_the_command_needs_a_web_client(tmp_path: Path) -> None:
    """Where there is none it does not say that it is current."""
    with pytest.raises(WebError, match=r"web-demo has no package-lock\.json; run this in a checkout"):
        build(data_dir=tmp_path, project=tmp_path)


async def test_the_platform_starts_without_a_page(checkout: Checkout, logs: Logs) -> None:
    """The step of `up` never fails: it says what is missing and goes on."""
    checkout.npm_does(install="echo npm error network >&2; exit 1")
    heard = Heard()

    await web_step(checkout.folder, logs, heard).run()

    [note] = heard.notes
    assert note.startswith("The web client is not built: npm could not install its packages: npm error network (see ")
    assert note.endswith("The API runs without it; `payflow web build` tries again")


def assert_gone(pid: int) -> None:
    """Killed processes of processes may take a moment to be collected."""
    stat = Path(f"/proc/{pid}/stat")
    deadline = time.monotonic() + 5
    while stat.exists() and " Z " not in stat.read_text():
        assert time.monotonic() < deadline, f"{pid} is still there"
        time.sleep(0.02)
