"""The router's README, run as it is written."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from router.config import load_config
from tests.router.test_cli import serve

README = (Path(__file__).parents[2] / "router" / "README.md").read_text()
FILES = dict(re.findall(r"```\w+ title=(\S+)\n(.*?)```", README, re.DOTALL))
COMMANDS = re.findall(r"```sh\n(.*?)\n```", README, re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with every file that the page shows, and what its first command makes of them."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    composed = run(command("compose"), tmp_path)
    assert composed.returncode == 0, composed.stderr
    return tmp_path


def command(verb: str) -> list[str]:
    """The page's command with this verb, for the interpreter of the tests."""
    [found] = [text for text in COMMANDS if text.startswith(f"python -m router {verb} ")]
    return [sys.executable, *shlex.split(found)[1:]]


def run(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(arguments, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def test_the_plan_is_the_one_shown(folder: Path) -> None:
    """The page shows what the command prints."""
    assert run(command("plan"), folder).stdout.strip() == FILES["plan"].strip()


def test_the_check_is_the_one_shown(folder: Path) -> None:
    """The program composes the next supergraph, and the command says what the page shows."""
    composed = run([sys.executable, "next.py"], folder)
    assert composed.returncode == 0, composed.stderr

    checked = run(command("check"), folder)

    assert (checked.returncode, checked.stdout) == (1, FILES["check"])


def test_a_code_is_explained(folder: Path) -> None:
    """The command says the meaning of the code."""
    assert run(command("explain"), folder).stdout.startswith("INVALID_FIELD_SHARING (an error; Merging)")


def test_the_supergraph_can_be_served(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The serve command, on a free port, answers what curl would send."""
    monkeypatch.chdir(folder)
    arguments = command("serve")
    [curl] = [text for text in COMMANDS if text.startswith("curl ")]
    with serve(*arguments[arguments.index("serve") + 1 : -1], "0") as (_, url):
        body = shlex.split(curl)[-1].encode()
        with urlopen(Request(url, body, {"content-type": "application/json"}), timeout=10) as response:
            assert json.load(response) == {"data": {"__typename": "Query"}}


def test_the_configuration_is_valid(folder: Path) -> None:
    """The file loads, and sets what the page says that it does."""
    config = load_config(folder / "router.yaml", {})

    assert config.supergraph == folder / "supergraph.graphql"
    assert config.jwt is not None


def test_the_programs_run(folder: Path) -> None:
    """An embedded router answers a query without sockets; the stages print a plan."""
    probe = (
        "from router.logs import configure_logging; configure_logging()\n"  # to stderr, where warnings belong
        "import asyncio; from embed import app; from router.transport import AsgiTransport, SubgraphRequest\n"
        "from router.transport.body import decode_response, encode_request\n"
        "request = SubgraphRequest('router', encode_request('{ products { name } }'))\n"
        "asked = AsgiTransport({'router': app}).send(request)\n"
        "print(decode_response('router', asyncio.run(asked)).data)"
    )
    answered = run([sys.executable, "-c", probe], folder)
    assert answered.stdout == "{'products': [{'name': 'Chair'}]}\n", answered.stderr

    printed = run([sys.executable, "stages.py"], folder)
    assert 'Fetch(service: "products")' in printed.stdout, printed.stderr
