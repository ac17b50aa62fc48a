"""docs/router/cost.md, run as it is written."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from router.assembly import Given, assemble, read_supergraph
from router.composition import Composed, SubgraphInput, compose
from router.config import load_config
from router.exchange import ClientRequest
from router.pipeline import answer
from router.transport import FakeTransport
from tests.router.test_cli import run

PAGE = (Path(__file__).parents[3] / "docs" / "router" / "cost.md").read_text()
FILES = dict(re.findall(r"```\w+ title=(\S+)\n(.*?)```", PAGE, re.DOTALL))
COMMANDS = re.findall(r"```sh\npython -m router (.*?)\n```\n\n```text\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(autouse=True)
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files of the page, with the supergraph of its subgraphs."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    subgraphs = [SubgraphInput(name, FILES[f"{name}.graphql"], f"http://{name}.test") for name in ("shop", "stock")]
    composed = compose(subgraphs)
    assert isinstance(composed, Composed), composed
    (tmp_path / "supergraph.graphql").write_text(composed.sdl)
    monkeypatch.chdir(tmp_path)


async def asked(**variables: Any) -> dict[str, Any]:
    """The answer of a router with the page's configuration: two products and eight offers."""
    products = [{"node": {"__typename": "Product", "id": id_, "name": "x", "image": {"url": "y"}}} for id_ in "ab"]
    transport = FakeTransport(
        {
            "shop": [{"data": {"products": {"edges": products}, "offers": [{"name": "z"}] * 8}}],
            "stock": [{"data": {"_entities": [{"__typename": "Product", "left": 1}] * 2}}],
        }
    )
    config = load_config(Path("router.yaml"))
    gate = assemble(config, read_supergraph(config.supergraph), given=Given(transport))
    response = await answer(ClientRequest(FILES["catalogue.graphql"], variables=variables), gate.router)
    body: dict[str, Any] = json.loads(response.json())
    return body


@pytest.mark.parametrize(("command", "output"), COMMANDS)
def test_the_table_is_what_the_command_prints(command: str, output: str) -> None:
    """To the letter."""
    done = run(*shlex.split(command))

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == output.strip()


async def test_the_extension_is_what_clients_get() -> None:
    """Estimated, counted, limited."""
    body = await asked()

    assert "errors" not in body
    assert body["extensions"]["cost"] == json.loads(FILES["extensions.json"])


async def test_the_refusal_is_what_clients_get() -> None:
    """Of two hundred products."""
    body = await asked(first=200)

    assert {"errors": body["errors"]} == json.loads(FILES["refused.json"])
    assert "data" not in body
