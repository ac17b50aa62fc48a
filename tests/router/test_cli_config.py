"""`python -m router config`: a good file, bad ones, and the JSON Schema."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.router.blog import supergraph_file


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "router", "config", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_a_good_file_is_called_good(tmp_path: Path) -> None:
    """It says what the file sets."""
    supergraph_file(tmp_path)
    config = tmp_path / "router.yaml"
    config.write_text("supergraph: supergraph.graphql\nlisten: {port: 4001}\nauthorization: {anonymous_only: true}\n")
    done = run(config)
    assert (done.returncode, done.stdout) == (0, f"{config} is good: authorization, listen, supergraph are set.\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("supergraph: nowhere.graphql\n", "nowhere.graphql does not exist"),
        ("listn: {}\n", 'unknown key "listn" (did you mean "listen"?)'),
        ("supergraph: supergraph.graphql\nsubgraphs: {pots: {url: 'http://a.test'}}\n", '(did you mean "posts"?)'),
        ("supergraph: ${env.NOT_SET_ANYWHERE}\n", "the environment variable NOT_SET_ANYWHERE is not set"),
    ],
)
def test_a_bad_file_is_told_in_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    """Exit 1, the reason on stderr, nothing on stdout."""
    supergraph_file(tmp_path)
    (tmp_path / "router.yaml").write_text(text)
    done = run(tmp_path / "router.yaml")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert said in done.stderr


def test_the_schema_is_printed() -> None:
    """Every section is in it, unknown keys are refused, and a number may come from the environment."""
    schema = json.loads(run("--schema").stdout)
    assert schema["additionalProperties"] is False
    assert {"listen", "jwt", "redis", "plugins"} <= set(schema["properties"])
    port = schema["$defs"]["Listen"]["properties"]["port"]
    assert [kind.get("type") for kind in port["anyOf"]] == ["integer", "string"]


@pytest.mark.parametrize("arguments", [[], ["router.yaml", "--schema"]])
def test_it_wants_one_thing(arguments: list[str]) -> None:
    """A wrong call is exit 2 and says how it is meant."""
    done = run(*arguments)
    assert done.returncode == 2
    assert "give either a file or --schema" in done.stderr
