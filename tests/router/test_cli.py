"""The command line: what runs until stopped in a process of its own, the rest in this one."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from router.cli import main
from tests.router.blog import schemas, supergraph_file, supergraph_sdl

ROUTER = [sys.executable, "-m", "router"]


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


def start(*arguments: str | Path) -> Done:
    """Run a command to its end, in a process of its own."""
    done = subprocess.run([*ROUTER, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False)
    return Done(done.returncode, done.stdout, done.stderr)


def run(*arguments: str | Path) -> Done:
    """Run a command to its end, in this process."""
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err, pytest.raises(SystemExit) as exited:
        main([str(argument) for argument in arguments])
    return Done(int(exited.value.code or 0), out.getvalue(), err.getvalue())


def sentence(done: Done) -> str:
    """The one sentence of a command that is refused."""
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.stderr.strip()


@contextmanager
def serve(*arguments: str | Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A serving router and the URL that it says it serves, after what it has to warn of; killed if the test left it running."""
    command = [*ROUTER, "serve", *map(str, arguments)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            said = process.stderr.readline()
            while '"level":"warning"' in said:
                said = process.stderr.readline()
            assert said.startswith("Serving http://"), said
            yield process, said.split()[1]
        finally:
            process.kill()


@pytest.fixture
def supergraph(tmp_path: Path) -> Path:
    return supergraph_file(tmp_path)


@pytest.fixture
def rover(tmp_path: Path) -> Path:
    """A composition file, with each subgraph's schema beside it."""
    for name, schema in schemas().items():
        (tmp_path / f"{name}.graphql").write_text(schema.as_str())
    file = tmp_path / "supergraph.yaml"
    subgraphs = "".join(
        f"  {name}: {{ routing_url: 'http://{name}.test/graphql', schema: {{ file: {name}.graphql }} }}\n"
        for name in schemas()
    )
    file.write_text(f"federation_version: 2\nsubgraphs:\n{subgraphs}")
    return file


@pytest.fixture
def operation(tmp_path: Path) -> Path:
    file = tmp_path / "operation.graphql"
    file.write_text(
        """
        query Posts($first: Int!, $named: Boolean!) { posts(first: $first) { title ...A @include(if: $named) } }
        fragment A on Post { author { name } }
        query Other { hello }
        """
    )
    return file


# ── serve ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_serve_answers_until_it_is_told_to_stop(supergraph: Path) -> None:
    """It says where it serves, answers, and ends with 0 on SIGTERM."""
    with serve("--supergraph", supergraph, "--port", "0") as (process, url):
        request = Request(url, b'{"query":"{ __typename }"}', {"content-type": "application/json"})
        with urlopen(request, timeout=10) as response:
            assert json.load(response) == {"data": {"__typename": "Query"}}
        with urlopen(url.replace("/graphql", "/health"), timeout=10) as response:
            assert response.status == 200

        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_open_sockets_do_not_hold_up_the_end(supergraph: Path) -> None:
    """A socket is told that the router goes away (1001), and the process is gone at once."""
    with (
        serve("--supergraph", supergraph, "--port", "0") as (process, url),
        connect(url.replace("http", "ws"), subprotocols=[Subprotocol("graphql-transport-ws")]) as client,
    ):
        client.send('{"type":"connection_init"}')
        assert client.recv(timeout=10) == '{"type":"connection_ack"}'

        process.send_signal(signal.SIGTERM)
        with pytest.raises(ConnectionClosed):
            client.recv(timeout=10)
        assert client.close_code == 1001
        assert process.wait(3) == 0


def test_ctrl_c_ends_quietly(supergraph: Path) -> None:
    """No traceback, exit 0."""
    with serve("--supergraph", supergraph, "--port", "0") as (process, _):
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_the_configuration_file_is_obeyed(supergraph: Path, tmp_path: Path) -> None:
    """Supergraph and address come from the file, its environment references expanded."""
    config = tmp_path / "router.yaml"
    config.write_text(
        "supergraph: supergraph.graphql\nauthorization: { anonymous_only: true }\n"
        'listen: { host: "${env.ROUTER_HOST:-127.0.0.1}", port: 0 }'
    )
    with serve("--config", config) as (_, url):
        assert url.startswith("http://127.0.0.1:")


def test_a_taken_port_is_one_sentence(supergraph: Path) -> None:
    """Nothing of the server's own is printed."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert sentence(start("serve", "--supergraph", supergraph, "--port", str(port))) == (
            f"The address 127.0.0.1:{port} is already in use: "
            "stop what listens there, or choose another port with --port."
        )


def test_a_strange_host_is_one_sentence(supergraph: Path) -> None:
    """An address of another machine cannot be listened on."""
    said = sentence(start("serve", "--supergraph", supergraph, "--host", "192.0.2.1", "--port", "0"))
    assert said.startswith("The router cannot listen on 192.0.2.1:0: ")


def test_what_cannot_be_served_is_one_sentence(tmp_path: Path) -> None:
    """A broken supergraph or a wrong configuration is named; nothing keeps running."""
    broken, config = tmp_path / "broken.graphql", tmp_path / "router.yaml"
    broken.write_text("type Query {")
    config.write_text("supergraf: x")

    assert "broken.graphql cannot be served: " in sentence(start("serve", "--supergraph", broken, "--port", "0"))
    assert 'unknown key "supergraf" (did you mean "supergraph"?)' in sentence(start("serve", "--config", config))


# ── compose ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_compose_prints_or_writes_the_supergraph(rover: Path, tmp_path: Path) -> None:
    """The same SDL on stdout, in a file, and inside JSON."""
    printed = run("compose", "--config", rover)
    assert (printed.returncode, printed.stdout) == (0, supergraph_sdl())

    output = tmp_path / "out.graphql"
    written = run("compose", "--config", rover, "--output", output)
    assert (written.returncode, written.stdout) == (0, "")
    assert output.read_text() == supergraph_sdl()

    told: dict[str, Any] = json.loads(run("compose", "--config", rover, "--format", "json").stdout)
    assert (told["success"], told["sdl"], told["errors"]) == (True, supergraph_sdl(), [])


def test_subgraphs_that_do_not_compose_are_told_and_exit_1(rover: Path, tmp_path: Path) -> None:
    """Text for people on stderr, JSON for machines on stdout; a file of before stays as it was."""
    link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@shareable"])'
    (tmp_path / "posts.graphql").write_text(f"{link} type Query {{ hello: Int! @shareable }}")
    output = tmp_path / "out.graphql"
    output.write_text("before")

    told = run("compose", "--config", rover, "--output", output)
    assert (told.returncode, told.stdout, output.read_text()) == (1, "", "before")
    assert "FIELD_TYPE_MISMATCH" in told.stderr

    machine = run("compose", "--config", rover, "--format", "json")
    assert machine.returncode == 1
    assert "FIELD_TYPE_MISMATCH" in {error["code"] for error in json.loads(machine.stdout)["errors"]}


def test_a_wrong_composition_file_is_one_sentence(tmp_path: Path) -> None:
    """A missing file or schema is named."""
    assert "nowhere.yaml" in sentence(run("compose", "--config", tmp_path / "nowhere.yaml"))


def test_an_output_that_cannot_be_written_is_one_sentence(rover: Path, tmp_path: Path) -> None:
    """The file is named with the reason."""
    output = tmp_path / "no" / "such" / "folder.graphql"
    assert sentence(run("compose", "--config", rover, "--output", output)).endswith(
        "cannot be written: No such file or directory."
    )


# ── plan ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_plan_shows_the_fetches(supergraph: Path, operation: Path) -> None:
    """As text for people and as JSON for tools; conditions are decided by the variables."""
    asked = ("--supergraph", supergraph, "--operation", operation, "--operation-name", "Posts", "--variables")

    text = run("plan", *asked, '{"first": 1, "named": true}').stdout
    assert 'Fetch(service: "posts")' in text
    assert 'Fetch(service: "people")' in text
    assert "people" not in run("plan", *asked, '{"first": 1, "named": false}').stdout

    wire = json.loads(run("plan", *asked, '{"first": 1, "named": true}', "--format", "json").stdout)
    assert wire["kind"] == "QueryPlan"


def test_a_bad_operation_is_one_sentence(supergraph: Path, operation: Path, tmp_path: Path) -> None:
    """What does not validate, coerce or exist is told without a traceback."""
    bad = tmp_path / "bad.graphql"
    bad.write_text("{ nope }")

    assert (
        sentence(run("plan", "--supergraph", supergraph, "--operation", bad))
        == "Cannot query field 'nope' on type 'Query'."
    )
    assert "2 operations" in sentence(run("plan", "--supergraph", supergraph, "--operation", operation))
    asked = ("plan", "--supergraph", supergraph, "--operation", operation, "--operation-name", "Posts", "--variables")
    assert "Variable '$first'" in sentence(run(*asked, '{"named": true}'))
    assert "--variables is not valid JSON" in sentence(run(*asked, "{"))
    assert "--variables must be a JSON object" in sentence(run(*asked, "[]"))
    assert "nowhere.graphql does not exist" in sentence(
        run("plan", "--supergraph", supergraph, "--operation", "nowhere.graphql")
    )
    assert run("plan", "--supergraph", supergraph).returncode == 2


def test_a_wrong_call_is_exit_2() -> None:
    """Usage errors are told apart from refusals."""
    assert run("serve", "--prot", "1").returncode == 2
    assert "prot" in run("serve", "--prot", "1").stderr


def test_importing_the_package_is_cheap() -> None:
    """`import router` loads none of its parts, and serving without tokens no cryptography."""
    code = "import router, sys; print(sorted(m for m in sys.modules if m.startswith(('router.', 'graphql', 'jwt'))))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
    code = "import router.app, sys; print('cryptography' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_no_environment_is_needed(supergraph: Path) -> None:
    """A bare environment serves as well."""
    bare = {"PATH": os.environ["PATH"]}
    done = subprocess.run(
        [*ROUTER, "inspect", "public", "--supergraph", str(supergraph)], env=bare, capture_output=True, check=False
    )
    assert done.returncode == 0
