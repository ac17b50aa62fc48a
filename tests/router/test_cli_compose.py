"""`compose` on the command line: what it says of subgraphs that nobody should hand in, and how much of it."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest
import yaml

from router.composition import Rejected, SubgraphInput, compose
from router.limits import SDL_BYTES_MAX
from tests.router.test_cli import Done, run, sentence

LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])\n'
GOOD = LINK + "type Query { good: Int }"


def config(folder: Path, **sdls: str) -> Path:
    """A composition file whose subgraphs are inline."""
    subgraphs = {name: {"routing_url": f"http://{name}.test", "schema": {"sdl": sdl}} for name, sdl in sdls.items()}
    file = folder / "supergraph.yaml"
    file.write_text(yaml.safe_dump({"federation_version": 2, "subgraphs": subgraphs}))
    return file


def composed(folder: Path, *options: str, **sdls: str) -> Done:
    """The end of `compose` for these subgraphs."""
    return run("compose", "--config", config(folder, **sdls), *options)


def nested(opening: str, closing: str, *, around: str = "1", times: int = 2_000) -> str:
    return opening * times + around + closing * times


HOSTILE = {
    "broken": ("type Query {", "Syntax Error: Expected Name, found <EOF>", "1 error"),
    "empty": ("", "The SDL is empty", "1 error"),
    "only comments": ("# type Query { a: Int }\n#", "The SDL is empty", "1 error"),
    "an operation": (LINK + "query { a }", "INVALID_GRAPHQL", "1 error"),
    "ten megabytes": ("#" * 10_000_000, "The SDL has more than 5 MB, the most that is read.", "1 error"),
    "a NUL byte": (LINK + "type Query { a: Int }\0", "Unexpected character: U+0000", "1 error"),
    "a directive of itself": (
        LINK + "type Query { a: Int }\ndirective @d(x: Int @d) on ARGUMENT_DEFINITION",
        'The definition of directive "@d" refers to itself: @d → @d.',
        "1 error",
    ),
    "directives of each other": (
        LINK + "type Query { a: Int }\ndirective @d(x: I) on ENUM_VALUE\ninput I { e: E }\nenum E { A @d }",
        'The definition of directive "@d" refers to itself: @d → I → E → @d.',
        "1 error",
    ),
    "deep types": (LINK + f"type Query {{ a: {nested('[', ']', around='Int')} }}", "nested too deeply here", "1 error"),
    "deep lists": (LINK + f"type Query {{ a(x: Int = {nested('[', ']')}): Int }}", "nested too deeply here", "1 error"),
    "deep objects": (LINK + f"type Query {{ a(x: Int = {nested('{a:', '}')}): Int }}", "nested too deeply", "1 error"),
    "a deep field set": (
        LINK + f'type Query {{ t: T }} type T @key(fields: "{nested("t{", "}", around="id")}") {{ id: ID! t: T }}',
        "nested more than 50 levels deep",
        "1 error",
    ),
    "a long chain of defaults": (
        LINK
        + "type Query { a(i: I0): Int }\n"
        + "\n".join(f"input I{n} {{ x: I{n + 1} = {{}} }}" for n in range(1_200))
        + "\ninput I1200 { x: Int }",
        "a chain too long to follow",
        "1 error",
    ),
}


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_hostile_schema_is_one_clear_error(tmp_path: Path, name: str) -> None:
    """The subgraph is named, the text stays short, and nothing is printed but the error."""
    sdl, complaint, count = HOSTILE[name]
    (tmp_path / "bad.graphql").write_text(sdl)
    (tmp_path / "good.graphql").write_text(GOOD)
    file = tmp_path / "supergraph.yaml"
    file.write_text(
        "subgraphs:\n"
        + "".join(f"  {it}: {{routing_url: u, schema: {{file: {it}.graphql}}}}\n" for it in ("bad", "good"))
    )

    done = run("compose", "--config", file)

    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr) < 4_000
    if len(sdl) > SDL_BYTES_MAX:
        assert "bad.graphql: it has more than 5 MB, the most that is read." in done.stderr
        return
    assert complaint in done.stderr
    assert "[bad]" in done.stderr
    assert f"The subgraphs do not compose: {count}" in done.stderr


def test_a_schema_that_is_too_large_is_refused_before_it_is_parsed() -> None:
    """Whoever calls `compose` has the same bound as who names a file."""
    outcome = compose([SubgraphInput("large", LINK + "# " + "x" * SDL_BYTES_MAX, "", "large.graphql")])

    assert isinstance(outcome, Rejected)
    [error] = outcome.errors
    assert error.message == "[large] The SDL has more than 5 MB, the most that is read."


def test_a_long_chain_of_types_is_no_error(tmp_path: Path) -> None:
    """Types may refer to one another as long as they like."""
    types = "\n".join(f"type T{n} {{ next: T{n + 1} }}" for n in range(1_500)) + "\ntype T1500 { x: Int }"

    assert composed(tmp_path, a=f"{LINK}type Query {{ t: T0 }}\n{types}").returncode == 0


def test_thousands_of_errors_are_counted(tmp_path: Path) -> None:
    """The first hundred are told, the rest counted; as data all are there."""
    sdl = LINK + "type Query { a: Int }\n" + "\n".join(f"type T{n} {{ x: Nope{n} }}" for n in range(3_000))

    told = composed(tmp_path, a=sdl)
    machine = composed(tmp_path, "--format", "json", a=sdl)

    assert told.stderr.count("error INVALID_GRAPHQL") == 100
    assert "… and 2900 more errors." in told.stderr
    assert told.stderr.endswith("The subgraphs do not compose: 3000 errors, 0 hints.\n")
    assert len(json.loads(machine.stdout)["errors"]) == 3_000


def test_an_error_says_file_line_and_column(tmp_path: Path) -> None:
    """One can click on it."""
    (tmp_path / "a.graphql").write_text(LINK + "type Query { f: Int! @shareable }")
    (tmp_path / "b.graphql").write_text(LINK + "\ntype Query { f: String @shareable }")
    file = tmp_path / "supergraph.yaml"
    file.write_text(
        "subgraphs:\n" + "".join(f"  {it}: {{routing_url: u, schema: {{file: {it}.graphql}}}}\n" for it in "ab")
    )

    told = run("compose", "--config", file).stderr

    assert f"  at {tmp_path / 'a.graphql'}:2:14 (a)" in told
    assert f"  at {tmp_path / 'b.graphql'}:3:14 (b)" in told


def test_a_schema_cannot_steer_the_terminal(tmp_path: Path) -> None:
    """Control characters that a message quotes are shown, not sent."""
    done = composed(tmp_path, a=LINK + 'type Query { a(x: Int = "\\u001b[31m"): Int }')
    names = composed(tmp_path, a=LINK + 'type Query { t: T } type T @key(fields: "\\u001b[2J") { id: ID }')

    assert done.returncode == names.returncode == 1
    assert "\x1b" not in done.stderr + names.stderr


@pytest.mark.parametrize(
    ("level", "told"),
    [
        ("debug", {"warn", "info", "debug"}),
        ("info", {"warn", "info"}),
        ("warn", {"warn"}),
        ("none", set[str]()),
        (None, {"warn", "info"}),
    ],
)
def test_hints_are_told_by_level(tmp_path: Path, level: str | None, told: set[str]) -> None:
    """On stderr, beside the supergraph on stdout; --format json has all of them."""
    options = [] if level is None else ["--hints", level]
    sdls = {
        "a": LINK
        + '"one" type Query { f: Int @shareable u: U }\ntype A { x: Int }\ntype B { x: Int }\nunion U = A | B',
        "b": LINK + '"two" type Query { f: Int! @shareable }\ntype C { x: Int }\nunion U = C',
    }

    done = composed(tmp_path, *options, **sdls)
    data: dict[str, Any] = json.loads(composed(tmp_path, "--format", "json", *options, **sdls).stdout)

    assert done.returncode == 0
    assert done.stdout.startswith("schema\n")
    assert {line.split()[0] for line in done.stderr.splitlines() if not line.startswith("  at ")} == told
    assert {hint["level"] for hint in data["hints"]} == {"warn", "info", "debug"}


def test_a_subgraph_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    """The subgraph, its address and the reason."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    file = tmp_path / "supergraph.yaml"
    file.write_text(f"subgraphs: {{a: {{schema: {{subgraph_url: 'http://127.0.0.1:{port}/graphql'}}}}}}")

    said = sentence(run("compose", "--config", file))

    assert said.startswith(
        f'Cannot get the schema of subgraph "a": http://127.0.0.1:{port}/graphql cannot be reached ('
    )


def test_what_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    """A file that is not there or not UTF-8, and a schema that only GraphOS has."""
    file = tmp_path / "supergraph.yaml"
    (tmp_path / "latin.graphql").write_bytes(b'type Query { "caf\xe9" a: Int }')
    for schema, complaint in {
        "file: absent.graphql": "absent.graphql: No such file or directory.",
        "file: latin.graphql": "latin.graphql: it is not UTF-8 (byte 17).",
        "file: .": "Is a directory.",
        "graphref: graph@current, subgraph: a": "graphref names a schema of GraphOS, which is not asked here",
    }.items():
        file.write_text(f"subgraphs: {{a: {{routing_url: u, schema: {{{schema}}}}}}}")
        assert complaint in sentence(run("compose", "--config", file))


# ── explain ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_explain_tells_of_one_code_or_of_all() -> None:
    """Level, meaning and way out; without a code the list, by group."""
    one = run("explain", "field_type_mismatch")
    both = run("explain", "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS")
    every = run("explain")

    assert one.stdout.startswith("FIELD_TYPE_MISMATCH (an error; Merging)\n")
    assert "Way out: Agree on a type" in one.stdout
    assert "Subgraphs that give it:\n\n    # --- a\n" in one.stdout
    assert "(an error; " in both.stdout
    assert "(a hint, level info)" in both.stdout
    assert "\n@inaccessible\n\n  REFERENCED_INACCESSIBLE\n      A visible element" in every.stdout
    assert json.loads(run("explain", "UNUSED_ENUM_TYPE", "--format", "json").stdout)[0]["level"] == "debug"


def test_an_unknown_code_gets_near_names() -> None:
    """A misspelling is no dead end."""
    assert "Did you mean FIELD_TYPE_MISMATCH" in sentence(run("explain", "FEILD_TYPE_MISMATCH"))
    assert sentence(run("explain", "q")).endswith("lists those there are.") or "Did you mean" in sentence(
        run("explain", "q")
    )
